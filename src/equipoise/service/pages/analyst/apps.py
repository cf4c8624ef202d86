"""The analyst's pages as a Django app: templates only."""

from __future__ import annotations

from django.apps import AppConfig


class AnalystConfig(AppConfig):
    name = "equipoise.service.pages.analyst"
    label = "analyst"

"""Charts as a Django app: templates and their tags only."""

from __future__ import annotations

from django.apps import AppConfig


class ChartsConfig(AppConfig):
    name = "equipoise.service.pages.charts"
    label = "charts"

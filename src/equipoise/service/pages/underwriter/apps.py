"""The underwriter's pages as a Django app: templates only."""

from __future__ import annotations

from django.apps import AppConfig


class UnderwriterConfig(AppConfig):
    name = "equipoise.service.pages.underwriter"
    label = "underwriter"

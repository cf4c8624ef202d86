"""The risk officer's pages as a Django app: templates only."""

from __future__ import annotations

from django.apps import AppConfig


class RiskPagesConfig(AppConfig):
    name = "equipoise.service.pages.risk"
    label = "risk_pages"

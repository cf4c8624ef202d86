"""The pages of plans as a Django app: templates only."""

from __future__ import annotations

from django.apps import AppConfig


class PlansPagesConfig(AppConfig):
    name = "equipoise.service.pages.plans"
    label = "plans_pages"

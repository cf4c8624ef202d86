"""The integrator's pages as a Django app: templates and styles only."""

from __future__ import annotations

from django.apps import AppConfig


class IntegratorConfig(AppConfig):
    name = "equipoise.service.pages.integrator"
    label = "integrator"

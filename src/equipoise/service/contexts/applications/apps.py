"""Applications as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """Owns what an application is between its decisions."""

    name = "equipoise.service.contexts.applications"
    label = "applications"

"""The registry as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Brings whether a strategy is in force into readiness."""

    name = "equipoise.service.registry"
    label = "registry"

    def ready(self) -> None:
        from equipoise.service.operations import health
        from equipoise.service.registry.figures import in_force

        health.register("strategy", in_force)

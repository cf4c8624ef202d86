"""The registry as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Brings what is in force into the metrics, and its lack into readiness."""

    name = "equipoise.service.registry"
    label = "registry"

    def ready(self) -> None:
        from equipoise.service.operations import health, metrics
        from equipoise.service.registry.figures import InForce, in_force

        health.register("strategy", in_force)
        metrics.on_asking("registry", InForce())

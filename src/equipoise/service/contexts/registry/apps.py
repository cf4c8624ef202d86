"""The registry as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Brings what is in force into the metrics, and its lack into readiness; has the record tell
    versions, and which of them are in force."""

    name = "equipoise.service.contexts.registry"
    label = "registry"

    def ready(self) -> None:
        from equipoise.service.contexts.registry.events import (
            Bootstrapped,
            DefaultMade,
            Published,
            Withdrawn,
        )
        from equipoise.service.contexts.registry.figures import InForce, in_force
        from equipoise.service.contexts.registry.models import (
            Default,
            Pointer,
            Publication,
            Version,
        )
        from equipoise.service.platform.accounts.permissions import Action
        from equipoise.service.platform.operations import health, metrics
        from equipoise.service.platform.record import rows
        from equipoise.service.platform.webhooks.public import make_public

        needs = Action.READ_STRATEGIES
        make_public("strategy.published", needs, Published, Bootstrapped)
        make_public("strategy.withdrawn", needs, Withdrawn)
        make_public("strategy.default", needs, DefaultMade)
        health.register("strategy", in_force)
        metrics.on_asking("registry", InForce())
        columns = ("number", "label", "digest", "content", "state", "authors")
        rows.record(Version, "strategy", *columns)
        rows.record(Publication, "strategy", "serial", "move", "version_id", "by", "reason")
        rows.record(Pointer, "version_id", "serial", "trial")
        rows.record(Default, "strategy", "by", "reason")

"""Whether there is a strategy to decide by: asked by readiness."""

from __future__ import annotations

from equipoise.service.operations.health import Amiss
from equipoise.service.registry.models import Pointer


def in_force() -> Amiss | None:
    """What to say where no strategy is in force: people and pages are answered, but nothing can be
    decided."""
    if Pointer.objects.exists():
        return None
    return Amiss("no strategy is in force: publish one", stops=True)

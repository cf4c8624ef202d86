"""What is done about the process: following the record, and drawing what it comes to."""

from __future__ import annotations

from datetime import timedelta

from equipoise.service.contexts.process.models import Picture
from equipoise.service.contexts.process.tasks import draw_process, reckon_friction
from equipoise.service.contexts.process.working import draw, follow
from equipoise.service.platform import clock
from equipoise.service.platform.jobs.reading import rows_of

__all__ = ["ask_drawing", "ask_reckoning", "draw", "follow"]
_JUST_NOW = timedelta(minutes=1)


def ask_drawing() -> None:
    """Have a worker draw it soon, unless that was just done."""
    waits = rows_of("ready").filter(task_path=draw_process.module_path).exists()
    if not waits and not Picture.objects.filter(at__gt=clock.now() - _JUST_NOW).exists():
        draw_process.enqueue()


def ask_reckoning() -> None:
    """Have a worker reckon what friction costs, unless one does or is about to."""
    path = reckon_friction.module_path
    if not any(rows_of(state).filter(task_path=path).exists() for state in ("ready", "running")):
        reckon_friction.enqueue()

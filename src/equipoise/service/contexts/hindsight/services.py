"""What is done about hindsight: following the record, and judging."""

from __future__ import annotations

from equipoise.service.contexts.hindsight.tasks import judge_overrides
from equipoise.service.contexts.hindsight.working import follow, judge
from equipoise.service.platform.jobs.reading import rows_of

__all__ = ["ask_judging", "follow", "judge"]


def ask_judging() -> None:
    """Have a worker judge all overrides soon, unless one is about to."""
    if not rows_of("ready").filter(task_path=judge_overrides.module_path).exists():
        judge_overrides.enqueue()

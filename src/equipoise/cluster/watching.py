"""A Spark job's progress, in tasks, and in rows where they are counted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from equipoise.progress import Progress, Silent, Step

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_EVERY = 0.5  # seconds


@contextmanager
def job_watched(
    session: SparkSession, progress: Progress | None, title: str
) -> Iterator[Callable[[], None]]:
    """A step that shows how many tasks of the jobs begun within it are done.

    Yields what cancels those jobs. A session without a context of its own (Spark Connect) shows
    the step alone.
    """
    context = getattr(session, "sparkContext", None)
    with (progress or Silent()).step(title) as step:
        if context is None:
            yield lambda: None
            return
        group = f"equipoise-{uuid4().hex}"
        over = threading.Event()
        watcher = threading.Thread(target=_watch, args=(context, group, step, over), daemon=True)
        context.setJobGroup(group, title, interruptOnCancel=True)
        watcher.start()
        try:
            yield lambda: context.cancelJobGroup(group)
        except BaseException:
            context.cancelJobGroup(group)
            raise
        finally:
            over.set()
            watcher.join()
            context.setLocalProperty("spark.jobGroup.id", None)


def _watch(context: Any, group: str, step: Step, over: threading.Event) -> None:
    tracker = context.statusTracker()
    while not over.wait(_EVERY):
        done, total = _tasks(tracker, group)
        if total:
            step.advance(done, total)


def _tasks(tracker: Any, group: str) -> tuple[int, int]:
    """Tasks that are done, and all that are known, of a group of jobs."""
    stages = {
        stage
        for job in tracker.getJobIdsForGroup(group)
        if (info := tracker.getJobInfo(job)) is not None
        for stage in info.stageIds
    }
    known = [info for stage in stages if (info := tracker.getStageInfo(stage)) is not None]
    return sum(each.numCompletedTasks for each in known), sum(each.numTasks for each in known)

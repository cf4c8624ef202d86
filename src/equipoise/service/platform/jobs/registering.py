"""How a function becomes a job, and a job a scheduled one; see the package for how to use it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

from django.db import models
from django.utils.module_loading import autodiscover_modules
from django_tasks import task
from django_tasks.base import Task

P = ParamSpec("P")
T = TypeVar("T")
SHORT, LONG = "default", "long"  # queues: what takes long must not hold up the rest
STEADY = "steady"  # for jobs that go on as long as a worker does, each in a slot of its own
ATTEMPTS = 5


class Again(Exception):
    """Run the job again, at once or after a while. This is no failed attempt."""

    def __init__(self, after: timedelta = timedelta(0)) -> None:
        super().__init__("again")
        self.after = after


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A job that is due again and again; before its time where `sooner` says so, which is asked
    all the time and must be cheap. `by_age`: it forgets what is old, and so must not trust a clock
    that has just jumped."""

    task: Task[[], Any]
    period: timedelta
    sooner: Callable[[], bool] | None = None
    by_age: bool = False


SCHEDULE: dict[str, Scheduled] = {}
_attempts: dict[str, int] = {}
_stopping = threading.Event()


def job(*, attempts: int = ATTEMPTS, queue: str = SHORT) -> Callable[[Callable[P, T]], Task[P, T]]:
    """Make a module-level function a job that is tried so many times, on that queue."""

    def register(work: Callable[P, T]) -> Task[P, T]:
        made: Task[P, T] = task(queue_name=queue)(work)
        _attempts[made.module_path] = attempts
        return made

    return register


def every(
    *, sooner: Callable[[], bool] | None = None, by_age: bool = False, **period: float
) -> Callable[[Task[[], T]], Task[[], T]]:
    """Have a job run every so often: `every(minutes=5)`, as `timedelta` takes it; and before that
    where `sooner` says so. `by_age` says that it forgets what is old."""

    def register(made: Task[[], T]) -> Task[[], T]:
        SCHEDULE[made.module_path] = Scheduled(made, timedelta(**period), sooner, by_age)
        return made

    return register


def queued(work: Task[P, Any], *args: P.args, **kwargs: P.kwargs) -> models.Model:
    """The job as an unsaved row, for the record's writer: durable with what it follows from."""
    from django_tasks.utils import normalize_json
    from django_tasks_db.models import DBTaskResult, get_date_max

    return DBTaskResult(
        args_kwargs=normalize_json({"args": args, "kwargs": kwargs}),
        priority=work.priority,
        task_path=work.module_path,
        queue_name=work.queue_name,
        run_after=work.run_after or get_date_max(),
        backend_name=work.backend,
        exception_class_path="",
        traceback="",
    )


def attempts_of(path: str) -> int:
    """How often the job of that path is tried."""
    return _attempts.get(path, ATTEMPTS)


def discover() -> None:
    """Import every room's `tasks.py`, so that the schedule is known."""
    autodiscover_modules("tasks")


def stopping() -> bool:
    """Whether this process's worker was told to stop: a long job then raises `Again()`."""
    return _stopping.is_set()


def set_stopping(*, to: bool) -> None:
    """For the worker."""
    if to:
        _stopping.set()
    else:
        _stopping.clear()

"""Progress as a list of bars, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from equipoise.progress import Progress, Step

SHORT = 1.0  # seconds; steps quicker than this leave no trace


class _BarStep:
    def __init__(self, bars: Bars, task: TaskID) -> None:
        self._bars, self._task = bars, task

    def advance(self, done: float, total: float) -> None:
        self._bars.update(self._task, completed=done, total=total)


class _Watched:
    """Progress as a list of bars; a step that was over within a second leaves no trace."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        task = self._bars.add_task(title, total=None)
        try:
            yield _BarStep(self._bars, task)
        finally:
            elapsed = self._bars.tasks[self._bars.task_ids.index(task)].elapsed or 0.0
            if elapsed < SHORT:
                self._bars.remove_task(task)
            else:
                self._bars.update(task, completed=1, total=1)


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """Bars on stderr for as long as the block runs."""
    columns = (
        SpinnerColumn(finished_text="[green]✓"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=Console(stderr=True)) as bars:
        yield _Watched(bars)

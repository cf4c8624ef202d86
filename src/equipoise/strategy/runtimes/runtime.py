"""What every runtime of a compiled strategy can do."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import polars as pl

    from equipoise.strategy.compiled import Compiled


class Runtime(Protocol):
    """A way to decide what one compiled strategy decides."""

    @property
    def compiled(self) -> Compiled:
        """The strategy; no runtime changes anything of it."""

    def decide(self, frame: pl.DataFrame, *, at: date | None = None) -> pl.DataFrame:
        """One row of answers to an application, in order.

        `frame` has the contract's columns; `at` is the day of the decision, without it the
        application's own date, else today. The answers have the columns of `answer.ANSWER`, or
        where a runtime gives only texts and numbers those of `answer.FLAT`. All runtimes give the
        same answers, to the bit. Raises BadInput where an application's shape is wrong.
        """

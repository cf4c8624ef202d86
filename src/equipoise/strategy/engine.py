"""A sealed strategy at work: one application, many, or as SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from equipoise.errors import Span
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.content import Content
from equipoise.strategy.decision import Decision
from equipoise.strategy.runtimes.record.runtime import RecordRuntime
from equipoise.strategy.sealing import Sealed, read_sealed

if TYPE_CHECKING:
    import polars as pl

    from equipoise.contract import TableLayout
    from equipoise.strategy.runtimes.frame.runtime import FrameRuntime


class Strategy:
    """A sealed strategy, ready to decide. Nothing but the sealed content is read."""

    def __init__(self, sealed: Sealed) -> None:
        self.sealed = sealed
        self.compiled = Compiled(sealed)
        self.record = RecordRuntime(self.compiled)

    @property
    def digest(self) -> str:
        """SHA-256 of the sealed content."""
        return self.sealed.digest

    @property
    def content(self) -> Content:
        """What was sealed."""
        return self.sealed.content

    @property
    def habits(self) -> TableLayout | None:
        """How the program that wrote the contract's data writes its files, where that was said."""
        return self.content.contract.layout

    @cached_property
    def frame(self) -> FrameRuntime:
        """Decides frames."""
        # what decides tables is large, and who decides one by one does without it
        from equipoise.strategy.runtimes.frame.runtime import FrameRuntime

        return FrameRuntime(self.compiled)

    def decide(
        self,
        application: Mapping[str, Any],
        *,
        at: date | None = None,
        where: Span | None = None,
    ) -> Decision:
        """Decide one application, with its whole trace.

        `at` is the day of the decision: the application's own date unless given, else today.
        Raises BadInput where the application's shape is wrong; a doubtful value is referred.
        """
        return self.record.decide_one(application, at=at, where=where)

    def terms_of(
        self, application: Mapping[str, Any], *, at: date | None = None
    ) -> tuple[float, ...] | None:
        """What each of the model's terms (a scorecard's characteristics) adds to the application's
        log-odds of default, in the model's own order; None where it gives no figure. Raises
        BadInput as `decide` does."""
        return self.record.terms_of(application, at=at)

    def decide_frame(
        self,
        frame: pl.DataFrame,
        *,
        at: date | None = None,
        file: str = "",
        first_row: int = 1,
        otherwise: date | None = None,
    ) -> pl.DataFrame:
        """Decide a frame: one row each, in order, with the answers `decide` gives, to the bit.

        `otherwise` as in `FrameRuntime.decide`: work on many machines has one day it is.
        """
        return self.frame.decide(frame, at=at, file=file, first_row=first_row, otherwise=otherwise)

    def value_frame(
        self, frame: pl.DataFrame, *, at: date | None = None, file: str = ""
    ) -> pl.DataFrame:
        """`decide_frame`, with the expected measures of what is given (0 where nothing is)."""
        return self.frame.valued(frame, at=at, file=file)

    def decide_records(
        self,
        applications: Sequence[Mapping[str, Any]],
        *,
        at: date | None = None,
        wheres: Sequence[Span] = (),
        beside: Sequence[str] | None = None,
    ) -> pl.DataFrame:
        """Decide records one by one; the same columns as `decide_frame`.

        `beside` are the names that may stand beside the contract's fields, where it keeps them:
        unless given, all that do.
        """
        return self.record.decide_many(applications, at=at, wheres=wheres, beside=beside)

    def sql(self, dialect: str, table: str = "applications", at: date | None = None) -> str:
        """The whole strategy as one query over `table`; see `SqlRuntime.text`."""
        from equipoise.strategy.runtimes.sql.runtime import SqlRuntime

        return SqlRuntime(self.compiled, dialect).text(table, at)

    def records(self, frame: pl.DataFrame) -> Iterator[dict[str, Any]]:
        """The rows of a frame as applications that `decide` reads."""
        from equipoise.strategy.runtimes.record.rows import applications_in

        return applications_in(self.compiled, frame)


def load_strategy(path: Path) -> Strategy:
    """A sealed strategy from its file. Raises BadInput where the seal is broken."""
    return Strategy(read_sealed(path))

"""What is measured of an event log, wherever its events lie; and of a log in memory."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Protocol

import polars as pl

from equipoise.documents import Quantity
from equipoise.experience.acceptance import AcceptanceSlope, acceptance_slope, answered, offers
from equipoise.experience.calls import call_table
from equipoise.experience.document import LogSection
from equipoise.experience.dropoff import StepDropOff, hazard_per_day, step_drop_off
from equipoise.experience.log import ACCEPTED, CaseLog
from equipoise.experience.steps import sessions
from equipoise.experience.tables import log_tables, offer_tables, plain
from equipoise.experience.turns import LENDER, spells


class LogMeasures(Protocol):
    """An event log that was checked against the document, by what is measured of it.

    `unmatched`, `negative`: as of `Sessions`; `closed_by_clock`: cases that were closed because
    nobody answered; `without_events`: cases of which the log says nothing.
    """

    @property
    def section(self) -> LogSection:
        """What the log's activities mean."""

    @property
    def unmatched(self) -> int:
        """Complete events without a start."""

    @property
    def negative(self) -> int:
        """Steps that end before they start."""

    @property
    def closed_by_clock(self) -> int:
        """Cases that the lender closed because its patience was over."""

    @property
    def without_events(self) -> int:
        """Cases that have no events."""

    def drop_offs(self, activities: Sequence[str], source: str) -> list[StepDropOff]:
        """As `step_drop_off`."""

    def slope(self, source: str) -> AcceptanceSlope:
        """Acceptance by days to the offer. Raises BadInput where it cannot be measured."""

    def hazard(self, phase: str, from_day: float, source: str) -> Quantity:
        """Leaving per day of waiting for the lender in a phase, or in `any`. Raises BadInput."""

    def offer_tables(self) -> dict[str, Any]:
        """What became of offers, and what calls did."""

    def tables(self) -> dict[str, Any]:
        """Counts, steps, waiting and ends."""


class FrameMeasures:
    """Of a log in memory. Raises BadInput as `sessions` does."""

    def __init__(self, log: CaseLog, cases: pl.DataFrame | None = None) -> None:
        self._log, self.section = log, log.section
        self._found = sessions(log, log.section.calendar.calendar())
        self.unmatched, self.negative = self._found.unmatched, self._found.negative
        self.closed_by_clock = int(log.cases["by_clock"].sum())
        known = cases is not None and "case" in cases.columns
        self.without_events = cases.join(log.cases, on="case", how="anti").height if known else 0  # type: ignore[union-attr]

    @cached_property
    def _offers(self) -> pl.DataFrame:
        return offers(self._log)

    def drop_offs(self, activities: Sequence[str], source: str) -> list[StepDropOff]:
        """As `step_drop_off`."""
        return step_drop_off(self._log, activities, source)

    def slope(self, source: str) -> AcceptanceSlope:
        """Acceptance by days to the offer."""
        known = answered(self._offers)
        accepted = (known["outcome"] == ACCEPTED).to_numpy()
        return acceptance_slope(known["days_to_offer"].to_numpy(), accepted, source)

    def hazard(self, phase: str, from_day: float, source: str) -> Quantity:
        """Leaving per day of waiting for the lender."""
        waits = spells(self._log).filter(pl.col("turn") == LENDER)
        return hazard_per_day(
            waits if phase == "any" else waits.filter(pl.col("phase") == phase),
            source,
            from_day,
            self.section.close_after_days,
        )

    def offer_tables(self) -> dict[str, Any]:
        """What became of offers, and what calls did."""
        table = self._offers
        return offer_tables(table) | plain({"calls": call_table(self._log, table)})

    def tables(self) -> dict[str, Any]:
        """Counts, steps, waiting and ends."""
        return log_tables(self._log, self._found)

"""What a frame of applications brings besides its facts: results of checks, facts still to come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from equipoise.errors import BadInput, Span
from equipoise.numeric.arrays import BoolArray, IntArray
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.intake import CHECKS, STOPPED, Intake

Results = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FrameResults:
    """Results of checks, from a struct with a field to a check or from JSON.

    What is known of each row's checks: `of` (rows,) are places in `distinct`, which holds equal
    results once; None where a row has none at all.
    """

    distinct: list[Results | None]
    of: IntArray

    @classmethod
    def read(cls, intake: Intake, frame: pl.DataFrame, file: str, first_row: int) -> FrameResults:
        """The column `checks` of a frame, if it has one. Raises BadInput naming the row."""
        of: IntArray = np.zeros(frame.height, dtype=np.int64)
        distinct: list[Results | None] = [None]
        places: dict[str, int] = {}
        for at, value in enumerate(frame[CHECKS].to_list() if CHECKS in frame.columns else ()):
            key = json.dumps(value, sort_keys=True, default=str)
            if key not in places:
                where = Span(file or "applications", row=first_row + at)
                known = results_in(value, where)
                places[key] = 0 if known is None else len(distinct)
                if known is not None:
                    distinct.append(intake.checks({CHECKS: known}, where))
            of[at] = places[key]
        return cls(distinct, of)

    @property
    def given(self) -> BoolArray:
        """(rows,) whether results were given, be it none so far."""
        return np.asarray(self.of > 0)

    @property
    def stopped(self) -> BoolArray:
        """(rows,) whether a check stopped the applicant."""
        held = [each is not None and STOPPED in each.values() for each in self.distinct]
        return np.array(held, dtype=np.bool_)[self.of]

    def known(self, place: int) -> Results:
        """The results at a place of `distinct`."""
        return self.distinct[place] or {}


def results_in(value: Any, where: Span) -> Mapping[str, Any] | None:
    """Results as one application has them, from a struct or JSON. Raises BadInput."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise BadInput(
                f"`checks` is {value!r:.60}, which is not JSON",
                where=where,
                field=CHECKS,
                mend='write {"name": "passed"}, or leave it empty',
            ) from None
    if isinstance(value, dict):  # a struct holds a field for every check of the column
        return {name: result for name, result in value.items() if result is not None}
    return value  # type: ignore[no-any-return]  # the intake says what is wrong with it


def lacking_in(compiled: Compiled, columns: Iterable[str]) -> tuple[str, ...]:
    """The facts that a later step asks for and that have no column yet."""
    if compiled.asking is None:
        return ()
    there, contract = set(columns), compiled.content.contract
    return tuple(
        name
        for name in compiled.asking.pending.steps
        if name not in there and contract.field(name).column not in there
    )


def filled(frame: pl.DataFrame, lacking: Iterable[str]) -> pl.DataFrame:
    """With nothing in the columns that are not there yet."""
    nothing = pl.repeat(None, frame.height, eager=True)
    return frame.with_columns(nothing.alias(name) for name in lacking)

"""Applications in a Parquet file with their PD, valued as they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from equipoise.balance.problem import Problem, Row
from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.numeric.arrays import FloatArray
from equipoise.value.compiled import Valuer
from equipoise.value.measures import MEASURES

INPUTS = ("pd", "lgd", "amount", "months", "income", "apr")
BLOCK = 16_384  # applicants valued at once: some tens of megabytes
_WITHIN = {"pd": (1e-6, 0.999), "lgd": (0.0, 1.0), "apr": (1e-4, 2.0)}
_MOST = 1e12


@dataclass(frozen=True, slots=True)
class MeasuredLimit:
    """At most `at_most` of a weighted sum of measures, over everybody or those `where` names.

    `weights` is by measure; a floor has all signs turned. A rate's limit r on top over bottom is
    the weights {top: 1, bottom: -r} with `at_most` 0. `where` is a boolean column of the file.
    """

    name: str
    weights: Mapping[str, float]
    at_most: float
    where: str | None = None


class ParquetApplications:
    """A file's applications under limits, to be solved by `solve_stream`; a part is a row group.

    The file has a number in each of `pd` (as the model gives it, within the window), `lgd`,
    `amount`, `months`, `income` (monthly) and `apr` (today's, a fraction a year). `goal` is the
    measure to maximise. Raises BadInput for columns and measures that are not there, and, when
    read, for a value that is missing or outside what a loan can have, naming its row.
    """

    def __init__(
        self, path: Path, valuer: Valuer, goal: str, limits: Sequence[MeasuredLimit]
    ) -> None:
        from pyarrow import parquet

        self.path, self.valuer = path, valuer
        self.goal, self.limits = _weights({goal: 1.0}), tuple(limits)
        self._measured = [_weights(limit.weights) for limit in self.limits]
        masks = {limit.where: None for limit in self.limits if limit.where is not None}
        self._columns = [*INPUTS, *masks]
        self._metadata: Any = parquet.read_metadata(path)
        known = self._metadata.schema.names
        for name in self._columns:
            if name not in known:
                raise BadInput(
                    f"there is no column '{name}'",
                    where=Span(str(path)),
                    field=name,
                    mend=did_you_mean(name, known),
                )
        groups = range(self._metadata.num_row_groups)
        self._sizes = tuple(self._metadata.row_group(group).num_rows for group in groups)

    @property
    def sizes(self) -> Sequence[int]:
        """Applicants of each row group."""
        return self._sizes

    def problems(self, part: int, rows: NDArray[np.intp] | None = None) -> Iterator[Problem]:
        """The applicants of a row group, or some of its rows, a block at a time."""
        before = sum(self._sizes[:part])
        for start, frame in self._frames(part):
            place = np.arange(start, start + frame.height)
            if rows is not None:
                first, last = np.searchsorted(rows, (start, start + frame.height))
                place = rows[first:last]
            if place.size:
                some = frame if rows is None else frame[place - start]
                yield self._problem(some, place + before)

    def _frames(self, part: int) -> Iterator[tuple[int, pl.DataFrame]]:
        from pyarrow import parquet

        start = 0
        with parquet.ParquetFile(self.path, metadata=self._metadata) as file:
            for batch in file.iter_batches(
                BLOCK, row_groups=[part], columns=self._columns, use_threads=False
            ):
                frame = pl.from_arrow(batch)
                assert isinstance(frame, pl.DataFrame)  # noqa: S101  (a batch is a table)
                yield start, frame
                start += frame.height

    def _problem(self, frame: pl.DataFrame, place: NDArray[np.intp]) -> Problem:
        people = [self._numbers(frame, name, place) for name in INPUTS]
        everything = self.valuer.everything(*people)
        made: dict[tuple[float, ...], FloatArray] = {}
        rows = []
        for limit, weights in zip(self.limits, self._measured, strict=True):
            usage = made.setdefault(weights, _summed(everything, weights))
            where = None if limit.where is None else self._mask(frame, limit.where)
            rows.append(Row(limit.name, usage, limit.at_most, where))
        return Problem(_summed(everything, self.goal), rows)

    def _numbers(self, frame: pl.DataFrame, name: str, place: NDArray[np.intp]) -> FloatArray:
        column = frame[name].cast(pl.Float64, strict=False).to_numpy()
        low, high = _WITHIN.get(name, (np.finfo(float).tiny, _MOST))
        least = 0.0 if name in _WITHIN else low
        wrong = np.flatnonzero(~((column >= least) & (column <= max(high, 1.0))))
        if wrong.size:
            raise BadInput(
                f"'{name}' is missing or not a number that a loan can have "
                f"in row {place[wrong[0]] + 1}",
                where=Span(str(self.path)),
                field=name,
                mend="leave such applications out, or mend them",
            )
        inside = np.clip(column, low, high)
        return np.ascontiguousarray(np.round(inside) if name == "months" else inside)

    def _mask(self, frame: pl.DataFrame, name: str) -> NDArray[np.bool_]:
        column = frame[name].cast(pl.Boolean, strict=False).fill_null(value=False)
        return np.ascontiguousarray(column.to_numpy())


def _weights(by_name: Mapping[str, float]) -> tuple[float, ...]:
    for name in by_name:
        if name not in MEASURES:
            raise BadInput(
                f"'{name}' is not a measure", field=name, mend=did_you_mean(name, MEASURES)
            )
    return tuple(float(by_name.get(name, 0.0)) for name in MEASURES)


def _summed(everything: FloatArray, weights: tuple[float, ...]) -> FloatArray:
    """A weighted sum of measures; one measure as it is, held and not copied."""
    total: FloatArray | None = None
    for measure, weight in zip(everything, weights, strict=True):
        if weight:
            term = measure if weight == 1.0 else weight * measure
            total = term if total is None else total + term
    return np.zeros(everything.shape[1:]) if total is None else total

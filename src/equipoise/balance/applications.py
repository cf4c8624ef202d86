"""Applications in a Parquet file with their PD, valued as they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from equipoise.balance.measured import (
    BLOCK,
    INPUTS,
    Aim,
    LoanFigures,
    MeasuredLimit,
    known_columns,
    mask_of,
)
from equipoise.balance.problem import Problem
from equipoise.errors import Span
from equipoise.value.compiled import Valuer
from equipoise.value.measures import MEASURES

__all__ = ["INPUTS", "MeasuredLimit", "ParquetApplications"]


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

        self.path, self.figures = path, LoanFigures(valuer)
        self.aim = Aim.at(goal, limits)
        self._metadata: Any = parquet.read_metadata(path)
        wanted = [*self.figures.columns, *self.aim.masks]
        self._columns = known_columns(wanted, self._metadata.schema.names, Span(str(path)))
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
        def told(at: int) -> tuple[str, Span]:
            return f"in row {place[at] + 1}", Span(str(self.path))

        known = [self.figures.checked(name, frame[name], told) for name in self.figures.columns]
        table = dict(zip(MEASURES, self.figures.everything(known), strict=True))
        return self.aim.problem(table, {name: mask_of(frame[name]) for name in self.aim.masks})

"""`decide`: a sealed strategy over a data frame."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, TypeVar, overload

import polars as pl

from equipoise.errors import BadInput
from equipoise.notebook.balances import Balance
from equipoise.notebook.frames import as_given, as_polars
from equipoise.strategy.engine import Strategy, load_strategy
from equipoise.strategy.files.decisions import decided_pieces
from equipoise.strategy.files.identifiers import by_row_without_id
from equipoise.strategy.files.tables import Piece

T = TypeVar("T")


@overload
def decide(
    strategy: Balance | Strategy | Path | str, data: str | Path, *, at: date | None = None
) -> pl.DataFrame: ...


@overload
def decide(strategy: Balance | Strategy | Path | str, data: T, *, at: date | None = None) -> T: ...


def decide(strategy: Balance | Strategy | Path | str, data: Any, *, at: date | None = None) -> Any:
    """Decide a table of applications: one row each, in order, with outcome, reasons and offers.

    `strategy` is a balance, whose recommended move then decides, a sealed strategy, or the path of
    one. `data` is a data frame, a table or the path of a file that `equipoise decide` reads; the
    answers come as a frame of the same library. `at` is the day of the decisions: an application's
    own date unless given, else today. Raises BadInput naming row and field.
    """
    sealed = _sealed(strategy)
    if isinstance(data, (str, Path)):
        parts = [answers for _, answers in decided_pieces(sealed, data, at=at)]
        if not parts:
            raise BadInput("the file holds no application", mend="give it rows")
        return pl.concat(parts, how="diagonal_relaxed")
    frame = as_polars(data)
    answers = by_row_without_id(sealed.decide_frame(frame, at=at), Piece(1, frame))
    return as_given(answers, data)


def _sealed(strategy: Balance | Strategy | Path | str) -> Strategy:
    if isinstance(strategy, Balance):
        return strategy.strategy
    if isinstance(strategy, Strategy):
        return strategy
    return load_strategy(Path(strategy))

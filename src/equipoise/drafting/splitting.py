"""A split that leaves enough good and bad outcomes on both sides, out of time where it can."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import polars as pl
from pydantic import TypeAdapter

from equipoise.contract import Contract
from equipoise.errors import BadInput
from equipoise.numeric.arrays import IntArray
from equipoise.risk.customers import first_rows
from equipoise.risk.document import Split
from equipoise.risk.outcome import KnownOutcomes
from equipoise.risk.split import require_enough, split_rows

_SPLIT: TypeAdapter[Split] = TypeAdapter(Split)
# a small table may need many draws until both sides hold enough
_FEW_ROWS, _DRAWS, _DRAWS_OF_FEW = 1_000, 10, 200


class ChosenSplit(NamedTuple):
    """The `split` section of risk.yaml as plain data, why, and what `fit` would still refuse."""

    section: dict[str, Any]
    why: str
    refusal: str = ""


def choose_split(contract: Contract, frame: pl.DataFrame | None) -> ChosenSplit:
    """The first split that leaves enough on both sides; `frame` holds checked rows.

    Where none does, the first is drafted and `refusal` says what a fit would say of it.
    """
    rows = 0 if frame is None else frame.height
    candidates = list(_candidates(contract, rows))
    if frame is None:
        return ChosenSplit(*candidates[0])
    outcomes, customers = _outcomes(contract, frame), first_rows(contract, frame)
    refusals = []
    for at, (section, why) in enumerate(candidates):
        refusals.append(_refusal(section, contract, frame, outcomes, customers))
        if not refusals[-1]:
            dated = contract.date is not None and section["kind"] == "random" and at > 0
            return ChosenSplit(
                section, f"{why}; the newest months hold too few bad ones" if dated else why
            )
    section, why = candidates[-1]
    return ChosenSplit(section, f"{why}; too few rows for any split", refusals[-1])


def _candidates(contract: Contract, rows: int) -> Iterator[tuple[dict[str, Any], str]]:
    if contract.date is not None:
        yield {"kind": "out_of_time"}, f"the newest quarter by '{contract.date}' is the test"
        for months in (6, 12):
            section = {"kind": "out_of_time", "last_months": months}
            yield section, f"the last {months} months by '{contract.date}' are the test"
    for share in (0.3, 0.5):
        for seed in range(_DRAWS_OF_FEW if share == 0.5 and rows < _FEW_ROWS else _DRAWS):
            drawn: dict[str, Any] = {"kind": "random", "share": share, "seed": seed}
            yield drawn, f"rows drawn at random are the test, {share:.0%} of them"


def _outcomes(contract: Contract, frame: pl.DataFrame) -> KnownOutcomes:
    bad = frame.select(contract.bad())["bad"]
    known = bad.is_not_null().to_numpy()
    flags = bad.fill_null(value=False).to_numpy()
    return KnownOutcomes(flags & known, known, known, known.astype(float), None)


def _refusal(
    section: dict[str, Any],
    contract: Contract,
    frame: pl.DataFrame,
    outcomes: KnownOutcomes,
    customers: IntArray | None,
) -> str:
    """What a fit would say of a split; empty where it would take it."""
    dates = frame[contract.date] if contract.date else None
    rule = _SPLIT.validate_python(section)
    try:
        split = split_rows(rule, outcomes.judged, dates, None, customers)
        for rows, side in ((split.train, "training"), (split.test, "test")):
            require_enough(outcomes.bad[rows & outcomes.known], side, contract.target.field)
    except BadInput as error:
        return error.message
    return ""

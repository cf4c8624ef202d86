"""A split that leaves enough good and bad outcomes on both sides, out of time where it can."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
from pydantic import TypeAdapter

from equipoise.contract import Contract
from equipoise.errors import BadInput
from equipoise.risk.customers import first_rows
from equipoise.risk.document import Split
from equipoise.risk.split import require_enough, split_rows

_SPLIT: TypeAdapter[Split] = TypeAdapter(Split)


def choose_split(contract: Contract, frame: pl.DataFrame | None) -> tuple[dict[str, Any], str]:
    """The `split` section of risk.yaml as plain data, and why; `frame` holds checked rows."""
    candidates = list(_candidates(contract))
    if frame is not None:
        for at, (section, why) in enumerate(candidates):
            if _is_enough(section, contract, frame):
                dated = contract.date is not None and section["kind"] == "random" and at > 0
                return section, f"{why}; the newest months hold too few bad ones" if dated else why
    return candidates[0]


def _candidates(contract: Contract) -> Iterator[tuple[dict[str, Any], str]]:
    if contract.date is not None:
        yield {"kind": "out_of_time"}, f"the newest quarter by '{contract.date}' is the test"
        for months in (6, 12):
            section = {"kind": "out_of_time", "last_months": months}
            yield section, f"the last {months} months by '{contract.date}' are the test"
    for share in (0.3, 0.5):
        for seed in range(10):
            drawn: dict[str, Any] = {"kind": "random", "share": share, "seed": seed}
            yield drawn, "rows drawn at random are the test"


def _is_enough(section: dict[str, Any], contract: Contract, frame: pl.DataFrame) -> bool:
    bad = frame.select(contract.bad())["bad"]
    known = bad.is_not_null().to_numpy()
    flags = bad.fill_null(value=False).to_numpy()
    dates = frame[contract.date] if contract.date else None
    try:
        customers = first_rows(contract, frame)
        split = split_rows(_SPLIT.validate_python(section), known, dates, None, customers)
        for rows in (split.train, split.test):
            require_enough(flags[rows & known], "", contract.target.field)
    except BadInput:
        return False
    return True

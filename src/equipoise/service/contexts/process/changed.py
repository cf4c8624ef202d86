"""Which steps changed what was decided, as far as the record itself tells.

A check stands between an offer that was ready and its being given: it changed the decision of whom
the next answer was a no. A person stands where the strategy gave no answer, and nobody is lent
without one: they changed it for whom the next answer was an offer. Of a question nothing is told
here: what the strategy would have said without it is reckoned with friction (`ledger`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from equipoise.service.contexts.process.happening import (
    CHECKS,
    COMPLETE,
    DECLINED,
    OFFERED,
    PERSON,
)

_NO = (DECLINED, "declined_first")
_TURNS: Mapping[str, tuple[str, ...]] = {CHECKS: _NO, PERSON: (OFFERED,)}
"""The answers that are another than without the step."""


def changed_by_step(events: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, str]]:
    """One row to a case, a column to a step: whether it changed the decision, null where the step
    was not gone through or no answer came; and the column of each step. `events` as a log's."""
    cases = events.select("case").unique(maintain_order=True)
    done = events.filter(pl.col("lifecycle") == COMPLETE)
    answers = done.filter(pl.col("activity").is_in([OFFERED, *_NO])).select(
        "case", at="time", answer="activity"
    )
    columns = {}
    for step, other in _TURNS.items():
        gone = done.filter(pl.col("activity") == step).select("case", "time")
        last = gone.group_by("case").agg(pl.col("time").max())
        name = f"changed_{step}"
        changes = (
            last.join(answers, on="case")
            .filter(pl.col("at") >= pl.col("time"))
            .group_by("case")
            .agg(pl.col("answer").sort_by("at").first().is_in(list(other)).alias(name))
        )
        cases = cases.join(changes, on="case", how="left", maintain_order="left")
        columns[step] = name
    return cases, columns

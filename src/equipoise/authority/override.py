"""A person's decision beside the strategy's: reasons for differing, and how it turned out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import polars as pl

from equipoise.authority.deciding import AuthorityExceeded
from equipoise.authority.document import AuthoritySection
from equipoise.authority.people import Officer
from equipoise.errors import BadInput, did_you_mean
from equipoise.numeric.intervals import wilson

Answer = Literal["approve", "decline"]
AGREED = ""
ALL = "all"


@dataclass(frozen=True, slots=True)
class Override:
    """One person's decision and the strategy's for the same application.

    `reason` is empty where they agree. `expected_bad` is the strategy's PD, against which the
    loans that were granted are measured later.
    """

    application_id: str
    officer_id: str
    level: str
    machine: Answer
    person: Answer
    reason: str
    expected_bad: float
    on: date

    @property
    def agrees(self) -> bool:
        """Whether the person decided as the strategy did."""
        return self.machine == self.person


def record_override(
    section: AuthoritySection,
    officer: Officer,
    *,
    application_id: str,
    machine: Answer,
    person: Answer,
    expected_bad: float,
    on: date,
    reason: str = AGREED,
) -> Override:
    """Record a person's decision beside the strategy's.

    Where they differ, a declared reason and the level named under `overrides` are needed: raises
    BadInput without the reason, AuthorityExceeded without the level.
    """
    if not 0 <= expected_bad <= 1:
        raise BadInput(f"expected_bad is a share from 0 to 1, got {expected_bad}", field="pd")
    if machine != person:
        _refuse_unfounded(section, officer, reason)
    elif reason:
        raise BadInput("a reason is given, and both decide the same", mend="leave it out")
    return Override(
        application_id, officer.id, officer.level, machine, person, reason, expected_bad, on
    )


def _refuse_unfounded(section: AuthoritySection, officer: Officer, reason: str) -> None:
    rules = section.overrides
    if rules is None:
        raise AuthorityExceeded(
            "this strategy allows no decision against it",
            mend="declare `overrides` with a level and reasons under `authority`",
        )
    if reason not in rules.reasons:
        what = f"'{reason}' is not a declared reason" if reason else "an override needs a reason"
        raise BadInput(what, field="reason", mend=did_you_mean(reason, rules.reasons))
    if section.rank(officer.level) < section.rank(rules.level):
        raise AuthorityExceeded(
            f"an override needs level '{rules.level}'; '{officer.id}' has '{officer.level}'",
            field="officer_id",
            mend=f"ask somebody of level '{rules.level}' or above",
        )


def override_table(overrides: Iterable[Override], outcomes: Mapping[str, bool]) -> pl.DataFrame:
    """How decisions by people turned out, by officer and reason, and for all together.

    `outcomes` says by application whether a granted loan went bad; those not in it are not known
    yet. Columns: decisions, agreement (share), granted (by the person), known, bad, bad_rate with
    its 95 % Wilson interval, expected_rate (the strategy's mean PD of the same loans) and finding:
    worse, better, as_expected (the interval holds the expected rate), or not_known.
    """
    rows = [
        {
            "officer": each.officer_id,
            "reason": each.reason,
            "agrees": each.agrees,
            "granted": each.person == "approve",
            "bad": outcomes.get(each.application_id) if each.person == "approve" else None,
            "expected": each.expected_bad,
        }
        for each in overrides
    ]
    schema = {
        "officer": pl.String,
        "reason": pl.String,
        "agrees": pl.Boolean,
        "granted": pl.Boolean,
        "bad": pl.Boolean,
        "expected": pl.Float64,
    }
    decided = pl.DataFrame(rows, schema=schema)
    one_reason = decided.filter(pl.col("reason") != AGREED)
    groups = pl.concat(
        [
            decided,
            decided.with_columns(reason=pl.lit(ALL)),
            one_reason.with_columns(officer=pl.lit(ALL)),
            decided.with_columns(officer=pl.lit(ALL), reason=pl.lit(ALL)),
        ]
    )
    known = pl.col("bad").is_not_null()
    table = (
        groups.group_by("officer", "reason")
        .agg(
            decisions=pl.len(),
            agreement=pl.col("agrees").mean(),
            granted=pl.col("granted").sum(),
            known=known.sum(),
            bad=pl.col("bad").sum(),
            expected_rate=pl.col("expected").filter(known).mean(),
        )
        .sort("officer", "reason")
    )
    return _with_rates(table)


def _with_rates(table: pl.DataFrame) -> pl.DataFrame:
    bad = table["bad"].to_numpy().astype(np.float64)
    known = table["known"].to_numpy().astype(np.float64)
    low, high = wilson(bad, known)
    expected = pl.col("expected_rate")
    return table.with_columns(
        bad_rate=pl.when(pl.col("known") > 0).then(pl.col("bad") / pl.col("known")),
        low=pl.Series(low),
        high=pl.Series(high),
    ).with_columns(
        finding=pl.when(pl.col("known") == 0)
        .then(pl.lit("not_known"))
        .when(pl.col("low") > expected)
        .then(pl.lit("worse"))
        .when(pl.col("high") < expected)
        .then(pl.lit("better"))
        .otherwise(pl.lit("as_expected"))
    )

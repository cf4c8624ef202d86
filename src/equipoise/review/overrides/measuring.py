"""How overrides turned out: by reason, by person and by level, each in both directions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zlib import crc32

import numpy as np
import polars as pl

from equipoise.errors import BadInput
from equipoise.numeric.arrays import BoolArray
from equipoise.review.fairness.intervals import Interval
from equipoise.review.overrides.cases import Cases, Worth, read_accepted, read_cases
from equipoise.review.overrides.findings import By, Group, OverrideReview
from equipoise.review.overrides.inferred import accepted_rates, declined
from equipoise.review.overrides.judging import judged
from equipoise.review.overrides.money import DRAWS
from equipoise.review.overrides.observed import Ruler, approved, effective, when_bads_show
from equipoise.review.overrides.pooling import pooled_rates
from equipoise.risk.maturity import Outcomes

LEAST = 10
KINDS: tuple[By, ...] = ("all", "reason", "person", "level")
NO_MONEY = "Nothing says what a loan earns and loses, so no money is told."
NO_LIKES = (
    "No outcomes of accepted loans by grade were given: of applicants who were turned away nothing "
    "is said but bounds and what the model expected."
)
INFERRED = (
    "No outcome exists of applicants who were turned away. What is said of them is inferred from "
    "accepted ones of their grade, and never added to what was observed."
)


def measure_overrides(
    decisions: pl.DataFrame,
    outcomes: pl.DataFrame,
    *,
    until: date,
    accepted: pl.DataFrame | None = None,
    worth: Worth | None = None,
    horizon: int = 12,
    confidence: float = 0.95,
    false_share: float = 0.05,
    worse: float = 2.0,
    least: int = LEAST,
    seed: int = 0,
    draws: int = DRAWS,
    files: tuple[str, str, str] = ("", "", ""),
) -> OverrideReview:
    """Hold overrides against the model, and say which reasons and people can be judged by now.

    `decisions`, `outcomes`: see `read_cases`; `accepted`: see `read_accepted`; all outcomes as
    known on `until`. The window is of `horizon` months, the model's PDs are for it. Of findings by
    reason, and by person, a share of at most `false_share` is false on average (Benjamini and
    Hochberg). A reason turns away good customers where it costs money even though they be `worse`
    times as often bad as accepted ones of their grade. Under `least` known, counts alone. Raises
    BadInput.
    """
    _check(
        horizon=(horizon, 1, 120),
        confidence=(confidence, 0.5, 0.999),
        false_share=(false_share, 0.001, 0.5),
        worse=(worse, 1, 100),
        least=(least, LEAST, 1_000_000),
        draws=(draws, 200, 1_000_000),
    )
    cases = read_cases(
        decisions,
        outcomes,
        until=until,
        horizon=horizon,
        worth=worth,
        file=files[0],
        outcome_file=files[1],
    )
    likes = {} if accepted is None else read_accepted(accepted, files[2])
    lent = cases.only(cases.approved & ~cases.agrees)
    own = lent.outcomes
    shown = when_bads_show((own, _together(own, *likes.values())), horizon)
    ruler = Ruler(horizon, confidence, least, draws, worse, shown)
    rates = accepted_rates(likes, horizon, least)
    groups: list[Group] = []
    for by in KINDS:
        of_kind = []
        for name, chosen in _parts(cases, by):
            rng = np.random.default_rng([seed, crc32(f"{by}:{name}".encode())])
            part = cases.only(chosen & ~cases.agrees)
            granted = approved(part.only(part.approved), ruler, rng)
            away = declined(part.only(~part.approved), rates, ruler, rng)
            who = frozenset(part.person.tolist())
            of_kind.append(Group(by, name, int(chosen.sum()), part.size, granted, away, who))
        groups += judged(_pooled(cases, of_kind, ruler), false_share, confidence, least)
    return OverrideReview(
        until=until,
        horizon=horizon,
        confidence=confidence,
        false_share=false_share,
        least=least,
        worse=worse,
        people=sum(1 for each in groups if each.by == "person"),
        withheld=0,
        groups=tuple(groups),
        notes=_notes(cases, worth, rates),
    )


def _parts(cases: Cases, by: By) -> list[tuple[str, BoolArray]]:
    if by == "all":
        return [("", np.ones(cases.size, dtype=bool))]
    column = getattr(cases, by)
    names = sorted(set(column[~cases.agrees].tolist()))
    return [(str(name), np.asarray(column == name)) for name in names]


def _pooled(cases: Cases, groups: list[Group], ruler: Ruler) -> list[Group]:
    """Groups with rates drawn towards each other's, those of few cases among them."""
    if len(groups) < 2:
        return groups
    held = []
    for group in groups:
        mine = getattr(cases, group.by) == group.name
        part = cases.only(mine & ~cases.agrees & cases.approved)
        effect = effective(part.outcomes, ruler.horizon)
        held.append((*effect, float(part.pd.mean())) if effect else None)
    sums = np.array([each for each in held if each is not None]).reshape(-1, 3)
    if sums.shape[0] < 2:
        return groups
    bads, known, expected = sums.T
    rates = iter(pooled_rates(bads, known, expected, ruler.confidence).rates)
    return [
        group if each is None else _with_pooled(group, next(rates))
        for group, each in zip(groups, held, strict=True)
    ]


def _with_pooled(group: Group, rate: Interval) -> Group:
    if group.approved.bad_rate is None:
        return group
    return replace(group, approved=replace(group.approved, pooled_rate=rate))


def _together(*outcomes: Outcomes) -> Outcomes:
    names = Outcomes.__slots__
    return Outcomes(*(np.concatenate([getattr(o, name) for o in outcomes]) for name in names))


def _notes(cases: Cases, worth: Worth | None, rates: object) -> tuple[str, ...]:
    away = bool(np.any(~cases.approved & ~cases.agrees))
    said = [NO_MONEY] if worth is None else []
    if away:
        said += [INFERRED] if rates else [NO_LIKES]
    return tuple(said)


def _check(**given: tuple[float, float, float]) -> None:
    """Each value between its bounds."""
    for field, (value, low, high) in given.items():
        if not low <= value <= high:
            raise BadInput(f"'{field}' is {value}", field=field, mend=f"from {low:,} to {high:,}")

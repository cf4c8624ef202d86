"""From figures to answers: all questions of one kind of group judged together, and what to do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from equipoise.numeric.intervals import normal_quantile
from equipoise.numeric.many_tests import false_discovery
from equipoise.review.fairness.intervals import Interval
from equipoise.review.overrides.findings import Group
from equipoise.review.overrides.inferred import cases_in_a_test
from equipoise.review.overrides.sides import (
    Approved,
    ApprovedAnswer,
    Declined,
    DeclinedAnswer,
    Next,
)

MOST = 1_000_000  # more cases than this are no advice


def judged(
    groups: Sequence[Group], false_share: float, confidence: float, least: int
) -> list[Group]:
    """Groups of one kind with adjusted p-values, answers, and what to do next."""
    asked = [
        p for g in groups for p in (g.approved.p_rate, g.approved.p_money, g.declined.p)
    ]  # in the order in which they are handed back
    p_values = np.array([p for p in asked if p is not None])
    adjusted = iter(false_discovery(p_values).tolist())
    strict = _strictness(p_values.size, false_share, confidence)
    results = []
    for group in groups:
        granted, away = group.approved, group.declined
        granted = replace(
            granted,
            q_rate=None if granted.p_rate is None else next(adjusted),
            q_money=None if granted.p_money is None else next(adjusted),
        )
        away = replace(away, q=None if away.p is None else next(adjusted))
        of_reason = group.by == "reason"
        granted = replace(granted, answer=_of_approved(granted, false_share, of_reason))
        away = replace(away, answer=_of_declined(away, false_share))
        results.append(
            replace(
                group,
                approved=replace(granted, next=_after_approved(granted, of_reason, strict, least)),
                declined=replace(
                    away, next=_after_declined(away, of_reason, confidence, strict, least)
                ),
            )
        )
    return results


def _of_approved(side: Approved, false_share: float, of_reason: bool) -> ApprovedAnswer:
    """A person's loss must hold for the rate drawn to the others' too."""
    if side.bad_rate is None or side.expected_rate is None:
        return side.answer
    pooled = None if of_reason else side.pooled_rate
    money, even = side.money, side.break_even
    if money is not None and even is not None and _below(side.q_money, false_share):
        if money.high < 0 and (pooled is None or pooled.low > even):
            return "loses_money"
        if money.low > 0 and (pooled is None or pooled.high < even):
            return "earns"
    if _below(side.q_rate, false_share) and side.expected_bad is not None:
        expected = side.expected_rate
        if side.bad > side.expected_bad and (pooled is None or pooled.low > expected):
            return "worse_than_expected"
        if side.bad < side.expected_bad and (pooled is None or pooled.high < expected):
            return "better_than_expected"
    return "open"


def _of_declined(side: Declined, false_share: float) -> DeclinedAnswer:
    if side.if_worse is None or side.inferred is None or not _below(side.q, false_share):
        return side.answer
    if side.if_worse.high < 0:
        return "turns_away_good"
    return "spares_losses" if side.inferred.low > 0 else side.answer


def _after_approved(side: Approved, of_reason: bool, strict: float, least: int) -> Next | None:
    if side.answer == "none":
        return None
    if side.answer == "too_few":
        return Next("watch", least - side.known)
    if side.answer == "too_young":
        return Next("watch")
    if side.answer in {"earns", "better_than_expected"}:
        return Next("keep")
    if side.answer == "open" or (of_reason and side.answer == "worse_than_expected"):
        return Next("watch", _more(side.money, side.known, strict))
    return _where_it_loses(side) if of_reason else Next("review")


def _where_it_loses(side: Approved) -> Next:
    """A reason whose safer half earns is kept for that half."""
    earns = side.safer_half is not None and side.safer_half > 0
    return Next("tighten", pd_up_to=side.safer_pd) if earns else Next("retire")


def _after_declined(
    side: Declined, of_reason: bool, confidence: float, strict: float, least: int
) -> Next | None:
    """No reason is retired by inference alone: lending to some at random tells."""
    answer = side.answer
    if answer == "none":
        return None
    if answer == "too_few":
        return Next("watch", least - side.n)
    if answer == "spares_losses":
        return Next("keep")
    if answer == "turns_away_good" and side.inferred_rate is not None:
        if not of_reason:
            return Next("review")
        even = side.break_even or 0.0
        return Next("test", cases_in_a_test(side.inferred_rate.value, even, confidence))
    return Next("watch", _more(side.if_worse, side.n, strict))


def _below(q: float | None, false_share: float) -> bool:
    return q is not None and q <= false_share


def _strictness(questions: int, false_share: float, confidence: float) -> float:
    """How many times as wide an interval is that settles one question among all, at the most."""
    if not questions:
        return 1.0
    return normal_quantile(1 - false_share / questions) / normal_quantile(confidence)


def _more(money: Interval | None, cases: int, strict: float) -> int | None:
    """How many cases more would settle the sign, were the estimate the truth.

    An interval narrows with the square root of the cases.
    """
    if money is None or not money.known or money.value == 0:
        return None
    width = money.value - money.low if money.value > 0 else money.high - money.value
    more = math.ceil(cases * ((strict * width / money.value) ** 2 - 1))
    return max(more, 1) if more <= MOST else None

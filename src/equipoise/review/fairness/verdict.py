"""Three answers: pass, fail, not enough evidence; and how many people would settle the third."""

from __future__ import annotations

import math
from typing import Literal

from equipoise.review.fairness.document import AuditMeasure
from equipoise.review.fairness.intervals import Interval

Answer = Literal["pass", "fail", "not_enough_evidence"]
PASS: Answer = "pass"  # noqa: S105
FAIL: Answer = "fail"
UNSETTLED: Answer = "not_enough_evidence"
MOST_TIMES = 1e6  # beyond, the estimate stands on the edge of the tolerance for all purposes


def answer(gap: Interval, measure: AuditMeasure) -> Answer:
    """Pass where the whole interval lies in the tolerance, fail where all of it lies outside."""
    if not gap.known:
        return UNSETTLED
    least, most = measure.band
    if least <= gap.low and gap.high <= most:
        return PASS
    return FAIL if gap.high < least or gap.low > most else UNSETTLED


def together(answers: list[Answer]) -> Answer:
    """One answer of many: a fail is a fail; a pass needs all."""
    if FAIL in answers:
        return FAIL
    return PASS if answers and set(answers) == {PASS} else UNSETTLED


def times_more(gap: Interval, measure: AuditMeasure) -> float | None:
    """How many times the people would settle it, were the estimate the truth.

    An interval narrows with the square root of the people, a ratio's on the log scale. None where
    the estimate stands on the edge, or nothing can be estimated.
    """
    if not gap.known:
        return None
    ends = (gap.value, gap.low, gap.high, *measure.band)
    if measure.scale == "ratio":
        if gap.value <= 0 or gap.low <= 0:
            return None
        ends = tuple(math.log(end) for end in ends)  # type: ignore[assignment]
    value, low, high, least, most = ends
    if least <= value <= most:
        needed = [(value - low, value - least), (high - value, most - value)]
    elif value < least:
        needed = [(high - value, least - value)]
    else:
        needed = [(value - low, value - most)]
    if any(distance <= 0 or math.isinf(width) for width, distance in needed):
        return None
    times = max((width / distance) ** 2 for width, distance in needed)
    return max(times, 1.0) if times <= MOST_TIMES else None

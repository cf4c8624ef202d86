"""How it went, for the service owner: shares and means with their n and 95 % intervals, per group.

Whoever was content answers more often, so the outcome is one of the groups, and each tells how many
of those asked answered. Groups of few are not told: a share of three people is one of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from statistics import mean, stdev

import numpy as np

from equipoise.numeric.intervals import student_quantile, wilson
from equipoise.service.contexts.feedback.models import Ask

LEAST = 10
"""People without whom a figure is not told."""
CONTENT, EASY = 4, 6  # from these scores on: satisfied (of 5), and easy (of 7)
BY = ("step", "moment", "product", "channel", "language", "outcome")
"""By what people can be grouped."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A share or a mean, how many it is of, and its 95 % interval."""

    value: float
    n: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Group:
    """Those who were asked, of one value each of what they are grouped by. A figure is None where
    it is of fewer than LEAST people; so are all where fewer were asked."""

    by: dict[str, str]
    asked: int
    response: Figure | None
    satisfied: Figure | None
    easy: Figure | None
    effort: Figure | None


def summary(since: datetime, until: datetime, by: Sequence[str]) -> list[Group]:
    """Of those asked from `since` until before `until`, the largest group first: `response` is the
    share that tapped anything, `satisfied` that of 4 and 5 among 1 to 5 (Wilson), `easy` that of 6
    and 7 among 1 to 7 (Wilson), `effort` the mean of 1 to 7 (Student's t)."""
    groups: defaultdict[tuple[str, ...], list[Ask]] = defaultdict(list)
    for row in Ask.objects.filter(asked_at__gte=since, asked_at__lt=until):
        groups[tuple(str(getattr(row, name)) for name in by)].append(row)
    results = [_group(dict(zip(by, key, strict=True)), rows) for key, rows in groups.items()]
    return sorted(results, key=lambda each: (-each.asked, *each.by.values()))


def _group(by: dict[str, str], rows: Sequence[Ask]) -> Group:
    contents = [row.satisfaction for row in rows if row.satisfaction is not None]
    efforts = [row.effort for row in rows if row.effort is not None]
    tapped = [row.satisfaction is not None or row.effort is not None for row in rows]
    return Group(
        by,
        len(rows),
        _share(tapped),
        _share(each >= CONTENT for each in contents),
        _share(each >= EASY for each in efforts),
        _mean(efforts),
    )


def _share(which: Iterable[bool]) -> Figure | None:
    each = [*which]
    n, count = len(each), sum(each)
    if n < LEAST:
        return None
    low, high = wilson(np.array([float(count)]), np.array([float(n)]))
    return Figure(count / n, n, float(low[0]), float(high[0]))


def _mean(scores: Sequence[int]) -> Figure | None:
    n = len(scores)
    if n < LEAST:
        return None
    half = student_quantile(n - 1) * stdev(scores) / sqrt(n)
    value = mean(scores)
    return Figure(value, n, max(1.0, value - half), min(7.0, value + half))

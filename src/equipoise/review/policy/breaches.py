"""Which of a strategy's own answers a change would not allow, over applications it has not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from equipoise.balance.appetite import Constraint
from equipoise.balance.limits import Masks
from equipoise.errors import BadInput
from equipoise.numeric.arrays import BoolArray
from equipoise.numeric.intervals import wilson
from equipoise.review.policy.change import NewLimit, PolicyChange, PriceCap, Refusal
from equipoise.review.policy.lawful import condition
from equipoise.strategy.decision import OFFERING

_AS_CAPPED = 1e-9


@dataclass(frozen=True, slots=True)
class Breach:
    """How a strategy's answers stand to a change, of `people` applications.

    `offered` were offered a loan and `broken` of these would not have been allowed, a share of
    those offered with its Wilson interval of 95 % (None where none was offered). Of a limit,
    `used` and `level` say it instead, and `broken` is 0.
    """

    people: int
    offered: int
    broken: int
    share: float | None
    low: float | None
    high: float | None
    used: float | None = None
    level: float | None = None
    floor: bool = False

    @property
    def breaks(self) -> bool:
        """Whether the strategy would break the change at all."""
        if self.used is None or self.level is None:
            return self.broken > 0
        return self.used < self.level if self.floor else self.used > self.level


def breaches(change: PolicyChange, answered: pl.DataFrame, masks: Masks) -> Breach:
    """Hold answers against a change.

    `answered` is what `review.applicants.decided` gives, a row to an application in the order of
    the masks' frame. Raises BadInput where a condition reads what the applications do not have.
    """
    offered = answered["outcome"].is_in(list(OFFERING)).fill_null(value=False).to_numpy()
    if isinstance(change.rule, NewLimit):
        return _of_limit(change.rule.limit, answered, offered, masks)
    broken = forbidden_offers(change, answered, masks)
    n, k = int(offered.sum()), int(broken.sum())
    low, high = wilson(np.array(float(k)), np.array(float(n))) if n else (None, None)
    return Breach(
        people=answered.height,
        offered=n,
        broken=k,
        share=k / n if n else None,
        low=None if low is None else float(low),
        high=None if high is None else float(high),
    )


def forbidden_offers(change: PolicyChange, answered: pl.DataFrame, masks: Masks) -> BoolArray:
    """Of whom a strategy's own offer would not be allowed; of a limit nobody's, which is of the
    whole. Raises what `breaches` raises."""
    if change.rule is None or isinstance(change.rule, NewLimit):
        return np.zeros(answered.height, dtype=bool)
    offered = answered["outcome"].is_in(list(OFFERING)).fill_null(value=False).to_numpy()
    return np.asarray(offered & _forbidden(change, answered, masks))


def _forbidden(change: PolicyChange, answered: pl.DataFrame, masks: Masks) -> BoolArray:
    """To whom what is given may not be given."""
    rule = change.rule
    if isinstance(rule, Refusal):
        return condition(masks, rule.when)
    if isinstance(rule, PriceCap):
        apr = answered["apr"].cast(pl.Float64).fill_null(0.0).to_numpy()
        return np.asarray(condition(masks, rule.where) & (apr > rule.at_most + _AS_CAPPED))
    if rule is None or isinstance(rule, NewLimit):
        raise TypeError("a limit is of all that is lent, and of nobody alone")
    lacks = ~answered["checked"].list.contains(rule.check).fill_null(value=False).to_numpy()
    return np.asarray(condition(masks, rule.where) & lacks)


def _of_limit(
    limit: Constraint, answered: pl.DataFrame, offered: BoolArray, masks: Masks
) -> Breach:
    inside = condition(masks, limit.where)
    whole = inside if limit.per != limit.measure else np.ones_like(inside)
    top = _sum(answered, limit.measure, inside)
    per = 1.0 if limit.per is None else _sum(answered, limit.per, whole)
    floor = limit.at_least is not None
    level = limit.at_least if floor else limit.at_most
    if not isinstance(level, float | int):
        raise BadInput("a law names a number, not today's", field="limit")
    return Breach(
        answered.height, int(offered.sum()), 0, None, None, None,
        used=top / per if per else 0.0, level=float(level), floor=floor,
    )  # fmt: skip


def _sum(answered: pl.DataFrame, measure: str, inside: BoolArray) -> float:
    column = answered[measure].cast(pl.Float64).fill_null(0.0).to_numpy()
    return float(column[inside].sum())

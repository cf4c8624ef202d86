"""What a strategy would answer somebody of whom only a few facts are known.

What is not known is drawn from the population sealed with the strategy, given what is; the whole
strategy decides each draw, and the shares and ranges are those of its answers. Nothing is reckoned
besides, nothing is asked of anybody, and nothing is promised: a range holds nine in ten answers of
people with the same known facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from equipoise.expression import Expression
from equipoise.expression import compile as compile_expression
from equipoise.numeric.arrays import FloatArray
from equipoise.strategy.content import Content
from equipoise.strategy.decision import APPROVE, COUNTER_OFFER, REFER, Decision, Offer
from equipoise.strategy.engine import Strategy
from equipoise.strategy.population import Value

DRAWS = 300
LIKELY, DEPENDS, UNLIKELY = "likely", "depends", "unlikely"
SURE = 0.9
"""The share of answers from which on an offer is likely, or unlikely."""
_TAIL = 0.05  # of each end of a range
_MATTERS = 0.15  # correlation with the answer, below which a fact is not named
_MOST_NAMED = 3
Ends = tuple[float, float]
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """Shares of answers: `offered` with terms, `person` where a person looks first. The ranges are
    those of what is offered, None where nothing is. `depends_on` names the facts not known that
    move the answer most, the first most of all."""

    offered: float
    person: float
    amount: Ends | None
    months: Ends | None
    apr: Ends | None
    instalment: Ends | None
    depends_on: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """Whether an offer is likely, unlikely, or depends on what is not known."""
        if self.offered >= SURE:
            return LIKELY
        return UNLIKELY if self.offered <= 1 - SURE else DEPENDS


def estimate(
    strategy: Strategy, known: Mapping[str, Value], *, at: date, draws: int = DRAWS
) -> Estimate | None:
    """What it would answer; None where no population is sealed with the strategy.

    `known` are facts of the contract; what it does not name is not known, and a fact known to be
    missing is None there. `at` is the day.
    """
    population = strategy.content.population
    if population is None:
        return None
    rows, scores = population.drawn(known, draws)
    names = list(rows[0])
    whole = [_whole(strategy, {**row, **known}, at) for row in rows]
    answers = [strategy.decide(each, at=at) for each in whole]
    offers = [_offer(each) for each in answers]
    made = [each for each in offers if each is not None]
    return Estimate(
        offered=len(made) / draws,
        person=sum(each.outcome == REFER for each in answers) / draws,
        amount=_ends([each.amount for each in made]),
        months=_ends([each.months for each in made]),
        apr=_ends([each.apr for each in made]),
        instalment=_ends([each.instalment for each in made]),
        depends_on=_moving(names, scores, offers),
    )


def _whole(strategy: Strategy, facts: Mapping[str, Value], at: date) -> dict[str, object]:
    """Facts as an application: what follows from others is worked out, and dates are of the day."""
    inputs = strategy.compiled.program.inputs
    nothing = {name: at if kind == "date" else None for name, kind in inputs.items()}
    made: dict[str, object] = {**nothing, **facts}
    for name, expression in _worked_out(strategy.content).items():
        made[name] = expression.python(made)
    return {name: value for name, value in made.items() if name in inputs}


@lru_cache(maxsize=64)
def _compiled(texts: Pairs, types: Pairs) -> dict[str, Expression]:
    known: dict[str, Any] = dict(types)
    return {name: compile_expression(text, known) for name, text in texts}


def _worked_out(content: Content) -> dict[str, Expression]:
    product = content.strategy.product
    texts = () if product is None else tuple(product.works_out.items())
    return _compiled(texts, tuple(content.contract.types().items()))


def _offer(decision: Decision) -> Offer | None:
    offering = decision.outcome in (APPROVE, COUNTER_OFFER) and decision.offers
    return decision.offers[0] if offering else None


def _ends(values: Sequence[float]) -> Ends | None:
    if not values:
        return None
    low = np.quantile(values, _TAIL, method="lower")
    high = np.quantile(values, 1 - _TAIL, method="higher")
    return float(low), float(high)


def _moving(
    names: Sequence[str], scores: FloatArray, offers: Sequence[Offer | None]
) -> tuple[str, ...]:
    """The facts whose scores go with whether there is an offer, or where all but certain, with its
    price."""
    made = np.array([each is not None for each in offers], dtype=np.float64)
    answer, rows = made, np.ones(len(made), dtype=np.bool_)
    if made.mean() >= SURE:
        rows = made > 0
        answer = np.array([each.apr if each is not None else 0.0 for each in offers])
    if np.ptp(answer[rows]) == 0:
        return ()
    with np.errstate(invalid="ignore"):
        going = [abs(float(np.corrcoef(column, answer[rows])[0, 1])) for column in scores[rows].T]
    ranked = sorted(zip(going, names, strict=True), reverse=True)
    return tuple(name for strength, name in ranked if strength >= _MATTERS)[:_MOST_NAMED]

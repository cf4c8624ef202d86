"""A strategy held against a change of law or policy, over the history's newest applications."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl

from equipoise.balance.limits import Masks
from equipoise.balance.swap_sets import segments
from equipoise.errors import EquipoiseError
from equipoise.numeric.arrays import BoolArray
from equipoise.review.applicants import Applicants, decided
from equipoise.review.policy.breaches import breaches, forbidden_offers
from equipoise.review.policy.change import PolicyChange
from equipoise.review.policy.losing import by_segment, by_treatment, in_all
from equipoise.strategy.decision import OFFERING
from equipoise.strategy.engine import Strategy
from equipoise.workspace.balance_inputs import BalanceInputs

MOST_HELD = 20_000  # applications, the newest, that strategies are held against
AFFECTED = ("application", "treatment", "apr", "amount", "pd", "profit", "expected_loss")


@dataclass(frozen=True, slots=True)
class Held:
    """How a strategy's answers stand to a change, as JSON has it; whose offers it takes away, a row
    each with the columns AFFECTED; and their places among the newest applications."""

    document: dict[str, Any]
    affected: pl.DataFrame
    places: BoolArray


def hold(change: PolicyChange, name: str, strategy: Strategy, inputs: BalanceInputs) -> Held:
    """Hold it, or say why that cannot be done."""
    facts, known = inputs.facts.tail(MOST_HELD), inputs.applications.tail(MOST_HELD)
    document: dict[str, Any] = {"strategy": name, "digest": strategy.sealed.digest}
    try:
        answered = _answered(strategy, facts)
        masks = Masks(known, inputs.types)
        breach = breaches(change, answered, masks)
        broken = forbidden_offers(change, answered, masks)
    except EquipoiseError as error:
        nobody = np.zeros(facts.height, dtype=bool)
        return Held({**document, "fault": error.message}, _rows(None, nobody), nobody)
    offered = answered["outcome"].is_in(list(OFFERING)).fill_null(value=False).to_numpy()
    document |= {
        **asdict(breach),
        "breaks": breach.breaks,
        "currency": inputs.contract.currency,
        "parts": by_treatment(answered, offered, broken),
        "money": in_all(answered, broken),
        "segments": by_segment(segments(known.drop("row"), inputs.types), answered, broken),
    }
    return Held(document, _rows(answered, broken), broken)


def _answered(strategy: Strategy, facts: pl.DataFrame) -> pl.DataFrame:
    """The strategy's answers, with the checks of the journey that each would go through."""
    answered = decided(strategy, Applicants(facts, pl.DataFrame(), None))
    checks = {each.name: list(each.checks) for each in strategy.content.treatments.journeys}
    checked = [checks.get(name, []) for name in answered["journey"].to_list()]
    return answered.with_columns(pl.Series("checked", checked, dtype=pl.List(pl.String)))


def _rows(answered: pl.DataFrame | None, broken: BoolArray) -> pl.DataFrame:
    if answered is None:
        texts = dict.fromkeys(AFFECTED[:2], pl.String)
        return pl.DataFrame(schema={**texts, **dict.fromkeys(AFFECTED[2:], pl.Float64)})
    numbers = [pl.col(name).cast(pl.Float64) for name in AFFECTED[2:]]
    names = [pl.col("id").cast(pl.String).alias("application"), pl.col("treatment")]
    return answered.filter(pl.Series(broken)).select(*names, *numbers)

"""Which treatments a change leaves to whom; a decline is always lawful."""

from __future__ import annotations

import numpy as np

from equipoise.balance.limits import Masks
from equipoise.documents import Loaded
from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.numeric.arrays import BoolArray
from equipoise.review.policy.change import NewLimit, PolicyChange, PriceCap, Refusal, RequiredCheck
from equipoise.value.model import ValueModel
from equipoise.value.population import Population
from equipoise.value.treatments import TreatmentsDocument

WHERE = Span("change")
_AS_CAPPED = 1e-9  # how far above the cap rounding may put an APR


def capped(treatments: Loaded[TreatmentsDocument], change: PolicyChange) -> TreatmentsDocument:
    """The menu as it is priced under a cap for everybody: prices that are moved stop at it."""
    document, rule = treatments.value, change.rule
    if not isinstance(rule, PriceCap) or rule.where is not None:
        return document
    prices = tuple(
        price
        if price.add == 0 or price.floor > rule.at_most
        else price.model_copy(update={"cap": min(price.cap, rule.at_most)})
        for price in document.prices
    )
    return document.model_copy(update={"prices": prices})


def lawful(change: PolicyChange, model: ValueModel, people: Population, masks: Masks) -> BoolArray:
    """(applicants, treatments): whether the change lets each be given. A limit forbids none,
    and so does a change that is only about loans already made.

    Raises BadInput for a condition or a check that there is not.
    """
    allowed = np.ones((people.size, len(model.menu)), dtype=bool)
    rule = change.rule
    if rule is None or isinstance(rule, NewLimit):
        return allowed
    if isinstance(rule, Refusal):
        barred = condition(masks, rule.when)
        allowed[barred, :] = False
    elif isinstance(rule, PriceCap):
        concerned = condition(masks, rule.where)
        for k, treatment in enumerate(model.menu):
            if treatment.journey is not None:
                apr = model.terms(people, k)[0]
                allowed[:, k] = ~(concerned & (apr > rule.at_most + _AS_CAPPED))
    else:
        concerned = condition(masks, rule.where)
        for k in _without(model, rule):
            allowed[concerned, k] = False
    allowed[:, 0] = True
    return allowed


def barred(allowed: BoolArray, eligible: BoolArray) -> BoolArray:
    """(applicants,): whoever had a loan on the menu, and has none that is lawful."""
    loans = slice(1, None)
    return np.asarray(eligible[:, loans].any(axis=1) & ~(eligible & allowed)[:, loans].any(axis=1))


def condition(masks: Masks, text: str | None) -> BoolArray:
    """Of whom a condition holds: of everybody where there is none."""
    mask = masks.of(text, WHERE)
    return np.ones(masks.frame.height, dtype=bool) if mask is None else np.asarray(mask)


def _without(model: ValueModel, rule: RequiredCheck) -> list[int]:
    """The treatments whose journey lacks the check."""
    journeys = {each.journey.name: each.journey for each in model.menu if each.journey}
    known = {name for each in journeys.values() for name in each.checks}
    if rule.check not in known:
        raise BadInput(
            f"no journey has a check '{rule.check}'",
            field="check",
            mend=did_you_mean(rule.check, known),
        )
    return [
        k
        for k, each in enumerate(model.menu)
        if each.journey is not None and rule.check not in each.journey.checks
    ]

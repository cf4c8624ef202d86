"""Synthetic lenders that know little: every input is assumed within its published range.

Their applicants are those of `equipoise simulate`; the truth of each input is drawn from its range,
before anything is ranked, by the lender's seed alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import as_file, files

import numpy as np
import polars as pl
from scipy.special import expit

from equipoise.balance import AppetiteDocument
from equipoise.balance.limits import Masks
from equipoise.balance.search import Asked, InMemory
from equipoise.documents import Loaded, Quantity, read_document
from equipoise.experience import ExperienceFit, assumptions
from equipoise.experience.result import FittedCheck, FittedStep, FittedTakeUp
from equipoise.review.learning import Flow, Prior, Stand
from equipoise.review.learning.priors import possible
from equipoise.simulation import simulate
from equipoise.value.model import value_model
from equipoise.value.population import read_population
from equipoise.value.treatments import TreatmentsDocument

DEMO = files("equipoise").joinpath("examples", "demo")
APPLICANTS = 10_000
FLOW = Flow(per_day=40)
WINDOW_MONTHS = 12.0
LGD = Quantity(value=0.6, low=0.45, high=0.75, source="CRE32 and the lender's guess", unit="share")
PD_RESPONSE = (
    Quantity(value=4.0, low=0.0, high=10.0, source="a guess"),
    Quantity(value=2.0, low=0.0, high=4.0, source="a guess"),
)
CHECKS = {  # minutes, cost, underwriter hours
    "identity_check": (3, 1.5, 0.0),
    "income_proof": (8, 6.0, 0.0),
    "bank_statements": (9, 7.0, 0.0),
    "underwriter_review": (12, 48.0, 0.75),
}


@dataclass(frozen=True, slots=True)
class LearningLender:
    """A lender: what it stands on, its flow, and what is true of each of its assumptions."""

    stand: Stand
    truth: dict[str, float]
    flow: Flow = FLOW


@cache
def documents() -> tuple[Loaded[TreatmentsDocument], Loaded[AppetiteDocument]]:
    """The menu and the appetite of the example."""
    with as_file(DEMO) as folder:
        menu = read_document(folder / "treatments.yaml", TreatmentsDocument)
        return menu, read_document(folder / "appetite.yaml", AppetiteDocument)


def assumed_experience() -> ExperienceFit:
    """Nothing measured: published ranges for everything."""
    price = assumptions.price_response(0.15)
    return ExperienceFit(
        steps=(
            FittedStep(
                name="application_form",
                minutes=6,
                questions=12,
                activity=None,
                drop_off=assumptions.drop_off_after(6),
            ),
        ),
        checks=tuple(_check(name, *figures) for name, figures in CHECKS.items()),
        hazard_per_day=assumptions.HAZARD_PER_DAY,
        acceptance_per_day=assumptions.ACCEPTANCE_PER_DAY,
        take_up=FittedTakeUp(
            reference_apr=0.15,
            intercept=assumptions.TAKE_UP_INTERCEPT,
            price=price,
            amount=assumptions.TAKE_UP_AMOUNT,
            waiting=assumptions.ACCEPTANCE_PER_DAY,
            risk=assumptions.TAKE_UP_RISK,
        ),
    )


def _check(name: str, minutes: float, cost: float, hours: float) -> FittedCheck:
    return FittedCheck(
        name=name,
        minutes=Quantity(value=minutes),
        cost=Quantity(value=cost),
        drop_off=assumptions.drop_off_after(minutes),
        sensitivity=assumptions.CHECK_SENSITIVITY,
        false_alarm=assumptions.CHECK_FALSE_ALARM,
        questions=3,
        underwriter_hours=hours,
        manual=hours > 0,
    )


def lender(seed: int, applicants: int = APPLICANTS) -> LearningLender:
    """Its applicants, its recommended move at the stated inputs, and its truth."""
    made = simulate(applicants, seed)
    frame = made.applications().with_columns(
        pd=pl.Series(expit(made.truth.latent.log_odds)), lgd=pl.lit(LGD.value)
    )
    menu, appetite = documents()
    experience = assumed_experience()
    types = {name: _type(kind) for name, kind in frame.schema.items()}
    model = value_model(menu, experience, WINDOW_MONTHS, PD_RESPONSE, {"lgd": LGD})
    people = read_population(menu, frame, types, experience)
    asked = Asked(model, people, Masks(frame, types), appetite)
    search = InMemory(asked)
    today = search.today.totals()
    move = search.same_risk(today[asked.axes.x], today[asked.axes.y])
    stand = Stand(asked, move.choice)
    return LearningLender(stand, _truth(stand, seed))


def various(seed: int, applicants: int = APPLICANTS) -> LearningLender:
    """A lender unlike the others: what it has measured already, what it believes of the rest, and
    how many apply are its own. Its recommended move is solved anew."""
    rng = np.random.default_rng([seed, _VARIOUS])
    plain = lender(seed, applicants).stand
    beliefs = {each.name: _belief(each, rng) for each in plain.priors}
    asked = restated(plain, beliefs).asked
    search = InMemory(asked)
    today = search.today.totals()
    move = search.same_risk(today[asked.axes.x], today[asked.axes.y])
    stand = Stand(asked, move.choice)
    return LearningLender(
        stand, _truth(stand, seed), Flow(per_day=float(rng.choice([15, 40, 150])))
    )


def _belief(prior: Prior, rng: np.random.Generator) -> Quantity:
    """Half the inputs have been measured already, to a fifth of the range; the rest are believed at
    another place of it."""
    value = float(prior.at(rng.random(1))[0])
    if rng.random() < 0.5:
        return Quantity(value=value, low=prior.low, high=prior.high, source="a belief")
    half = 0.1 * (prior.high - prior.low)
    least, most = possible(prior.name)
    ends = max(value - half, least), min(value + half, most)
    return Quantity(value=value, low=ends[0], high=ends[1], provenance="measured", source="a count")


def _truth(stand: Stand, seed: int) -> dict[str, float]:
    """What is true of each assumption: drawn from its range by the lender's seed alone."""
    shares = np.random.default_rng([seed, _TRUTH]).random(len(stand.priors))
    return {
        prior.name: float(prior.at(np.array([share]))[0])
        for prior, share in zip(stand.priors, shares, strict=True)
    }


_TRUTH, _VARIOUS = 16, 19  # streams of their own


def restated(stand: Stand, measured: Mapping[str, Quantity]) -> Stand:
    """The same policy where some inputs have been measured."""
    model = stand.asked.model
    known = model.experience.quantities()
    experience = model.experience.with_quantities(
        {name: each for name, each in measured.items() if name in known}
    )
    own = {name: measured.get(name, each) for name, each in model.quantities.items()}
    new = replace(model, experience=experience, quantities=own)
    return Stand(replace(stand.asked, model=new), stand.recommended, stand.budget)


def _type(kind: pl.DataType) -> str:
    if kind == pl.Boolean:
        return "boolean"
    if kind == pl.Date:
        return "date"
    return "number" if kind.is_numeric() else "string"

"""A small lender: a menu of 21 treatments, its value model, and applicants drawn at random."""

from __future__ import annotations

import numpy as np

from equipoise.documents import Loaded, Quantity
from equipoise.experience import ExperienceFit, FittedCheck, FittedStep, FittedTakeUp
from equipoise.value.loans import instalment
from equipoise.value.model import ValueModel, value_model
from equipoise.value.population import Population
from equipoise.value.treatments import (
    Amount,
    ApplicantSection,
    Journey,
    LenderSection,
    Price,
    Term,
    TreatmentsDocument,
)


def _of(value: float) -> Quantity:
    return Quantity(value=value, source="made up")


def document() -> TreatmentsDocument:
    return TreatmentsDocument(
        applicant=ApplicantSection(
            amount="amount", term_months="term", monthly_income="income", apr="apr", today="today"
        ),
        lender=LenderSection(
            funding_rate=_of(0.031),
            operating_cost=_of(35.0),
            cost_of_capital=_of(0.12),
            underwriter_hour_cost=_of(48.0),
        ),
        journeys=(
            Journey(name="quick", steps=("form",), wait_days=0.1, cost=2.5),
            Journey(
                name="full", steps=("form", "papers"), checks=("income", "call"), wait_days=4.0
            ),
        ),
        prices=(
            Price(name="down", add=-0.02, floor=0.05),
            Price(name="base", add=0.0),
            Price(name="up", add=0.02, cap=0.24),
            Price(name="more", add=0.04, cap=0.3),
            Price(name="most", add=0.06, cap=0.36),
        ),
        amounts=(Amount(name="all", share=1.0), Amount(name="less", share=0.7)),
        terms=(Term(name="asked"),),
    )


def experience() -> ExperienceFit:
    def check(name: str, sensitivity: float, false_alarm: float) -> FittedCheck:
        return FittedCheck(
            name=name,
            minutes=_of(7.0),
            cost=_of(1.5),
            drop_off=_of(0.06),
            sensitivity=_of(sensitivity),
            false_alarm=_of(false_alarm),
            questions=3,
            underwriter_hours=0.25,
            manual=True,
        )

    return ExperienceFit(
        steps=(
            FittedStep(name="form", minutes=6.0, questions=14, activity=None, drop_off=_of(0.11)),
            FittedStep(name="papers", minutes=9.0, questions=3, activity=None, drop_off=_of(0.08)),
        ),
        checks=(check("income", 0.3, 0.05), check("call", 0.15, 0.02)),
        hazard_per_day=_of(0.03),
        acceptance_per_day=_of(0.02),
        take_up=FittedTakeUp(
            reference_apr=0.12,
            intercept=_of(0.8),
            price=_of(-14.0),
            amount=_of(1.3),
            waiting=_of(-0.07),
            risk=_of(0.25),
        ),
    )


def model(window_months: float = 24.0) -> ValueModel:
    return value_model(
        Loaded(document(), {}, "treatments.yaml"),  # type: ignore[arg-type]
        experience(),
        window_months,
        (_of(4.0), _of(1.5)),
        {},
    )


CHECK_SHIFT = -0.37


def people(size: int, seed: int = 7) -> Population:
    rng = np.random.default_rng(seed)
    seen = 1 / (1 + np.exp(-np.clip(rng.normal(-3, 1.5, size), -12, 6)))
    log_odds = np.log(seen / (1 - seen)) - CHECK_SHIFT
    amount = np.round(rng.lognormal(8.5, 0.8, size), 2)
    months = rng.choice([6.0, 12.0, 24.0, 36.0, 48.0, 60.0, 84.0, 240.0], size)
    apr = np.round(rng.uniform(0.03, 0.35, size), 4)
    return Population(
        pd=1 / (1 + np.exp(-log_odds)),
        seen_pd=seen,
        lgd=rng.uniform(0.2, 0.9, size),
        amount=amount,
        months=months,
        income=rng.lognormal(7.8, 0.5, size),
        apr=apr,
        instalment=instalment(amount, apr, months),
        today=np.zeros(size, dtype=np.intp),
        eligible=np.ones((size, 21), dtype=bool),
    )

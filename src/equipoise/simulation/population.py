"""Who applies: what the lender sees of them, and what it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.simulation.loan import instalment
from equipoise.simulation.parameters import (
    KINDS,
    Bureau,
    Category,
    DefaultParameters,
    Parameters,
    PopulationParameters,
)
from equipoise.simulation.streams import Streams

MONTHS_OF_DELINQUENCY_HISTORY = 84
DAYS_PER_MONTH = 30.4375
USUAL_BURDEN = 0.3  # where the intercept of default holds


@dataclass(frozen=True, slots=True)
class Codes:
    """A categorical column: (N,) positions in `names`."""

    codes: IntArray
    names: tuple[str, ...]

    def effect(self, categories: Mapping[str, Category], which: str) -> FloatArray:
        """(N,) the category's `log_income` or `log_odds`."""
        table = np.array([getattr(categories[name], which) for name in self.names])
        return np.asarray(table[self.codes])


@dataclass(frozen=True, slots=True)
class Observed:
    """What the lender sees; (N,) columns. NaN and -1 stand for missing until written."""

    age: IntArray
    sex: Codes
    region: Codes
    channel: Codes
    employment: Codes
    months_employed: IntArray
    home: Codes
    income: FloatArray
    debt_payments: FloatArray
    dti: FloatArray
    bureau_score: FloatArray
    utilisation: FloatArray
    enquiries: IntArray
    months_since_delinquency: IntArray
    purpose: Codes
    amount: FloatArray
    term: IntArray
    applied_day: IntArray


@dataclass(frozen=True, slots=True)
class Latent:
    """What nobody sees; (N,) columns.

    `kind` is a position in KINDS; `log_odds` is of default within the window, before any check, at
    today's price for the applicant's tier and the amount and term asked.
    """

    kind: IntArray
    income: FloatArray
    log_odds: FloatArray
    lgd: FloatArray


@dataclass(frozen=True, slots=True)
class Population:
    """The applicants of one run."""

    observed: Observed
    latent: Latent

    def __len__(self) -> int:
        return len(self.latent.kind)


def make_population(parameters: Parameters, streams: Streams) -> Population:
    """Draw the applicants."""
    people = parameters.population
    resilience = streams.normal("resilience")
    age = _ages(people, streams)
    sex = _pick(people.sexes, streams, "sex")
    region = _pick(people.regions, streams, "region")
    channel = _pick(people.channels, streams, "channel")
    employment = _pick(people.employments, streams, "employment")
    purpose = _pick(people.purposes, streams, "purpose")
    months_employed = ((age - people.age_lowest) * 12 * streams.uniform("tenure") ** 2).astype(
        np.int64
    )
    log_income = (
        np.log(people.monthly_income_median)
        + sex.effect(people.sexes, "log_income")
        + region.effect(people.regions, "log_income")
        + employment.effect(people.employments, "log_income")
        + 0.10 * resilience
        - 0.0004 * (age - 48.0) ** 2  # incomes peak at 48
        + 0.1
        + people.log_income_sd * streams.normal("income")
    )
    income = np.exp(log_income)
    kind = _kinds(people, employment, streams)
    declared = _declared_income(people, income, kind, streams)
    home = _homes(people, age, log_income, streams)
    debt_payments = np.minimum(
        0.17 * np.exp(-0.25 * resilience + 0.5 * streams.normal("debt")), 0.8
    )
    debt_payments = np.round(debt_payments * income, 0)
    amount = _amounts(people, log_income, streams)
    term = _terms(people, amount, streams)
    score = _bureau_score(parameters.bureau, people, age, resilience, streams)
    utilisation = expit(
        -0.3
        + parameters.bureau.utilisation_slope * resilience
        + parameters.bureau.utilisation_noise * streams.normal("utilisation")
    )
    enquiries = streams.poisson(
        "enquiries",
        parameters.bureau.enquiries_mean * np.exp(parameters.bureau.enquiries_slope * resilience),
    )
    delinquency = _delinquency(parameters.bureau, resilience, streams)
    days = int(parameters.calendar.months * DAYS_PER_MONTH)
    observed = Observed(
        age=age,
        sex=sex,
        region=region,
        channel=channel,
        employment=employment,
        months_employed=months_employed,
        home=home,
        income=declared,
        debt_payments=debt_payments,
        dti=np.round(debt_payments / declared, 4),
        bureau_score=score,
        utilisation=np.round(utilisation, 3),
        enquiries=enquiries,
        months_since_delinquency=delinquency,
        purpose=purpose,
        amount=amount,
        term=term,
        applied_day=(days * streams.uniform("applied_day")).astype(np.int64),
    )
    log_odds = _seen_log_odds(parameters, observed) + _hidden_log_odds(
        parameters, observed, (resilience, income, kind), streams
    )
    latent = Latent(kind, income, log_odds, _lgd(parameters, observed, kind))
    return Population(observed, latent)


def _seen_log_odds(parameters: Parameters, seen: Observed) -> FloatArray:
    """What the observed fields themselves cause."""
    default, people = parameters.default, parameters.population
    return np.asarray(
        default.intercept
        + default.tenure * -np.expm1(-seen.months_employed / default.tenure_months)
        + default.enquiries * seen.enquiries
        + _delinquency_effect(default, seen.months_since_delinquency)
        + seen.region.effect(people.regions, "log_odds")
        + seen.channel.effect(people.channels, "log_odds")
        + seen.employment.effect(people.employments, "log_odds")
        + seen.purpose.effect(people.purposes, "log_odds")
        + seen.home.effect(people.homes, "log_odds")
    )


def _hidden_log_odds(
    parameters: Parameters,
    seen: Observed,
    hidden: tuple[FloatArray, FloatArray, IntArray],
    streams: Streams,
) -> FloatArray:
    """What (resilience, true income, kind) cause, and frailty."""
    default = parameters.default
    resilience, income, kind = hidden
    payment = instalment(seen.amount, default.reference_apr, seen.term)
    by_kind = np.array([0.0, default.misreport, default.fraud])
    return np.asarray(
        default.resilience * resilience
        + default.frailty_sd * streams.normal("frailty")
        + default.burden * ((seen.debt_payments + payment) / income - USUAL_BURDEN)
        + by_kind[kind]
    )


def _delinquency_effect(default: DefaultParameters, months: IntArray) -> FloatArray:
    fresh = np.clip(1 - months / 24, 0, 1)
    return np.where(months < 0, 0.0, default.recent_delinquency * fresh)


def _lgd(parameters: Parameters, seen: Observed, kind: IntArray) -> FloatArray:
    loss = parameters.loss
    tenant = seen.home.codes == seen.home.names.index("rent")
    usual = (
        loss.lgd
        + loss.owner * ~tenant
        + loss.log_amount * np.log(seen.amount / parameters.population.amount_median)
    )
    fraud = kind == KINDS.index("fraud")
    return np.where(fraud, loss.fraud, np.clip(usual, 0.2, 0.95))


def _pick(categories: Mapping[str, Category], streams: Streams, name: str) -> Codes:
    edges = np.cumsum([category.share for category in categories.values()])[:-1]
    return Codes(np.searchsorted(edges, streams.uniform(name), side="right"), tuple(categories))


def _ages(people: PopulationParameters, streams: Streams) -> IntArray:
    age = people.age_mean + people.age_sd * streams.normal("age")
    return np.clip(age, people.age_lowest, people.age_highest).astype(np.int64)


def _kinds(people: PopulationParameters, employment: Codes, streams: Streams) -> IntArray:
    self_employed = employment.codes == employment.names.index("self_employed")
    misreports = streams.uniform("misreport") < people.misreport_share * (1 + self_employed)
    fraud: BoolArray = streams.uniform("fraud") < people.fraud_share
    return np.where(
        fraud, KINDS.index("fraud"), np.where(misreports, KINDS.index("misreport"), 0)
    ).astype(np.int64)


def _declared_income(
    people: PopulationParameters, income: FloatArray, kind: IntArray, streams: Streams
) -> FloatArray:
    noise = streams.normal("declared")
    overstated = 1 + people.misreport_size * (0.5 + 0.63 * np.abs(noise))  # mean of |N| is 0.8
    honest = np.exp(0.02 * noise)
    return np.maximum(np.round(income * np.where(kind > 0, overstated, honest), -1), 100.0)


def _homes(
    people: PopulationParameters, age: IntArray, log_income: FloatArray, streams: Streams
) -> Codes:
    standing = 0.03 * (age - people.age_mean) + 0.5 * (
        log_income - np.log(people.monthly_income_median)
    )
    rank = streams.uniform("home")
    names = tuple(people.homes)
    rent, own = people.homes["rent"].share, people.homes["own"].share
    owns = rank > expit(np.log((1 - own) / own) - standing)
    rents = rank < expit(np.log(rent / (1 - rent)) - standing)
    codes = np.where(
        rents,
        names.index("rent"),
        np.where(owns, names.index("own"), names.index("mortgage")),
    )
    return Codes(codes.astype(np.int64), names)


def _amounts(people: PopulationParameters, log_income: FloatArray, streams: Streams) -> FloatArray:
    richer = 0.5 * (log_income - np.log(people.monthly_income_median))
    amount = people.amount_median * np.exp(richer + people.log_amount_sd * streams.normal("amount"))
    return np.asarray(np.round(np.clip(amount, people.amount_lowest, people.amount_highest), -2))


def _terms(people: PopulationParameters, amount: FloatArray, streams: Streams) -> IntArray:
    """Larger amounts are asked over longer terms."""
    wish = 0.45 + 0.15 * np.log(amount / people.amount_median) + 0.22 * streams.normal("term")
    position = np.clip((wish * len(people.terms)).astype(np.int64), 0, len(people.terms) - 1)
    return np.asarray(np.array(people.terms, dtype=np.int64)[position])


def _bureau_score(
    bureau: Bureau,
    people: PopulationParameters,
    age: IntArray,
    resilience: FloatArray,
    streams: Streams,
) -> FloatArray:
    seen = bureau.score_correlation
    standard = seen * resilience + np.sqrt(1 - seen**2) * streams.normal("bureau_score")
    score = np.clip(np.round(bureau.score_mean + bureau.score_sd * standard), 300, 850)
    thin = np.where(age < 25, people.thin_file_share_young, people.thin_file_share)
    return np.where(streams.uniform("thin_file") < thin, np.nan, score)


def _delinquency(bureau: Bureau, resilience: FloatArray, streams: Streams) -> IntArray:
    chance = expit(bureau.delinquency_intercept + bureau.delinquency_slope * resilience)
    months = (MONTHS_OF_DELINQUENCY_HISTORY * streams.uniform("delinquency_age")).astype(np.int64)
    return np.where(streams.uniform("delinquency") < chance, months, -1)

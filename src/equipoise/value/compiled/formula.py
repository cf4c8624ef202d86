# ruff: noqa: PLR0917  (compiled code takes its arguments by position)
"""The value of one treatment for one applicant: one branch-free formula for every engine.

It comes in steps, `standing`, `at_terms` and `measured`, so that loops can keep what steps share.

The formulas are those of docs/explanation/value-model.md, arranged so that nothing is lost where
figures nearly cancel. Only operators and `arithmetic` are used: what runs live, in batches and as
SQL is this one function.
"""

from __future__ import annotations

from typing import Any

from equipoise.value.compiled.arithmetic import clip, exp, expm1, inlined, log, log1p, pick

LEAST_RATE = 1e-9  # a year; below it an interest-free loan
NEAR = 1e-8  # closer to 1 than this, a geometric sum is its series


@inlined
def repaid_share(rate: float, months: float) -> Any:
    """1 - (1 + rate)^-months."""
    return -expm1(clip(-months * log1p(rate), -100.0, 0.0))


@inlined
def geometric_rest(apart: float, short: float, shrunk: float, months: float) -> float:
    """(weight^n - growth^-n) / (weight growth - 1), with `apart` the denominator."""
    near = pick(apart < 0.0, -apart, apart) < NEAR
    series = months * shrunk * (1.0 + (months - 1.0) * apart * 0.5)
    return pick(near, series, short / pick(near, 1.0, apart))


@inlined
def standing(pd: float, amount: float, months: float, apr: float) -> tuple[float, float]:
    """What depends on the applicant only: log-odds of the PD as seen, today's instalment."""
    seen = clip(pd, 1e-6, 0.999)
    rate = pick(apr > LEAST_RATE, apr, LEAST_RATE) / 12.0
    return log(seen / (1.0 - seen)), amount * rate / repaid_share(rate, months)


@inlined
def at_terms(
    seen: float, instalment: float, amount: float, months: float, income: float, apr: float,
    add: float, lowest: float, highest: float, share: float, add_months: float,
    check_shift: float, price_response: float, burden_response: float,
) -> tuple[float, ...]:  # fmt: skip
    """A treatment's APR, amount, months, instalment; monthly rate, share repaid, odds of default.

    The odds (and, last, their logarithm) are those before checks, at the treatment's terms.
    """
    new_apr = clip(apr + add, lowest, highest)
    new_months = months + add_months
    new_months = pick(new_months > 1.0, new_months, 1.0)
    new_amount = amount * share
    rate = pick(new_apr > LEAST_RATE, new_apr, LEAST_RATE) / 12.0
    repaid = repaid_share(rate, new_months)
    pays = new_amount * rate / repaid
    burden = clip((pays - instalment) / income, -0.5, 0.5)
    log_odds = seen - check_shift + price_response * (new_apr - apr) + burden_response * burden
    log_odds = clip(log_odds, -30.0, 30.0)
    return new_apr, new_amount, new_months, pays, rate, repaid, exp(log_odds), log_odds


@inlined
def capital_place(
    log_odds: float, log_ratio: float, capital_start: float, capital_step: float
) -> float:
    """Where the booked PD stands in the table of unit capital, in steps."""
    return (log_odds + log_ratio - capital_start) / capital_step


@inlined
def measured(
    seen: float, lgd: float,
    apr: float, amount: float, months: float, rate: float, repaid: float, odds: float,
    unit_capital: float,
    inclination: float, stays: float, good: float, bad: float, ratio: float,
    minutes: float, questions: float, hours: float, cost: float,
    take_up_price: float, take_up_risk: float,
    funding_rate: float, operating_cost: float, cost_of_capital: float,
    lgd_scale: float, window_months: float,
) -> tuple[float, ...]:  # fmt: skip
    """The measures in their order, from a treatment's terms and the odds at these terms."""
    # checks: those who pass, and the odds of default among them
    repays = 1.0 / (1.0 + odds)
    passes = (good + bad * odds) * repays
    booked_odds = clip(odds * ratio, 1e-9, 999.0)
    new_lgd = clip(lgd * lgd_scale, 0.0, 1.0)
    k = new_lgd * unit_capital

    # take-up
    utility = clip(inclination + take_up_price * apr + take_up_risk * seen, -40.0, 40.0)
    leaning = exp(utility)
    takes = leaning / (1.0 + leaning)
    surplus = log1p(leaning) / -take_up_price

    # balances while default comes at a constant monthly hazard, per amount times `repaid`
    shrunk = 1.0 - repaid
    log_alive = -log1p(booked_odds) / window_months
    hazard = -expm1(log_alive)
    alive = 1.0 - hazard
    lost = expm1(clip(months * log_alive, -100.0, 0.0))
    apart = rate - hazard - hazard * rate
    held = -lost / hazard - geometric_rest(apart, lost + repaid, shrunk, months)
    monthly = funding_rate / 12.0
    aged = expm1(clip(-months * log1p(monthly), -100.0, 100.0))
    faded = lost + (1.0 + lost) * aged
    leaves = (hazard + monthly) / (1.0 + monthly)
    apart = rate - leaves - leaves * rate
    valued = -faded / leaves - geometric_rest(apart, faded + repaid, shrunk, months)

    scale = amount / repaid
    discounted = scale * (alive / (1.0 + monthly)) * valued
    interest = (apr - funding_rate) / 12.0 * discounted
    loss = new_lgd * hazard / alive * discounted
    capital_years = scale * held / 12.0
    balance_years = scale * (months - repaid / rate) / 12.0
    booked = stays * passes * takes
    worth = interest - operating_cost - loss - k * capital_years * cost_of_capital
    return (
        1.0,
        booked,
        stays * takes * repays * good,
        booked * amount,
        booked * loss,
        booked * amount * k,
        booked * apr,
        booked * worth - cost + 0.0,  # where nobody stays, no -0.0
        stays * passes * surplus * balance_years,
        minutes,
        questions,
        hours,
    )

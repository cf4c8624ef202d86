"""The friction of a policy: what each check buys and costs among those who meet it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.experience import Meeting, friction_table
from equipoise.numeric.arrays import FloatArray
from equipoise.value.loans import loan_worth
from equipoise.value.model import ValueModel
from equipoise.value.population import Population


def check_friction(
    model: ValueModel, people: Population, choice: NDArray[np.integer]
) -> list[dict[str, Any]]:
    """One entry per check that anybody meets under `choice`; money in the contract's currency.

    In each, `net` is `bad_avoided_money` and `bad_left_money` less `good_lost_money` and `cost`.
    """
    met: dict[str, list[Meeting]] = {}
    for k in np.unique(choice):
        if model.menu[int(k)].journey is not None:
            _meet(model, people.rows(np.flatnonzero(choice == k)), int(k), met)
    hour_cost = model.quantities["lender.underwriter_hour_cost"].value
    entries = [
        (model.experience.check(name).uncertain(), _joined(meetings))
        for name, meetings in met.items()
    ]
    return [
        {
            "check": row.check,
            "applicants": row.applicants,
            "bad_avoided": row.bad_loans_avoided.value,
            "bad_avoided_money": row.losses_avoided.value,
            "bad_left": row.bad_loans_left.value,
            "bad_left_money": row.losses_left.value,
            "good_lost": row.good_stopped.value + row.good_left.value,
            "good_lost_money": row.good_stopped_value.value + row.good_left_value.value,
            "cost": row.cost.value,
            "net": row.net.value,
            "net_low": row.net.low,
            "net_high": row.net.high,
            "minutes": row.minutes,
        }
        for row in friction_table(entries, hour_cost)
    ]


def _meet(model: ValueModel, people: Population, k: int, met: dict[str, list[Meeting]]) -> None:
    journey = model.menu[k].journey
    if journey is None:
        return
    apr, amount, months = model.terms(people, k)
    way = model.way(journey)
    pd = model.pd_at_terms(people, apr, amount, months)
    waits = np.full(1, way.wait_days)
    takes = model.take_up().probability(apr, amount / people.amount, waits, people.seen_pd)
    reach = np.full(people.size, way.stays)
    for check in way.checks:
        reach = reach / (1 - check.drop_off)
    loss, value = _stakes(model, people, apr, amount, months)
    for check in way.checks:
        booking = takes * _later(way.checks, check.name)
        met.setdefault(check.name, []).append(Meeting(reach, booking, pd, loss, value))
        reach = reach * (1 - check.drop_off) * check.pass_rate(pd)
        pd = check.pd_given_pass(pd)


def _later(checks: tuple[Any, ...], name: str) -> float:
    """Share of good payers whom the checks after `name` leave: they must still be booked."""
    after = checks[[check.name for check in checks].index(name) + 1 :]
    return float(np.prod([(1 - check.drop_off) * (1 - check.false_alarm) for check in after]))


def _stakes(
    model: ValueModel, people: Population, apr: FloatArray, amount: FloatArray, months: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Money lost per default and earned per loan repaid."""
    small = np.full(people.size, 1e-4)
    funding = model.quantities["lender.funding_rate"].value
    worth = loan_worth(
        pd=small,
        lgd=people.lgd,
        amount=amount,
        apr=apr,
        months=months,
        window_months=model.window_months,
        funding_rate=funding,
    )
    return worth.expected_loss / 1e-4, worth.interest - model.quantities[
        "lender.operating_cost"
    ].value


def _joined(meetings: list[Meeting]) -> Meeting:
    names = ("reach", "booking", "pd", "loss_if_bad", "value_if_good")
    return Meeting(*(np.concatenate([getattr(each, name) for each in meetings]) for name in names))

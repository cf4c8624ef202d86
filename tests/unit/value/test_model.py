"""The value model by hand: each part of the formula on loans small enough for pencil and paper.

A loan of 1,000 over one month at 12 % a year: its balance is 1,000 for a month, so that it earns
10 if repaid and owes 1,000 / 12 balance-years.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log

import numpy as np
import pytest

from equipoise.documents import Quantity
from equipoise.experience import ExperienceFit, FittedCheck, FittedStep, FittedTakeUp
from equipoise.value.loans import instalment
from equipoise.value.measures import MEASURES, Measures
from equipoise.value.model import ValueModel
from equipoise.value.population import Population
from equipoise.value.treatments import Amount, Journey, Price, Term, Treatment

AS_TODAY, ALL, ASKED = (
    Price(name="today", add=0.0),
    Amount(name="all", share=1.0),
    Term(name="asked"),
)
AT_ONCE = Journey(name="at_once")
FREE = {
    "lender.funding_rate": 0.0,
    "lender.operating_cost": 0.0,
    "lender.cost_of_capital": 0.0,
    "lender.underwriter_hour_cost": 0.0,
    "pd_response.price": 0.0,
    "pd_response.burden": 0.0,
    "lgd_scale": 1.0,
}


def of(value: float) -> Quantity:
    return Quantity(value=value, source="by hand")


def check(name: str, **parts: float) -> FittedCheck:
    given = {"minutes": 0.0, "cost": 0.0, "drop_off": 0.0, "sensitivity": 0.0, "false_alarm": 0.0}
    quantities = {part: of(value) for part, value in (given | parts).items() if part in given}
    return FittedCheck(
        name=name,
        questions=int(parts.get("questions", 0)),
        underwriter_hours=parts.get("underwriter_hours", 0.0),
        manual=False,
        **quantities,
    )


def step(name: str, drop_off: float, minutes: float = 0.0, questions: int = 0) -> FittedStep:
    return FittedStep(
        name=name, minutes=minutes, questions=questions, activity=None, drop_off=of(drop_off)
    )


def experience(
    *,
    steps: Sequence[FittedStep] = (),
    checks: Sequence[FittedCheck] = (),
    hazard: float = 0.0,
    **take_up: float,
) -> ExperienceFit:
    """Take-up is one half unless its coefficients say otherwise: a utility of zero."""
    parts = {"intercept": 0.0, "price": -10.0, "amount": 0.0, "waiting": 0.0, "risk": 0.0} | take_up
    return ExperienceFit(
        steps=tuple(steps),
        checks=tuple(checks),
        hazard_per_day=of(hazard),
        acceptance_per_day=of(0.0),
        take_up=FittedTakeUp(
            reference_apr=0.12, **{name: of(value) for name, value in parts.items()}
        ),
    )


def model(
    fit: ExperienceFit | None = None,
    *,
    journey: Journey = AT_ONCE,
    price: Price = AS_TODAY,
    amount: Amount = ALL,
    term: Term = ASKED,
    window: float = 1.0,
    **figures: float,
) -> ValueModel:
    """A menu of the decline and one treatment, at no cost unless `figures` say otherwise."""
    offer = Treatment(name="offer", journey=journey, price=price, amount=amount, term=term)
    quantities = FREE | {name.replace("__", "."): value for name, value in figures.items()}
    return ValueModel(
        (Treatment(name="decline"), offer),
        fit or experience(),
        {name: of(value) for name, value in quantities.items()},
        window,
    )


def person(
    pd: float = 0.1, lgd: float = 0.5, months: float = 1.0, income: float = 2_000.0
) -> Population:
    one = np.ones(1)
    amount, apr = 1_000.0 * one, 0.12 * one
    return Population(
        pd=pd * one,
        seen_pd=0.5 * one,
        lgd=lgd * one,
        amount=amount,
        months=months * one,
        income=income * one,
        apr=apr,
        instalment=instalment(amount, apr, months * one),
        today=np.zeros(1, dtype=np.intp),
        eligible=np.ones((1, 2), dtype=bool),
    )


def one(measures: Measures) -> dict[str, float]:
    return {name: float(getattr(measures, name)[0]) for name in MEASURES}


def test_one_month_of_a_loan_by_hand() -> None:
    form = step("form", 0.2, minutes=6.0, questions=14)
    fitted = experience(steps=[form])
    journey = Journey(name="form_only", steps=("form",), cost=2.0)
    offered = one(model(fitted, journey=journey, lender__operating_cost=5.0).column(person(), 1))
    assert offered["approvals"] == 1.0
    assert offered["booked"] == pytest.approx(0.4)  # 0.8 stay, half take it
    assert offered["good_customers_served"] == pytest.approx(0.36)  # nine in ten repay
    assert offered["exposure"] == pytest.approx(400.0)
    assert offered["expected_loss"] == pytest.approx(20.0)  # 0.4 * 0.1 * half of 1,000
    assert offered["price"] == pytest.approx(0.048)
    # interest of 10 where it is repaid, 9 expected; less 5, less 50; the journey's 2 for everybody
    assert offered["profit"] == pytest.approx(0.4 * (9.0 - 5.0 - 50.0) - 2.0)
    # 0.8 * ln(2) / 10 * 1,000 / 12
    assert offered["customer_surplus"] == pytest.approx(4.6209812, abs=1e-6)
    assert (offered["minutes"], offered["questions"]) == (6.0, 14.0)
    assert offered["underwriter_hours"] == 0.0


def test_a_check_stops_by_bayes_and_costs_everybody_who_starts() -> None:
    call = check(
        "call", sensitivity=0.6, false_alarm=0.1, drop_off=0.25,
        minutes=7.0, questions=3.0, cost=1.5, underwriter_hours=0.5,
    )  # fmt: skip
    journey = Journey(name="with_call", checks=("call",), cost=2.0)
    checked = model(experience(checks=[call]), journey=journey, lender__underwriter_hour_cost=40.0)
    offered = one(checked.column(person(pd=0.2), 1))
    # 0.75 stay; of good payers 0.9 pass, of bad ones 0.4: 0.72 + 0.08 = 0.8, and one in ten is bad
    assert offered["booked"] == pytest.approx(0.75 * 0.8 * 0.5)
    assert offered["good_customers_served"] == pytest.approx(0.75 * 0.5 * 0.8 * 0.9)
    assert offered["expected_loss"] == pytest.approx(0.3 * 0.1 * 500.0)
    assert offered["underwriter_hours"] == 0.5
    # 9 earned and 50 lost on each loan booked; 2 + 1.50 and half an hour at 40 for who starts
    assert offered["profit"] == pytest.approx(0.3 * (9.0 - 50.0) - 23.5)
    assert (offered["minutes"], offered["questions"]) == (7.0, 3.0)


def test_a_second_check_meets_the_odds_that_the_first_has_left() -> None:
    checks = [check("a", sensitivity=0.5), check("b", sensitivity=0.5, false_alarm=0.2)]
    journey = Journey(name="both", checks=("a", "b"))
    offered = one(model(experience(checks=checks), journey=journey).column(person(pd=0.2), 1))
    # good: 0.8 * 1 * 0.8 = 0.64; bad: 0.2 * 0.5 * 0.5 = 0.05
    assert offered["booked"] == pytest.approx((0.64 + 0.05) / 2)
    assert offered["good_customers_served"] == pytest.approx(0.32)
    assert offered["expected_loss"] == pytest.approx(0.05 / 2 * 500.0)


def test_capital_is_that_of_the_basel_table() -> None:
    # other retail, PD 1 % a year, LGD 45 %: a risk weight of 45.77 %, of which 8 % is capital
    offered = one(model(window=12.0).column(person(pd=0.01, lgd=0.45), 1))
    assert offered["capital"] == pytest.approx(0.5 * 1_000.0 * 0.4577 * 0.08, abs=0.003)


def test_capital_costs_while_the_loan_is_held() -> None:
    free = one(model(window=12.0).column(person(pd=0.01, lgd=0.45), 1))
    paid = one(
        model(window=12.0, lender__cost_of_capital=0.12).column(person(pd=0.01, lgd=0.45), 1)
    )
    # a twelfth of a year at 12 % of the capital held
    assert free["profit"] - paid["profit"] == pytest.approx(free["capital"] * 0.01)


def test_funding_is_paid_and_discounts() -> None:
    offered = one(model(lender__funding_rate=0.06).column(person(), 1))
    # (12 % - 6 %) / 12 of 1,000 for nine in ten, and a loss of 50, both due a month later
    assert offered["expected_loss"] == pytest.approx(0.5 * 50.0 / 1.005)
    assert offered["profit"] == pytest.approx(0.5 * (0.9 * 5.0 - 50.0) / 1.005)


def test_a_dearer_price_moves_odds_and_take_up() -> None:
    dear = Price(name="up", add=0.05)
    moved = one(model(price=dear, pd_response__price=4.0).column(person(), 1))
    odds = exp(4.0 * 0.05) / 9.0  # odds of one in nine, times e^0.2
    takes = 1 / (1 + exp(10.0 * 0.05))
    assert moved["booked"] == pytest.approx(takes)
    assert moved["good_customers_served"] == pytest.approx(takes / (1 + odds))
    assert moved["price"] == pytest.approx(takes * 0.17)


def test_a_heavier_instalment_moves_odds_up_to_half_an_income() -> None:
    # one month: the instalment of a third more is 1,346.67 instead of 1,010, of an income of 2,000
    more = Amount(name="more", share=4 / 3)
    moved = one(model(amount=more, pd_response__burden=3.0).column(person(), 1))
    odds = exp(3.0 * (1_010.0 / 3) / 2_000.0) / 9.0
    assert moved["good_customers_served"] == pytest.approx(0.5 / (1 + odds))
    poor = one(model(amount=more, pd_response__burden=3.0).column(person(income=100.0), 1))
    assert poor["good_customers_served"] == pytest.approx(0.5 / (1 + exp(1.5) / 9.0))


def test_a_smaller_amount_is_taken_up_less() -> None:
    half = Amount(name="half", share=0.5)
    offered = one(model(experience(amount=1.0), amount=half).column(person(), 1))
    assert offered["booked"] == pytest.approx(1 / 3)  # odds of one, times 0.5
    assert offered["exposure"] == pytest.approx(500.0 / 3)


def test_waiting_loses_people_and_take_up() -> None:
    fitted = experience(hazard=0.1, waiting=-0.5)
    journey = Journey(name="slow", wait_days=2.0)
    offered = one(model(fitted, journey=journey).column(person(), 1))
    assert offered["booked"] == pytest.approx(exp(-0.2) / (1 + exp(1.0)))


def test_take_up_rises_with_risk_as_it_was_seen_beside_outcomes() -> None:
    people = person()
    riskier = Population(
        **{name: getattr(people, name) for name in Population.__slots__ if name != "seen_pd"},
        seen_pd=np.array([0.75]),
    )
    offered = one(model(experience(risk=1.0)).column(riskier, 1))
    assert offered["booked"] == pytest.approx(0.75)  # log-odds of three to one


@pytest.mark.parametrize(
    ("price", "apr"),
    [
        (Price(name="down", add=-0.1, floor=0.05), 0.05),
        (Price(name="up", add=0.1, cap=0.2), 0.2),
        (Price(name="today", add=0.0, floor=0.15), 0.12),  # what does not move is not clipped
    ],
)
def test_prices_stay_between_floor_and_cap(price: Price, apr: float) -> None:
    terms = model(price=price).terms(person(), 1)
    assert [float(each[0]) for each in terms] == pytest.approx([apr, 1_000.0, 1.0])


def test_terms_grow_by_months_and_never_fall_below_one() -> None:
    longer = model(term=Term(name="longer", add_months=12)).terms(person(months=24.0), 1)
    shorter = model(term=Term(name="shorter", add_months=-30)).terms(person(months=24.0), 1)
    assert (longer[2][0], shorter[2][0]) == (36.0, 1.0)


def test_lgd_is_scaled_and_stays_a_share() -> None:
    larger = one(model(lgd_scale=1.5).column(person(), 1))
    capped = one(model(lgd_scale=3.0).column(person(), 1))
    assert larger["expected_loss"] == pytest.approx(0.5 * 0.1 * 750.0)
    assert capped["expected_loss"] == pytest.approx(0.5 * 0.1 * 1_000.0)


def test_a_decline_is_zero_everywhere() -> None:
    assert set(one(model().column(person(), 0)).values()) == {0.0}


def test_a_choice_is_made_of_the_tables_columns() -> None:
    people = person().rows(np.zeros(3, dtype=np.intp))
    table = model().table(people)
    chosen = model().of_choice(people, np.array([1, 0, 1]))
    for name in MEASURES:
        column = getattr(table, name)
        assert getattr(chosen, name).tolist() == [column[0, 1], 0.0, column[2, 1]]


def test_inputs_are_replaced_by_name() -> None:
    fitted = experience(steps=[step("form", 0.2)])
    journey = Journey(name="form_only", steps=("form",))
    base = model(fitted, journey=journey)
    other = base.replaced({"steps.form.drop_off": 0.5, "lender.operating_cost": 7.0})
    assert one(other.column(person(), 1))["booked"] == pytest.approx(0.25)
    assert other.quantities["lender.operating_cost"].value == 7.0
    assert one(base.column(person(), 1))["booked"] == pytest.approx(0.4)


def test_log_odds_of_the_reference_price_are_the_intercept() -> None:
    offered = one(model(experience(intercept=log(3.0))).column(person(), 1))
    assert offered["booked"] == pytest.approx(0.75)

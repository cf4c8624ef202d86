"""The truth of any sequence of steps."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from equipoise.errors import BadInput
from equipoise.simulation import Lender, Outcome, Terms

BURDENS = {"minutes", "underwriter_hours", "profit"}
FULL = ("application_form", "identity_check", "income_proof", "bank_statements")


def offer(lender: Lender, journey: str | None = "full") -> Terms:
    truth = lender.truth
    return Terms(journey, truth.todays_apr, truth.amount, truth.term)


@pytest.mark.parametrize("journey", ["fast", "standard", "full", "review"])
def test_a_journey_s_steps_lend_to_whom_the_journey_does(lender: Lender, journey: str) -> None:
    steps = lender.parameters.journeys[journey].steps
    whole = lender.truth.outcome(offer(lender, journey))
    asked = lender.truth.of_steps(steps, offer(lender, journey))
    for field in fields(Outcome):
        if field.name not in BURDENS:
            assert getattr(asked, field.name) == pytest.approx(getattr(whole, field.name))
    # whoever has left or was stopped is asked for nothing more
    assert (asked.minutes < whole.minutes).all()
    assert (asked.profit >= whole.profit).all()


def test_minutes_are_those_of_the_share_who_reach_each_step(lender: Lender) -> None:
    parameters, terms = lender.parameters, offer(lender)
    result = lender.truth.of_steps(FULL[:3], terms)
    form, identity, income = (parameters.steps[name] for name in FULL[:3])
    pd, kind = lender.truth.pd(terms), lender.truth.latent.kind
    ordinary = kind == 0
    stop = identity.stops["ordinary"]  # type: ignore[index]
    after_form = 1 - form.drop_off
    passes = (1 - pd) * (1 - stop.false_alarm) + pd * (1 - stop.sensitivity)
    after_identity = after_form * (1 - identity.drop_off) * passes
    expected = form.minutes + after_form * identity.minutes + after_identity * income.minutes
    assert result.minutes[ordinary] == pytest.approx(expected[ordinary])


def test_a_step_left_out_serves_more_good_customers_at_more_loss(lender: Lender) -> None:
    everything = lender.truth.of_steps(FULL, offer(lender))
    less = lender.truth.of_steps((*FULL[:2], FULL[3]), offer(lender))
    assert (less.good_customers_served > everything.good_customers_served).all()
    assert less.expected_loss.sum() > everything.expected_loss.sum()


def test_what_is_asked_before_a_decline_is_spent(lender: Lender) -> None:
    result = lender.truth.of_steps(FULL[:2], Terms(None))
    assert (result.minutes > 6.0).all()
    assert (result.profit < 0).all()
    assert not np.any(result.booked)


def test_an_unknown_step_is_refused_with_its_mend(lender: Lender) -> None:
    with pytest.raises(BadInput, match="no step 'bank_statement'") as refused:
        lender.truth.of_steps(("bank_statement",), offer(lender))
    assert "bank_statements" in str(refused.value.mend)

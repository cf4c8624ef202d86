"""Observed this month: what the strategies in force decided, by what they expected of it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from lender import RISKY, anew, ask, facts, shop

from equipoise.service.contexts.balances.models import Month
from equipoise.service.contexts.balances.observing import observe, observed
from equipoise.service.contexts.decisions import reading as decisions
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.platform.record import subjects
from equipoise.value.measures import MEASURES


@pytest.fixture(autouse=True)
def champion(of_a_lender: None, sqlite_database: Any) -> Iterator[None]:
    with anew():
        yield


def decide(count: int, **changes: Any) -> list[str]:
    program, made = shop(), []
    for at in range(count):
        given = facts(application_id=f"p{at}-{len(changes)}", amount=3000.0 + 700 * at, **changes)
        answer = ask(program, given)
        assert answer.status_code == 201, answer.content
        made.append(answer.json()["id"])
    return made


def measures(decision: str) -> dict[str, float]:
    content = decisions.read(decision)
    assert content.facts is not None
    result = content.facts["trace"]["measures"] or {}
    return {name: float(result.get(name, 0.0)) for name in MEASURES}


def test_the_month_is_the_sum_of_what_was_expected_with_an_interval() -> None:
    made = [*decide(12), *decide(3, **RISKY)]
    assert observe() == 1
    [month] = observed()
    rows = [measures(each) for each in made]
    assert month.people == len(made)
    loss, lent = (sum(each[name] for each in rows) for name in ("expected_loss", "exposure"))
    figure = month.rate("expected_loss", "exposure")
    assert figure is not None
    assert figure.value == pytest.approx(loss / lent)
    spread = sum((each["expected_loss"] - loss / lent * each["exposure"]) ** 2 for each in rows)
    assert figure.high - figure.value == pytest.approx(1.96 * math.sqrt(spread) / lent)
    good = month.mean("good_customers_served")
    assert good is not None
    mean = sum(each["good_customers_served"] for each in rows) / len(rows)
    assert good.value == pytest.approx(mean)
    assert good.low < mean < good.high


def test_it_is_worked_out_anew_only_when_there_is_more() -> None:
    decide(3)
    assert (observe(), observe()) == (1, 0)
    decide(2, **RISKY)
    assert observe() == 1
    assert observed()[0].people == 5


def test_whose_facts_are_gone_is_counted_apart() -> None:
    made = decide(3)
    subjects.erase(Decision.objects.get(pk=made[0]).application, "user.1", "asked for")
    observe()
    [month] = observed()
    assert (month.people, month.unread) == (2, 1)


def test_last_month_is_another() -> None:
    decide(2)
    observe()
    row = Month.objects.get()
    row.first -= timedelta(days=1)
    row.save()
    assert observed() == []


def test_before_anything_was_decided_nothing_is_observed() -> None:
    assert observe() == 0
    assert observed() == []

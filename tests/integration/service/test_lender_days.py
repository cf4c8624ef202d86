"""Days are the lender's: of a decision, of its outcome, of a batch, whatever the machine's are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from corner_lender import CONTRACT, content
from lender import anew, ask, facts, publish, shop
from people import person, send, with_key

from equipoise.contract import Contract, days
from equipoise.service.contexts.decisions.examples import example_application
from equipoise.service.platform.accounts.permissions import Role
from equipoise.strategy.engine import Strategy
from equipoise.strategy.sealing import seal

# Half past ten in the morning of a day in UTC: yesterday in Pago Pago, tomorrow on Kiritimati.
_MOMENT = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
_ZONES = {
    "Pacific/Kiritimati": date(2026, 3, 2),
    "Asia/Shanghai": date(2026, 3, 1),
    "America/New_York": date(2026, 3, 1),
    "Pacific/Pago_Pago": date(2026, 2, 28),
}
_EVENING = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)  # half past seven in the evening in New York

At = Callable[[datetime], None]


def lender_of(zone: str, version: int = 1) -> Strategy:
    """The corner lender, somewhere."""
    contract = Contract.model_validate({**CONTRACT, "time_zone": zone})
    return Strategy(seal(content(version=version).model_copy(update={"contract": contract})))


@pytest.fixture
def at(sqlite_database: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[At]:
    """Puts another moment in the place of now."""

    def put(moment: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
        monkeypatch.setattr(days, "now", lambda: moment)

    with anew():
        yield put


@pytest.mark.parametrize(("zone", "day"), _ZONES.items())
def test_a_decision_and_its_outcome_are_of_the_lender_s_day(at: At, zone: str, day: date) -> None:
    at(_MOMENT)
    publish(raw=lender_of(zone).sealed.text().encode())
    client = shop()
    made = ask(client, facts(score_date=day, applied_on=day)).json()
    assert (made["outcome"], made["decided_on"]) == ("approve", day.isoformat())
    where = f"/v1/decisions/{made['id']}/outcome"
    for wrong, part in ((day - timedelta(1), "before"), (day + timedelta(1), "still to come")):
        refused = send(client, "POST", where, {"outcome": "booked", "on": wrong.isoformat()})
        assert refused.status_code == 422
        assert part in refused.content.decode()
    today = {"outcome": "booked", "on": day.isoformat()}
    assert send(client, "POST", where, today).status_code == 201
    assert send(client, "POST", where, {"outcome": "booked"}).json()["on"] == day.isoformat()
    assert len(client.get(f"{where}s").json()) == 1
    assert send(client, "POST", f"/v1/decisions/{made['id']}/replay").json()["identical"]


def test_an_outcome_of_this_evening_is_of_today_west_of_utc(at: At) -> None:
    at(_EVENING)
    publish(raw=lender_of("America/New_York").sealed.text().encode())
    client = shop()
    made = ask(client, facts(score_date="2026-03-01", applied_on="2026-03-01")).json()
    assert made["decided_on"] == "2026-03-01"
    where = f"/v1/decisions/{made['id']}/outcome"
    outcome = {"outcome": "booked", "on": "2026-03-01", "amount": 5000}
    assert send(client, "POST", where, outcome).status_code == 201


@pytest.mark.parametrize(("zone", "day"), _ZONES.items())
def test_a_batch_is_of_the_lender_s_day(at: At, zone: str, day: date) -> None:
    at(_MOMENT)
    publish(raw=lender_of(zone).sealed.text().encode())
    client = with_key(person(Role.RISK_OFFICER), "batches.create")[0]
    line = json.dumps(facts()).encode() + b"\n"
    answer = client.generic(
        "POST", "/v1/batches", line, content_type="application/x-ndjson",
        headers={"Idempotency-Key": "one"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["decided_on"]) == (202, day.isoformat())


def test_the_example_that_the_service_shows_is_of_the_lender_s_day(at: At) -> None:
    at(_MOMENT)
    for zone, day in _ZONES.items():
        assert example_application(lender_of(zone))["score_date"] == day.isoformat()

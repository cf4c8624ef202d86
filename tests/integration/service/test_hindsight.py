"""What came of people's decisions against the strategy, from the record, for whoever may see it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from lender import AUTHORITY, anew, facts, publish
from people import acting, logged_in, person
from service_records import entry
from test_cases import made, officer, override

from equipoise.record.events import Recorded
from equipoise.service.contexts.cases.events import OverrideMade
from equipoise.service.contexts.decisions.events import DecisionMade, OutcomeRecorded
from equipoise.service.contexts.hindsight import following, judging, services
from equipoise.service.contexts.hindsight.models import Judged
from equipoise.service.contexts.hindsight.reading import Review, review_for
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.record import subjects

pytestmark = pytest.mark.usefixtures("sqlite_database")
NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
LENT = date(2025, 6, 2)  # all are watched for longer than a year
WORTH = "overrides: {loss: 0.5, margin: 0.1}\n"


class Past:
    """Overrides of a known law: by which reason, how often bad, and what the model said."""

    def __init__(self, seed: int) -> None:
        self.rng, self.pds, self.events, self.made = np.random.default_rng(seed), {}, [], {}

    def approve(self, many: int, reason: str, bad: float, pd: float, people: list[str]) -> Past:
        for each in range(many):
            decision, application = f"decision-{reason}-{each}", f"application-{reason}-{each}"
            self.pds[decision] = pd
            self.made[application] = self._decided(decision)
            self._told(application, OverrideMade(
                decision=decision, machine="decline", answer="approve", reason=reason,
                level="junior", words={}, by=people[each % len(people)],
            ))  # fmt: skip
            self._outcome(application, decision, "booked", LENT)
            gone_bad = self.rng.uniform() < bad
            how, days = ("defaulted", 150) if gone_bad else ("repaid", 360)
            self._outcome(application, decision, how, LENT + timedelta(days=days))
        return self

    def _decided(self, decision: str) -> DecisionMade:
        return DecisionMade(
            decision=decision, made={"outcome": "decline", "grade": "C"}, request="",
            strategy="corner", way="champion", propensity=1.0, facts={}, made_at="", by="user.9",
        )  # fmt: skip

    def _outcome(self, application: str, decision: str, what: str, on: date) -> None:
        event = OutcomeRecorded(decision=decision, outcome=what, on=on.isoformat(), amount=None,
                               by="user.9")  # fmt: skip
        self._told(application, event)

    def _told(self, chain: str, event: Any) -> None:
        at = len(self.events)
        moment = datetime(2025, 6, 1, tzinfo=UTC) + timedelta(seconds=at)
        self.events.append(Recorded(at + 1, entry(chain, moment, event), event))


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A past that was followed and judged; PDs and amounts are opened from where they lie."""

    def of(past: Past, worth: str = WORTH) -> None:
        def decisions(outcomes: Any) -> dict[str, DecisionMade]:
            made = (past.made[each.entry.chain] for each in outcomes)
            return {each.decision: each for each in made}

        def read(decision: str) -> Any:
            trace = {"pd": past.pds[decision], "terms": {"amount": 1000.0}}
            return SimpleNamespace(facts={"offers": [], "trace": trace}, plain={"grade": "C"})

        monkeypatch.setattr(following, "_decisions", decisions)
        monkeypatch.setattr(judging, "read", read)
        if worth:
            (settings.CONFIGURATION.workspace / "desks.yaml").write_text(worth)
        following.FOLLOWED.take(past.events)
        judging.judge(NOW)

    yield of
    (settings.CONFIGURATION.workspace / "desks.yaml").unlink(missing_ok=True)


def seen(user: Any) -> Review:
    result = review_for(acting(user))
    assert result is not None
    return result.review


def test_a_reason_that_loses_money_and_one_that_earns_are_found(judged: Any) -> None:
    """Of loans of 1,000: one loses 0.45 x 500 - 0.55 x 100 = 170 each, the other earns 82."""
    people = [f"user.{n}" for n in range(1, 5)]
    past = Past(3).approve(200, "LONG_KNOWN", 0.45, 0.2, people)
    judged(past.approve(200, "INCOME", 0.03, 0.15, people))
    review = seen(person(Role.RISK_OFFICER))
    by_name = {(each.by, each.name): each for each in review.findings}
    loses, earns = by_name["reason", "LONG_KNOWN"], by_name["reason", "INCOME"]
    assert (loses.answer, earns.answer) == ("loses_money", "earns")
    assert loses.figures.money.low < -170 * 200 < loses.figures.money.high
    assert earns.figures.money.low < 82 * 200 < earns.figures.money.high
    page = logged_in(person(Role.RISK_OFFICER)).get("/overrides/").content.decode()
    assert "Reason LONG_KNOWN</b>: loses money" in page
    assert "Assumed in desks.yaml" in page


def test_people_see_their_own_figures_and_risk_officers_everybodys(judged: Any) -> None:
    mine, other = person(Role.UNDERWRITER), person(Role.UNDERWRITER)
    ids = [acting(each).person for each in (mine, other)]
    past = Past(5).approve(60, "INCOME", 0.1, 0.1, ids)
    judged(past.approve(30, "ONLY_MINE", 0.1, 0.1, ids[:1]))
    for user, named in ((mine, {ids[0]}), (other, {ids[1]})):
        groups = seen(user).groups
        assert {each.name for each in groups if each.by == "person"} == named
        [alone] = [each for each in groups if each.name == "ONLY_MINE"]
        assert (alone.approved.answer == "withheld") == (user is other)
    owner = seen(person(Role.SERVICE_OWNER))
    assert not [each for each in owner.groups if each.by == "person"]
    assert owner.withheld == 2
    whole = seen(person(Role.RISK_OFFICER))
    assert {each.name for each in whole.groups if each.by == "person"} == set(ids)
    page = logged_in(other).get("/overrides/").content.decode()
    assert mine.username not in page
    assert other.username in page


def test_few_are_counted_alone_and_money_is_told_only_where_its_worth_is_declared(
    judged: Any,
) -> None:
    judged(Past(1).approve(8, "INCOME", 0.5, 0.2, ["user.1", "user.2"]), worth="")
    whole = next(each for each in seen(person(Role.RISK_OFFICER)).groups if each.by == "all")
    assert (whole.approved.n, whole.approved.answer) == (8, "too_few")
    assert whole.approved.bad_rate is None
    client = logged_in(person(Role.RISK_OFFICER))
    assert "is not declared" in client.get("/overrides/").content.decode()
    client.cookies["equipoise-language"] = "zh"
    assert "已知结果太少" in client.get("/overrides/").content.decode()


def test_an_override_of_the_services_own_is_taken_from_the_record() -> None:
    with anew():
        publish(authority=AUTHORITY)
        user, client = officer()
        decision = made()
        assert override(client, decision["id"]).status_code == 201
        services.follow()
        frames = judging.exported(NOW.date())
    [row] = frames.decisions.to_dicts()
    assert (row["machine"], row["person"], row["reason"]) == ("approve", "decline", "INCOME")
    assert row["officer_id"] == f"user.{user.pk}"
    assert row["amount"] == facts()["amount"]
    assert 0 < row["expected_bad"] < 1
    subjects.erase(decision["application"], "user.1", "asked")
    assert judging.exported(NOW.date()).unread == 1


def test_nothing_is_shown_before_anybody_overrode() -> None:
    assert judging.judge(NOW) == 0
    assert not Judged.objects.exists()
    client = logged_in(person(Role.AUDITOR))
    assert "was judged yet" in client.get("/overrides/").content.decode()
    assert client.get("/v1/hindsight").json()["groups"] == []
    assert client.post("/overrides/judge").status_code == 302

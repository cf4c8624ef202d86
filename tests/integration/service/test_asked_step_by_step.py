"""A person is asked only what their own application needs: a check's facts, once it is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from applying import Applicant, bureau
from lender import anew, publish
from people import person, with_key
from stepping import ASKED, sealed_stepping

from equipoise.contract import Contract
from equipoise.service.contexts.decisions.events import DecisionMade
from equipoise.service.contexts.drafts import services, tasks
from equipoise.service.contexts.drafts.events import DraftEvent, DraftWentOn
from equipoise.service.contexts.drafts.given import SOURCES
from equipoise.service.contexts.drafts.models import Draft, DraftState
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record
from equipoise.service.platform.record.subjects import open_sealed

LOW, MIDDLE, BAD = (780.0, 0.2), (780.0, 0.4), (400.0, 0.55)


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> Iterator[None]:
    with anew():
        publish(raw=sealed_stepping())
        yield


def sent(risk: tuple[float, float]) -> Applicant:
    someone = Applicant().begin().fill()
    with bureau(score=risk[0], dti=risk[1]):
        assert someone.send()["Location"] == someone.home + "progress"
    return someone


def row_of(someone: Applicant) -> Draft:
    return Draft.objects.get(pk=someone.draft)


def decided(someone: Applicant) -> list[Mapping[str, Any]]:
    return [e.event.made for e in record.history(row_of(someone).application, DecisionMade)]


def facts_of(someone: Applicant) -> Mapping[str, Any]:
    """What its last decision was made on."""
    *_, last = record.history(row_of(someone).application, DecisionMade)
    facts: Mapping[str, Any] = open_sealed(last.event.facts)["application"]
    return facts


def send_more(someone: Applicant, after: str = "") -> Any:
    after = after or row_of(someone).decision
    return someone.client.post(someone.home + "send", {"after": after})


def bring(someone: Applicant, check: str, result: str = "passed") -> Any:
    program = with_key(person(Role.ADMINISTRATOR), "checks.record", "decisions.read")[0]
    return program.post(
        f"/v1/applications/{row_of(someone).application}/checks",
        {"checks": {check: result}},
        content_type="application/json",
        headers={"Idempotency-Key": f"{check}-{result}"},
    )


def test_nobody_is_asked_at_first_what_a_check_alone_needs() -> None:
    someone = Applicant().begin()
    assert "Who you work for" not in someone.text("")
    assert someone.get("q/employer").status_code == 404


def test_low_risk_sees_fewer_pages_than_middle_risk_and_is_told_what_was_spared() -> None:
    low, middle = sent(LOW), sent(MIDDLE)
    assert decided(low)[-1]["outcome"] == "approve"
    assert "What we ask you now" not in low.text("progress")
    answer = low.text("answer")
    assert "What we did not ask you" in answer
    assert all(each["en"] in answer for each in ASKED.values())

    said = middle.text("progress")
    assert decided(middle)[-1]["trace"]["next_check"] == "income"
    assert "What we ask you now" in said
    assert "Who you work for" in said
    assert "other accounts" not in said
    assert middle.get("q/employer").status_code == 200
    assert middle.get("q/other-accounts")["Location"] == middle.home + "progress"


def test_who_is_asked_for_more_answers_it_and_the_application_goes_on() -> None:
    someone = sent(MIDDLE)
    first = row_of(someone)
    page = someone.get("q/employer").content.decode()
    assert "You have not sent these answers yet" in page
    assert someone.type("employer", "").status_code == 422
    assert someone.type("employer", "Planted & Sons")["Location"] == someone.home + "q/months-there"
    assert someone.type("months-there", "")["Location"] == someone.home + "check"
    check = someone.text("check")
    assert "Planted &amp; Sons" in check
    assert "Send these answers" in check
    with bureau(register_hits=0):
        assert send_more(someone)["Location"] == someone.home + "progress"
    row = row_of(someone)
    assert (row.state, row.application) == (DraftState.SENT, first.application)
    assert row.decision != first.decision
    facts = facts_of(someone)
    assert (facts["employer"], facts["months_there"]) == ("Planted & Sons", None)
    assert facts["register_hits"] == 0
    assert "It is our turn" in someone.text("progress")
    assert bring(someone, "income").status_code == 201
    assert decided(someone)[-1]["outcome"] == "approve"
    spared = someone.text("answer").partition("What we did not ask you")[2]
    assert "other accounts" in spared
    assert "Who you work for" not in spared
    assert verify_record().valid


def test_each_step_is_sent_once() -> None:
    someone = sent(MIDDLE)
    after = row_of(someone).decision
    assert send_more(someone)["Location"] == someone.home + "check"  # nothing is answered yet
    someone.type("employer", "Planted & Sons")
    someone.type("months-there", "12")
    for _ in range(3):
        assert send_more(someone, after)["Location"] == someone.home + "progress"
    someone.send()
    assert len(decided(someone)) == 2
    went = record.history(someone.draft, DraftWentOn)
    assert [each.event.before for each in went] == [after]


def test_what_was_sent_cannot_be_changed_and_what_is_asked_can_until_it_is_sent() -> None:
    someone = sent(MIDDLE)
    assert someone.type("amount", "9,000")["Location"] == someone.home + "progress"
    assert someone.type("employer", "Frist", "check")["Location"] == someone.home + "check"
    someone.type("employer", "First")
    someone.type("months-there", "12", "back")
    assert "First" in someone.text("check")
    send_more(someone)
    assert someone.type("employer", "Second")["Location"] == someone.home + "progress"
    assert someone.get("check")["Location"] == someone.home + "progress"


def test_going_back_from_the_first_page_leads_to_where_it_stands() -> None:
    someone = sent(MIDDLE)
    back = someone.type("employer", "Planted", "back")
    assert back["Location"] == someone.home
    assert someone.client.get(back["Location"])["Location"] == someone.home + "progress"
    assert 'value="Planted"' in someone.get("q/employer").content.decode()


def test_the_share_that_is_shown_never_falls_though_pages_are_added() -> None:
    someone = Applicant().begin()
    shown = [0]

    def look() -> None:
        shown.append(row_of(someone).shown)

    for question, text in (("amount", "8,000"), ("term", "36"), ("income", "3000")):
        someone.type(question, text)
        look()
    someone.fill()
    look()
    with bureau(score=MIDDLE[0], dti=MIDDLE[1]):
        someone.send()
    look()
    someone.type("employer", "Planted & Sons")
    look()
    someone.type("months-there", "12")
    look()
    assert shown == sorted(shown)
    assert shown[-1] < 1000
    assert len(set(shown)) > 4


def test_a_source_that_fails_at_a_later_step_holds_it_up_and_it_goes_on_by_itself() -> None:
    someone = sent(MIDDLE)
    someone.type("employer", "Planted & Sons")
    someone.type("months-there", "12")

    def dead(*_: Any) -> Any:
        raise OSError("no answer")

    SOURCES.append(dead)
    try:
        send_more(someone)
    finally:
        SOURCES.remove(dead)
    assert row_of(someone).state == DraftState.SENDING
    assert "being sent" in someone.text("progress")
    assert len(decided(someone)) == 1
    Draft.objects.update(changed_at="2026-01-01T00:00:00Z")
    assert tasks.send_on.func() == 1
    assert len(decided(someone)) == 2
    assert row_of(someone).state == DraftState.SENT


def test_a_source_is_asked_for_what_a_check_needs_once_the_check_is_wanted() -> None:
    wanted: list[set[str]] = []

    def source(asked: Contract, _product: str, known: Mapping[str, Any]) -> Mapping[str, Any]:
        wanted.append({field.name for field in asked.fields})
        return {"score": MIDDLE[0], "dti": MIDDLE[1], "register_hits": 3}

    SOURCES.append(source)
    try:
        someone = sent((0.0, 0.0))
        first = facts_of(someone)
        someone.type("employer", "Planted & Sons")
        someone.type("months-there", "12")
        send_more(someone)
    finally:
        SOURCES.remove(source)
    assert "register_hits" not in first
    assert ["register_hits" in each for each in wanted] == [False, True]


def test_who_is_declined_is_told_what_was_not_asked_too() -> None:
    someone = sent(BAD)
    assert decided(someone)[-1]["outcome"] == "decline"
    assert "Who you work for" in someone.text("decline").partition("What we did not ask you")[2]


def test_nobody_elses_browser_sends_what_was_asked() -> None:
    someone, stranger = sent(MIDDLE), Applicant().begin()
    before = [each.entry.kind for each in record.history(someone.draft, DraftEvent)]
    theirs = stranger.client.post(someone.home + "send", {"after": row_of(someone).decision})
    assert theirs.status_code == 404
    assert [each.entry.kind for each in record.history(someone.draft, DraftEvent)] == before


def test_two_who_send_one_step_at_once_have_one_decision(in_threads: Any) -> None:
    someone = sent(MIDDLE)
    after = row_of(someone).decision
    someone.type("employer", "Planted & Sons")
    someone.type("months-there", "12")
    in_threads(4, lambda _n: services.send_more(someone.draft, after, "applicant", "web"))
    assert len(decided(someone)) == 2
    assert len(record.history(someone.draft, DraftWentOn)) == 1

"""A person applies in the browser, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from applying import ANSWERS, CONTACT, PURPOSES, Applicant, asking_contract, bureau, publish_asking
from corner_lender import content
from django.utils import timezone
from lender import publish
from through_door import Client

from equipoise.record.personal import Erased
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.drafts import services, tasks
from equipoise.service.contexts.drafts.events import DraftAnswered, DraftConsented, DraftEvent
from equipoise.service.contexts.drafts.given import SOURCES
from equipoise.service.contexts.drafts.models import Draft, DraftState
from equipoise.service.contexts.drafts.typed import opened_text
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.strategy.sealing import seal

HANDS = services.Hands()


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish_asking()


def typed(draft: str) -> dict[str, dict[str, str]]:
    """What is kept of a draft's pages."""
    row = Draft.objects.get(pk=draft)
    kept = opened_text(subjects.several([draft])[draft], row.sealed)
    return {name: dict(raw) for name, raw in kept.raw.items()}


def happened(draft: str) -> list[str]:
    return [each.entry.kind for each in record.history(draft, DraftEvent)]


def test_a_person_applies_from_the_first_page_to_the_answer() -> None:
    with bureau(score=780.0, dti=0.2):
        person = Applicant().begin().fill()
        assert "8,000" in person.text("check").replace("\u202f", " ")
        assert person.send()["Location"] == person.home + "progress"
    said = person.text("progress")
    assert "We received it" in said
    draft = Draft.objects.get(pk=person.draft)
    assert draft.reference in said
    assert draft.state == DraftState.SENT
    made = Decision.objects.get(pk=draft.decision)
    assert made.application == draft.application
    assert made.outcome in person_outcomes()
    assert happened(person.draft) == [
        "draft.begun",
        *["draft.answered"] * 5,
        *["draft.consented"] * 2,
        "draft.answered",
        "draft.sent",
    ]


def person_outcomes() -> set[str]:
    return {"approve", "counter_offer", "decline", "refer", "ask_for_more"}


def test_pressing_send_twice_is_sending_once() -> None:
    person = Applicant().begin().fill()
    assert person.send().status_code == person.send().status_code == 302
    assert Decision.objects.count() == 1
    assert happened(person.draft).count("draft.sent") == 1


def test_two_browsers_that_send_one_draft_have_one_receipt(
    in_threads: Callable[..., list[Any]],
) -> None:
    person = Applicant().begin().fill()
    answers = in_threads(4, lambda _n: services.send(person.draft, HANDS.by, HANDS.channel))
    row = Draft.objects.get(pk=person.draft)
    assert {each.decision for each in answers} - {""} == {row.decision}
    assert {each.id for each in answers} == {row.id}
    assert Decision.objects.count() == 1
    assert happened(person.draft).count("draft.sent") == 1


@pytest.mark.parametrize("go", ["on", "back", "tasks", "check", "language-zh"])
def test_every_way_off_a_page_keeps_what_was_typed(go: str) -> None:
    person = Applicant().begin()
    answer = person.type("income", "three thousand", go)
    assert answer.status_code == (422 if go == "on" else 302)
    assert typed(person.draft) == {"income": {"": "three thousand"}}
    assert 'value="three thousand"' in person.get("q/income").content.decode()
    assert happened(person.draft) == ["draft.begun"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("x" * 500, "x" * 500), ("x" * 501, "x" * 500), ("eight\x00 thousand", "eight thousand")],
)
def test_of_a_box_so_much_is_kept_and_no_nul(typed: str, kept: str) -> None:
    person = Applicant().begin()
    person.type("amount", typed)
    assert f'value="{kept}"' in person.get("q/amount").content.decode()


def test_a_page_says_what_cannot_be_read_and_links_to_it() -> None:
    person = Applicant().begin()
    answer = person.type("amount", "12.000,50")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#answer"' in page
    assert 'aria-invalid="true"' in page
    assert "<title>Error: " in page


def test_continue_leads_to_the_next_page_that_is_not_answered() -> None:
    person = Applicant().begin()
    assert person.post("contact", CONTACT)["Location"] == person.home + "q/amount"
    assert person.type("amount", "8000")["Location"] == person.home + "q/term"
    for question in ("income", "employment", "term"):
        last = person.type(question, ANSWERS[question])
    assert last["Location"] == person.home + "consents"
    assert person.post("consents", PURPOSES)["Location"] == person.home + "check"


def test_a_language_is_chosen_in_the_middle_and_stays() -> None:
    person = Applicant().begin()
    assert person.type("amount", "8000", "language-zh")["Location"] == person.home + "q/amount"
    page = person.get("q/amount").content.decode()
    assert '<html lang="zh-Hans">' in page
    assert "您想借多少" in page
    assert 'value="8000"' in page


def test_the_browsers_language_is_spoken_until_another_is_chosen() -> None:
    client = Client(headers={"accept-language": "zh-CN,zh;q=0.9,en;q=0.5"})
    assert '<html lang="zh-Hans">' in client.get("/apply/").content.decode()
    client.post("/apply/language", {"language": "en"})
    assert '<html lang="en">' in client.get("/apply/").content.decode()


def test_nothing_is_sent_that_is_not_complete() -> None:
    person = Applicant().begin().fill()
    person.type("income", "", "tasks")
    assert person.send()["Location"] == person.home + "check"
    assert "Not answered" in person.text("check")
    person.type("income", "3000")
    person.post("consents", {"decision": "on"}, "tasks")
    assert person.send()["Location"] == person.home + "check"
    assert Decision.objects.count() == 0


def test_without_what_is_needed_one_cannot_go_on_and_what_is_ticked_is_kept() -> None:
    person = Applicant().begin()
    answer = person.post("consents", {"decision": "on"})
    assert answer.status_code == 422
    page = person.get("consents").content.decode()
    assert page.count(" checked") == 1
    assert happened(person.draft) == ["draft.begun", "draft.consented"]
    person.post("consents", {}, "tasks")
    assert happened(person.draft)[-1] == "draft.withdrew"


def test_whether_one_may_be_asked_is_agreed_to_where_one_says_how_one_is_reached() -> None:
    """Unticked, of its own, and kept whatever else is agreed to or not."""
    person = Applicant().begin()
    page = person.get("contact").content.decode()
    assert page.count('type="checkbox"') == 1
    assert " checked" not in page
    person.post("contact", {**CONTACT, "asking_back": "on"})
    assert " checked" in person.get("contact").content.decode()
    events = record.history(person.draft, DraftConsented)
    assert [(each.event.purpose, each.event.text) for each in events] == [("asking_back", 2)]
    person.post("consents", PURPOSES)
    assert "draft.withdrew" not in happened(person.draft)
    assert " checked" in person.get("contact").content.decode()
    person.post("contact", CONTACT)
    assert happened(person.draft).count("draft.withdrew") == 1


def test_nobody_elses_browser_sees_a_draft() -> None:
    person, stranger = Applicant().begin(), Applicant().begin()
    own = stranger.client
    for page in ("", "check", "q/amount", "progress", "answer", "consents", "delete"):
        theirs = own.get(person.home + page)
        nobodys = own.get(f"/apply/draft-{'0' * 32}/{page}")
        assert theirs.status_code == nobodys.status_code == 404
    assert own.post(person.home + "send").status_code == 404
    # Neither does a browser with the secret of another draft.
    own.cookies["draft"] = stranger.client.cookies["draft"].value
    assert own.get(person.home).status_code == 404


def test_looking_at_pages_changes_nothing() -> None:
    person = Applicant().begin().fill()
    before = [*Draft.objects.values()], happened(person.draft)
    for page in ("", "check", "q/amount", "progress", "consents", "delete", "send", "language"):
        for _ in range(2):
            person.get(page)
            person.client.head(person.home + page)
    assert ([*Draft.objects.values()], happened(person.draft)) == before


def test_what_was_typed_is_deleted_for_good() -> None:
    person = Applicant().begin().fill()
    sealed = Draft.objects.get(pk=person.draft).sealed
    assert "is deleted" in person.client.post(person.home + "delete").content.decode()
    assert person.get("").status_code == 404
    with pytest.raises(Erased):
        opened_text(subjects.several([person.draft])[person.draft], sealed)
    assert happened(person.draft)[-1] == "draft.ended"


def test_a_draft_that_nobody_touches_ends_after_its_time() -> None:
    old, new = Applicant().begin().fill(), Applicant().begin()
    Draft.objects.filter(pk=old.draft).update(changed_at=timezone.now() - tasks.KEPT)
    Draft.objects.filter(pk=new.draft).update(
        changed_at=timezone.now() - tasks.KEPT + timedelta(minutes=5)
    )
    assert tasks.expire_drafts.func() == 1
    assert old.get("").status_code == 404
    assert new.get("").status_code == 200


def test_who_was_cut_off_while_sending_goes_on() -> None:
    person = Applicant().begin().fill()
    Draft.objects.filter(pk=person.draft).update(state=DraftState.SENDING)
    assert "being sent" in person.text("progress")
    assert person.type("amount", "9000").status_code == 302  # it can be changed no more
    person.send()
    assert Draft.objects.get(pk=person.draft).state == DraftState.SENT
    assert typed_amount(person.draft) == "8,000"


def typed_amount(draft: str) -> str:
    return typed(draft)["amount"][""]


def test_what_was_typed_stands_in_no_event() -> None:
    # with a point or a comma: digits alone may stand in an id by chance
    person = Applicant().begin().fill(income="3141.59")
    person.send()
    bodies = [bytes(each.body) for each in record.entries(person.draft)]
    assert bodies
    assert not any(typed in body for body in bodies for typed in (b"8,000", b"3141.59"))


def test_a_share_that_was_shown_is_never_taken_back() -> None:
    person = Applicant().begin().fill()
    shown = Draft.objects.get(pk=person.draft).shown
    assert shown == 857  # six pages are done, and our answer is the seventh step
    person.type("income", "", "tasks")
    assert f'value="{shown}"' in person.get("").content.decode()


def test_each_page_is_answered_on_the_record_under_its_name() -> None:
    person = Applicant().begin().fill()
    pages = [each.page for each in (e.event for e in record.history(person.draft, DraftAnswered))]
    assert pages == ["amount", "term", "income", "employment", "contact", "consents"]


def test_nothing_is_decided_while_a_source_of_facts_fails_and_all_goes_on_by_itself() -> None:
    person = Applicant().begin().fill()
    with failing_bureau():
        person.send()
        Draft.objects.update(changed_at=timezone.now() - timedelta(minutes=5))
        assert tasks.send_on.func() == 0
    assert Decision.objects.count() == 0
    assert "being sent" in person.text("progress")
    with bureau(score=780.0, dti=0.2):
        assert tasks.send_on.func() == 1
    assert Draft.objects.get(pk=person.draft).state == DraftState.SENT
    assert Decision.objects.count() == 1
    assert tasks.send_on.func() == 0


def test_where_nobody_knows_what_is_needed_nothing_is_decided_and_the_log_names_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    contract = asking_contract()
    fields = [
        each.model_copy(update={"missing": "refuse"}) if each.name == "score" else each
        for each in contract.fields
    ]
    needing = content().model_copy(
        update={"contract": contract.model_copy(update={"fields": fields})}
    )
    publish(raw=seal(needing).text().encode())
    person = Applicant().begin().fill()
    assert person.send().status_code == 302
    assert "being sent" in person.text("progress")
    assert Decision.objects.count() == 0
    (line,) = [each for each in caplog.records if "no source knows" in each.message]
    assert "score" in str(vars(line))
    Draft.objects.update(changed_at=timezone.now() - timedelta(minutes=5))
    with bureau(score=780.0, dti=0.2):
        assert tasks.send_on.func() == 1


@contextmanager
def failing_bureau() -> Iterator[None]:
    """A bureau whose line is dead."""

    def source(_contract: Any, _product: str, _known: Any) -> Any:
        raise OSError("no answer")

    SOURCES.append(source)
    try:
        yield
    finally:
        SOURCES.remove(source)

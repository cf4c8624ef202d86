"""What the helper says of an application is what its pages say of it, in the language asked in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from applying import Applicant, bureau, sealed_asking
from corner_lender import STRATEGY
from fronting import ALL, completed, front
from lender import publish
from people import send
from test_arrivals import TOO_FEW, waits
from test_offers import signed, taken

from equipoise.helper import Answer, HandOver, open_helper
from equipoise.helper.approved import Kind, approved
from equipoise.service.contexts.arrivals import tasks
from equipoise.service.contexts.drafts.models import Draft, DraftState
from equipoise.service.contexts.drafts.reading import view
from equipoise.service.pages.applicant.known import known
from equipoise.texts.saying import speaking

FRESH = {"score_date": datetime.now(UTC).date().isoformat(), "on_sick_leave": False}
SAFE = {"score": 780.0, "dti": 0.2, **FRESH}
SICK = {**SAFE, "on_sick_leave": True}
SHAKY = {"score": 650.0, "dti": 0.4, **FRESH}  # at an income of 800 the rule STRAINED
POOR = {"income": "800"}
LARGE = {"amount": "12,000"}  # two checks are wanted
HALF, MOST = "within 3 days", "within 4 days"  # of one to a hundred hours: 50 and 90
HELPER = open_helper(by="characters")
# Which texts with places no application fills, and why.
UNFILLED = {"my_due": "the record ends with the signature: whoever pays out sets the days"}


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    texts = {code: {**said, "zh": f"理由 {code}"} for code, said in STRATEGY["texts"].items()}
    publish(raw=sealed_asking(languages=["en", "zh"], texts=texts))


def applied(facts: dict[str, Any], **answers: str) -> Applicant:
    with bureau(**facts):
        applicant = Applicant().begin().fill(**answers)
        applicant.send()
    return applicant


def facts_of(applicant: Applicant) -> Mapping[str, str]:
    opened = view(applicant.draft, applicant.client.cookies["draft"].value)
    assert opened is not None
    return known(opened)


def told(applicant: Applicant, name: str, language: str = "en") -> str:
    """The text of that name, as the helper fills it."""
    reply = HELPER.chosen(name, facts_of(applicant), language)
    assert isinstance(reply, Answer), reply
    return reply.text


def waited() -> None:
    waits("person/corner", range(60, 60 * 101, 60))
    tasks.sum_up_waits.func()


def test_where_it_stands_is_told_with_how_long_others_waited_as_the_page_tells_it() -> None:
    applicant = applied(SICK)
    waited()
    (sentence,) = [each for each in _sentences(applicant.text("progress")) if "nine in ten" in each]
    assert HALF in sentence
    assert MOST in sentence
    applicant.client.post(applicant.home + "ask", {"choice": "my_status"})
    said = unescape(applicant.text("ask"))
    assert sentence in said
    assert "A person at our company will decide, and will look at all of it." in said
    assert "It is your turn." in said  # something is unclear: they may say how it is
    assert "A person has this conversation now" not in said


def test_a_program_is_told_the_same() -> None:
    publish()  # whose applicants say of themselves that they are on sick leave
    program = front()
    draft = completed(program, sick="yes")
    waits("person/corner", range(60, 60 * 101, 60))
    tasks.sum_up_waits.func()
    arrives = program.get(f"{ALL}/{draft}/progress").json()["arrives"]
    assert MOST in arrives
    answer = send(program, "POST", f"{ALL}/{draft}/conversation", {"choice": "my_status"})
    (turn,) = answer.json()["turns"]
    assert arrives in turn["text"]
    assert not answer.json()["person"]


def test_that_it_cannot_be_said_is_said() -> None:
    assert TOO_FEW in told(applied(SICK), "my_status")


def test_a_question_in_another_language_than_the_pages_is_answered_in_one_language() -> None:
    """The page is English: text and what fills it are both Chinese all the same."""
    applicant = applied(SICK)
    waited()
    with speaking("en"):
        said = told(applicant, "my_status", "zh")
    assert "九成" in said or "天" in said
    assert "Half of those" not in said
    assert not any(each.isascii() and each.isalpha() for each in said)


def test_where_it_stands_is_told_in_every_state() -> None:
    applicant = Applicant().begin()
    assert told(applicant, "my_status").endswith(
        "You have not sent your application yet. It is your turn."
    )
    assert "How much you would like to borrow" in told(applicant, "my_needed")
    applicant.fill()
    assert told(applicant, "my_needed") == (
        "Still needed from you: that you check your answers and send them."
    )
    Draft.objects.filter(pk=applicant.draft).update(state=DraftState.SENDING)
    assert told(applicant, "my_status").endswith("It is our turn: you need not do anything.")
    Draft.objects.filter(pk=applicant.draft).update(state=DraftState.OPEN)
    with bureau(**SAFE):
        applicant.send()
        assert "Yes: we can lend you" in told(applicant, "my_status")
        assert told(applicant, "my_status").endswith("It is your turn.")
        assert "choose whether to take our offer" in told(applicant, "my_needed")
        taken(applicant)
        assert "read the agreement and sign it" in told(applicant, "my_needed")
        signed(applicant)
    assert told(applicant, "my_status").endswith(
        "You have signed the loan agreement. We tell you when the money is on its way."
    )
    assert told(applicant, "my_needed") == "Still needed from you: nothing at the moment."


def test_whoever_was_declined_hears_that_nothing_follows_and_what_would_change_it() -> None:
    applicant = applied(SHAKY, **POOR)
    assert told(applicant, "my_status").endswith(
        "No: we cannot lend to you as things stand. There is no further step to wait for."
    )
    changes = told(applicant, "my_changes")
    assert "7,500 instead of 8,000. Then we make you an offer." in changes
    hopeless = applied({**SHAKY, "score": 450.0, "dti": 0.9})
    assert "and found none" in told(hopeless, "my_changes")


def test_who_asked_a_person_to_look_again_hears_that_one_does() -> None:
    applicant = applied(SHAKY, **POOR)
    applicant.post("decline/review", {"words": ""})
    said = told(applicant, "my_status")
    page = applicant.text("progress")
    assert "A person looks at it again." in said
    assert said.endswith(f"It is our turn: you need not do anything. {TOO_FEW}")
    assert all(each in page for each in said.split(". "))


def test_checks_that_are_owed_are_what_is_needed() -> None:
    applicant = applied(SAFE, **LARGE)
    needed = applicant.text("progress").split("What is needed")[1]
    said = told(applicant, "my_needed").removeprefix("Still needed from you: ").rstrip(".")
    assert said
    assert all(each in needed for each in said.split("; "))


def states() -> Iterator[Applicant]:
    """Applications in each state that has words of its own."""
    yield Applicant().begin()
    yield applied(SICK)
    yield applied(SAFE)
    yield applied(SHAKY, **POOR)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_text_with_places_is_filled_in_some_state_of_an_application(language: str) -> None:
    names = {n for n, text in approved().texts.items() if text.kind is Kind.RECORD}
    filled = set()
    for applicant in states():
        facts = facts_of(applicant)
        for name in names:
            reply = HELPER.chosen(name, facts, language)
            if isinstance(reply, Answer):
                filled.add(name)
            else:
                assert isinstance(reply, HandOver)
    assert names - filled == set(UNFILLED)


def _sentences(page: str) -> list[str]:
    return [f"{each.strip()}." for each in unescape(page).split(". ")]

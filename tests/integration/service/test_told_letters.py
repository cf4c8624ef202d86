"""What a rehearsal reads in the record of letters: those that are owed, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from lender import AUTHORITY
from letter_lender import POOR, SAFE, SHAKY, Heed, applied, heeding_laws, publish_speaking
from people import send
from test_cases import officer

from equipoise.rehearsal import Owed
from equipoise.service.commands.told_letters import letters_owed
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.notices import tasks
from equipoise.service.platform import clock


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish_speaking(authority=AUTHORITY)


@pytest.fixture
def heeding() -> Iterator[Heed]:
    yield from heeding_laws()


def the_letter() -> Owed:
    (letter,) = letters_owed()
    return letter


def test_a_no_owes_a_letter_before_the_record_says_so(heeding: Any) -> None:
    heeding("US")
    applicant = applied(SHAKY, **POOR)
    untold, draft = the_letter(), Draft.objects.get().id
    assert (untold.draft, untold.kind, untold.told, untold.open) == (draft, "decline", False, True)
    assert "the record does not say so" in untold.amiss(clock.now() + timedelta(1), timedelta(0))
    assert tasks.make_notices.func() == 1
    made = the_letter()
    assert (made.draft, made.told, made.open, made.taken) == (draft, True, False, False)
    assert made.due_on == made.since.date() + timedelta(days=30)
    pdf = applicant.get("letter").content
    assert (the_letter().taken, the_letter().digest) == (True, sha256(pdf).hexdigest())


def test_a_letter_that_lacks_something_says_what(heeding: Any) -> None:
    heeding("US", None)
    applied(SHAKY, **POOR)
    assert tasks.make_notices.func() == 0
    lacking = the_letter()
    assert (lacking.open, "lender.yaml" in lacking.lacks) == (True, True)


@pytest.mark.parametrize("law", ["", "US"])
def test_another_offer_owes_one_where_the_law_says_so(heeding: Any, law: str) -> None:
    heeding(law)
    applied({**SAFE, "score": 650.0}, employment="own")
    assert [each.kind for each in letters_owed()] == (["counter_offer"] if law else [])
    tasks.make_notices.func()
    assert [each.told for each in letters_owed()] == ([True] if law else [])


def test_what_a_person_decided_owes_a_letter_of_its_own(heeding: Any) -> None:
    heeding("")
    applied(SHAKY, **POOR)
    tasks.make_notices.func()
    _, client = officer("senior")
    body = {"answer": "approve", "reason": "INCOME", "words": "It is proved."}
    where = f"/v1/decisions/{Decision.objects.get().id}/override"
    assert send(client, "POST", where, body).status_code == 201
    assert {(each.kind, each.told) for each in letters_owed()} == {
        ("decline", True),
        ("approval", False),
    }
    tasks.make_notices.func()
    assert {(each.kind, each.open) for each in letters_owed()} == {
        ("decline", False),
        ("approval", False),
    }


def test_a_yes_owes_none(heeding: Any) -> None:
    heeding("US")
    applied(SAFE)
    assert letters_owed() == []

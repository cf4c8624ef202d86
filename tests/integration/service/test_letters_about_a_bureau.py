"""Where facts of a credit bureau decided, American law has a letter name it and tell its score."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from applying import asking_contract
from corner_lender import content
from lender import publish
from letter_lender import (
    POOR,
    SHAKY,
    WITH_AGENCY,
    Heed,
    applied,
    bare,
    heeding_laws,
    words,
)

from equipoise.contract import Contract
from equipoise.service.contexts.notices import reading, tasks
from equipoise.service.contexts.notices.events import NoticeMade
from equipoise.service.contexts.notices.models import Notice
from equipoise.service.platform.record import services as record
from equipoise.strategy.sealing import seal

PLACES = f"{WITH_AGENCY}  bureau: {{en: 'Score House, 1 Way, Town, 0800 1'}}\n"
PLACES += "  reasons: {en: 'Credit office, 2 Way, Town, 0800 2'}\n"
NO_SCORE = f"{PLACES}scores: []\n"
SCORE = f"""{PLACES}scores:
  - field: score
    agency: {{en: "Score House, 1 Way, Town, 0800 1"}}
    lowest: 300
    highest: 850
    factors: [factor_1, factor_2]
    says: {{"039": {{en: "Serious delinquency."}}}}
"""
FACTORS = {"factor_1": "039", "factor_2": "Too many inquiries."}


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    plain = asking_contract().model_dump(mode="json", exclude_none=True)
    fields = [
        {**each, "source": "bureau"} if each["name"] == "score" else each
        for each in plain["fields"]
    ]
    fields += [{"name": name, "type": "string", "source": "bureau"} for name in FACTORS]
    bought = Contract.model_validate({**plain, "fields": fields})
    publish(raw=seal(content(version=2).model_copy(update={"contract": bought})).text().encode())


@pytest.fixture
def heeding() -> Iterator[Heed]:
    yield from heeding_laws()


def tried_again() -> int:
    Notice.objects.update(tried_at=datetime.now(UTC) - timedelta(hours=2))
    return tasks.make_notices.func()


def notice() -> Notice:
    return Notice.objects.get()


def test_the_bureau_is_named_where_its_facts_were_used(heeding: Any) -> None:
    heeding("US", f"{WITH_AGENCY}scores: []\n")
    applicant = applied(SHAKY, **POOR)
    assert tasks.make_notices.func() == 0
    assert "bureau" in notice().lacks
    heeding("US", NO_SCORE)
    assert tried_again() == 1
    read = words(applicant.get("letter").content)
    assert bare("information from a consumer reporting agency: Score House, 1 Way") in read
    (made,) = record.history(notice().application, NoticeMade)
    assert list(made.event.contains) == ["us.adverse-action", "us.reasons", "us.bureau-facts"]


def test_the_score_that_was_used_stands_in_the_letter_with_what_lowered_it(heeding: Any) -> None:
    """15 U.S.C. 1681m(a)(2)(B), by 1681g(f)(1): the score, its range, up to four key factors, the
    date, and who made it."""
    heeding("US", SCORE)
    applicant = applied({**SHAKY, **FACTORS}, **POOR)
    assert tasks.make_notices.func() == 1, notice().lacks
    read = words(applicant.get("letter").content)
    for said in (
        "a credit score about you: 650, of",
        "from 300 to 850",
        "made by Score House, 1 Way, Town, 0800 1",
        "Serious delinquency.",
        "Too many inquiries.",
    ):
        assert bare(said) in read, said
    (made,) = record.history(notice().application, NoticeMade)
    assert "us.bureau-score" in made.event.contains


def test_a_letter_in_chinese_tells_the_score_in_chinese(heeding: Any) -> None:
    heeding("US", SCORE)
    applicant = applied({**SHAKY, **FACTORS}, "zh", **POOR)
    assert tasks.make_notices.func() == 1, notice().lacks
    assert words(applicant.get("letter").content)


@pytest.mark.parametrize(
    ("bank", "facts", "lacks"),
    [
        (SCORE, {}, "the factors that lowered it is not known"),
        (SCORE.replace("factors: [factor_1, factor_2]", "factors: []"), FACTORS, "factors"),
        (PLACES, FACTORS, "does not say which facts are an agency's credit score"),
    ],
)
def test_a_letter_without_what_the_law_wants_of_a_score_is_not_made(
    heeding: Any, bank: str, facts: dict[str, str], lacks: str
) -> None:
    heeding("US", bank)
    applied({**SHAKY, **facts}, **POOR)
    assert tasks.make_notices.func() == 0
    assert (notice().state, notice().digest) == ("lacking", "")
    assert lacks in notice().lacks


def test_other_laws_do_not_ask_for_the_score(heeding: Any) -> None:
    heeding("EU", PLACES)
    applied(SHAKY, **POOR)
    assert tasks.make_notices.func() == 1


def test_a_start_says_that_nobody_said_which_facts_are_scores(heeding: Any) -> None:
    heeding("US", PLACES)
    assert any("scores" in each for each in reading.unfilled())
    heeding("US", NO_SCORE)
    assert reading.unfilled() == []

"""Somebody who was declined, or offered something else, gets the answer as a letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib.resources import files
from typing import Any

import pytest
from applying import Applicant
from corner_lender import STRATEGY
from letter_lender import (
    AGENCY,
    BANK,
    SAFE,
    Heed,
    applied,
    bare,
    declined,
    heeding_laws,
    publish_speaking,
    words,
)
from people import logged_in, person, send

from equipoise.errors import Faults
from equipoise.jurisdiction import shipped_packs
from equipoise.letters import WORDING
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.notices import reading, tasks
from equipoise.service.contexts.notices.events import (
    NoticeDue,
    NoticeEvent,
    NoticeLacking,
    NoticeMade,
    NoticeOpened,
)
from equipoise.service.contexts.notices.models import Notice
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.messages.models import Message
from equipoise.service.platform.operations import metrics
from equipoise.service.platform.operations.health import readiness
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.proving import verify_record


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish_speaking()


@pytest.fixture
def heeding() -> Iterator[Heed]:
    yield from heeding_laws()


def notice() -> Notice:
    return Notice.objects.get()


def happened(kind: type[NoticeEvent]) -> list[Any]:
    return [each.event for each in record.history(notice().application, kind)]


def test_who_was_declined_takes_the_answer_as_a_letter(heeding: Any) -> None:
    heeding("US")
    applicant = declined()
    assert applicant.get("letter").status_code == 302  # it is not there yet
    assert tasks.make_notices.func() == 1
    assert "Take our answer as a letter" in applicant.text("decline")
    answer = applicant.get("letter")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    read = words(answer.content)
    draft = Draft.objects.get()
    for said in (
        "Balance Bank", "100 Balance Street", draft.reference, "Dear applicant,",
        STRATEGY["texts"]["STRAINED"]["en"], "No: we cannot lend to you as things stand.",
        "7,500 instead of 8,000", "Or call +1 555 0100.", AGENCY, "Equal Credit Opportunity Act",
    ):  # fmt: skip
        assert bare(said) in read, said
    assert STRATEGY["texts"]["DEBTS"]["en"] not in read
    made = happened(NoticeMade)[0]
    assert (made.letter, made.language, made.law) == ("decline", "en", "US")
    assert (list(made.contains), made.wording) == (["us.adverse-action", "us.reasons"], WORDING)
    assert made.digest == sha256(answer.content).hexdigest() == notice().digest
    assert verify_record().valid


def test_the_law_sets_the_day_by_which_it_is_due(heeding: Any) -> None:
    """12 CFR 1002.9(a)(1)(i): thirty days after the completed application is received."""
    heeding("US")
    declined()
    tasks.make_notices.func()
    sent = Draft.objects.get().sent_at
    assert sent is not None
    expected = sent.date() + timedelta(days=30)
    (due,) = happened(NoticeDue)
    assert (notice().due_on, due.due_on) == (expected, expected.isoformat())
    assert due.rule == "us.decision-complete"


def test_a_letter_speaks_chinese_to_who_applied_in_chinese(heeding: Any) -> None:
    heeding("CN")
    applicant = declined("zh")
    tasks.make_notices.func()
    read = words(applicant.get("letter").content)
    for said in ("均衡银行", "世纪大道", "理由STRAINED", "尊敬的申请人", "或致电400-000-0000"):
        assert said in read, said
    assert happened(NoticeMade)[0].language == "zh"
    assert "下载我们的答复信函" in applicant.text("decline")


def test_another_offer_than_asked_for_is_told_by_a_letter_too(heeding: Any) -> None:
    heeding("US")
    applicant = applied({**SAFE, "score": 650.0}, employment="own")
    tasks.make_notices.func()
    assert notice().letter == "counter_offer"
    read = words(applicant.get("letter").content)
    assert bare("We can make you another offer than you asked for") in read
    assert "EqualCreditOpportunityAct" in read
    assert bare("Press “Ask us” below the page of your application") in read
    assert "Ask us" in applicant.text("answer")


def test_a_yes_is_owed_no_notice(heeding: Any) -> None:
    heeding("US")
    applied(SAFE)
    tasks.make_notices.func()
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("bank", "lacks"), [(None, "there is no lender.yaml"), (BANK, "lacks 'agency'")]
)
def test_a_letter_that_lacks_what_the_law_asks_is_not_made_and_that_is_told(
    heeding: Any, bank: str | None, lacks: str
) -> None:
    heeding("US", bank)
    applicant = declined()
    for _ in range(3):
        assert tasks.make_notices.func() == 0
    assert (notice().state, notice().digest) == ("lacking", "")
    assert lacks in notice().lacks
    assert len(happened(NoticeLacking)) == 1
    assert applicant.get("letter").status_code == 302
    assert "letter" not in applicant.text("decline").lower()
    assert "1 cannot be made" in str(readiness().as_dict())
    assert 'equipoise_notices{state="lacking"} 1.0' in metrics.exposition().decode()
    assert len(reading.unfilled()) >= 1
    heeding("US")
    Notice.objects.update(tried_at=datetime.now(UTC) - timedelta(hours=2))
    assert tasks.make_notices.func() == 1
    assert applicant.get("letter").status_code == 200


def test_a_notice_whose_last_day_is_over_counts_as_late(heeding: Any) -> None:
    heeding("US", BANK)
    declined()
    tasks.make_notices.func()
    assert "equipoise_notices_late 0.0" in metrics.exposition().decode()
    Notice.objects.update(due_on=datetime.now(UTC).date() - timedelta(days=1))
    assert "equipoise_notices_late 1.0" in metrics.exposition().decode()


def test_its_applicant_is_written_to_once_with_a_link_and_no_facts(heeding: Any) -> None:
    heeding("US")
    applicant = declined()
    tasks.make_notices.func()
    tasks.make_notices.func()
    mails = Message.objects.filter(text__startswith="letter_ready@")
    assert [each.purpose for each in mails] == ["notice"]
    assert notice().state == "sent"
    for _ in range(2):
        applicant.get("letter")
    assert (notice().state, len(happened(NoticeOpened))) == ("opened", 1)
    assert "You took our letter." in applicant.text("progress")


def test_without_a_law_a_lender_who_says_who_they_are_still_writes(heeding: Any) -> None:
    heeding("", BANK)
    applicant = declined()
    tasks.make_notices.func()
    assert applicant.get("letter").status_code == 200
    assert happened(NoticeDue)[0].due_on is None


def test_without_a_law_and_a_lender_nothing_is_owed(heeding: Any) -> None:
    heeding("", None)
    declined()
    tasks.make_notices.func()
    assert not Notice.objects.exists()
    assert reading.unfilled() == []


def test_nobody_elses_browser_takes_the_letter(heeding: Any) -> None:
    heeding("US")
    applicant, stranger = declined(), Applicant().begin()
    tasks.make_notices.func()
    theirs = stranger.client.get(applicant.home + "letter")
    nobodys = stranger.client.get(f"/apply/draft-{'0' * 32}/letter")
    assert theirs.status_code == nobodys.status_code == 404
    assert not happened(NoticeOpened)


def test_the_desk_lists_and_prints_letters_and_an_auditor_reads_none(heeding: Any) -> None:
    heeding("US")
    declined()
    tasks.make_notices.func()
    underwriter = logged_in(person(Role.UNDERWRITER, branch="north"))
    (row,) = send(underwriter, "GET", "/v1/notices?state=sent").json()["items"]
    assert (row["id"], row["letter"]) == (notice().pk, "decline")
    assert send(underwriter, "GET", f"/v1/notices/{row['id']}").json() == row
    printed = send(underwriter, "GET", f"/v1/notices/{row['id']}/letter")
    assert printed.status_code == 200
    assert sha256(printed.content).hexdigest() == row["digest"]
    auditor = logged_in(person(Role.AUDITOR))
    assert send(auditor, "GET", f"/v1/notices/{row['id']}").status_code == 200
    assert send(auditor, "GET", f"/v1/notices/{row['id']}/letter").status_code == 403


def test_who_was_erased_gets_no_letter_and_theirs_cannot_be_read(heeding: Any) -> None:
    heeding("US")
    applicant = declined()
    tasks.make_notices.func()
    subjects.erase(notice().application, "user.1", "asked for")
    underwriter = logged_in(person(Role.UNDERWRITER, branch="north"))
    answer = send(underwriter, "GET", f"/v1/notices/{notice().pk}/letter")
    assert answer.status_code == 410
    Notice.objects.all().delete()
    assert re.match(r"/apply/", applicant.home)


def test_who_was_erased_before_is_owed_nothing_more(heeding: Any) -> None:
    heeding("US", None)
    declined()
    tasks.make_notices.func()
    subjects.erase(notice().application, "user.1", "asked for")
    heeding("US")
    Notice.objects.update(tried_at=datetime.now(UTC) - timedelta(hours=2))
    assert tasks.make_notices.func() == 0
    assert notice().state == "gone"
    assert verify_record().valid


def test_a_wrong_file_is_told_by_its_lines(heeding: Any) -> None:
    heeding("US", "name: {en: Bank}\nadress: {en: [1 Way]}\n")
    with pytest.raises(Faults) as caught:
        reading.unfilled()
    assert "lender.yaml:2" in str(caught.value)


def signed(applicant: Applicant, name: str) -> None:
    """Take the offer and sign it, as the pages have it."""
    page = applicant.get("answer").content.decode()
    offer = {
        field: re.findall(rf'name="{field}" value="([^"]*)"', page)[0]
        for field in ("amount", "months", "seen")
    }
    assert applicant.post("answer/take", offer).status_code == 302
    (seen,) = re.findall(r'name="seen" value="(\w+)"', applicant.get("agreement").content.decode())
    applicant.post("agreement/sign", {"seen": seen, "name": name, "agreed": "on"})


def test_who_signed_takes_a_copy_of_what_they_read_with_every_payment(heeding: Any) -> None:
    heeding("", BANK)
    applicant = applied(SAFE)
    assert applicant.get("agreement/copy").status_code == 302
    signed(applicant, "Ana Bo López")
    assert "Take a copy with every payment" in applicant.text("agreement")
    answer = applicant.get("agreement/copy")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    read = words(answer.content)
    for said in (
        "Balance Bank",
        "Dear Ana Bo López,",
        "Signed: Ana Bo López",
        "Still owed",
        "EUR 0",
    ):
        assert bare(said) in read, said
    texts = re.findall(
        r"<p>(You borrow[^<]*|Each payment[^<]*)</p>", applicant.get("agreement").content.decode()
    )
    assert len(texts) == 2
    for text in texts:
        assert bare(text) in read
    assert applicant.get("agreement/copy").content == answer.content
    stranger = Applicant().begin()
    assert stranger.client.get(applicant.home + "agreement/copy").status_code == 404


def test_without_a_lenders_name_no_copy_is_offered(heeding: Any) -> None:
    heeding("", None)
    applicant = applied(SAFE)
    signed(applicant, "Ana")
    assert "Take a copy" not in applicant.text("agreement")
    assert applicant.get("agreement/copy").status_code == 302


@pytest.mark.parametrize("example", ["demo", "business"])
def test_the_examples_say_who_writes_for_every_law(heeding: Any, example: str) -> None:
    path = files("equipoise").joinpath("examples", example, "lender.yaml")
    for law in shipped_packs():
        heeding(law, path.read_text(encoding="utf-8"))
        assert reading.unfilled() == []

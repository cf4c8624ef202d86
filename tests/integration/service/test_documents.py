"""A question of the contract's that is answered with a document: asked on a page of its own, there
or not, and gone with the draft."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from applying import ANSWERS, Applicant, bureau
from django.core.files.uploadedfile import SimpleUploadedFile
from documenting import PAYSLIP, PLAN, sealed_documents
from lender import ask, facts, publish, shop
from test_papers import KNOWN, clamd, configured, files, kinds, pdf, photo, proved

from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.drafts.typed import opened_text
from equipoise.service.contexts.papers import tasks
from equipoise.service.contexts.papers.models import Paper
from equipoise.service.platform.papers import MOST_BYTES
from equipoise.service.platform.papers.incoming import FORM
from equipoise.service.platform.record import subjects

NAME = "March of Ada Planted.jpg"


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any, tmp_path: Path) -> Iterator[None]:
    publish(raw=sealed_documents())
    with bureau(**KNOWN), configured(papers=str(tmp_path / "papers")):
        yield


def brought(
    ada: Applicant, content: bytes, name: str = NAME, page: str = PAYSLIP, go: str = "on"
) -> Any:
    file = SimpleUploadedFile(name, content)
    return ada.client.post(f"{ada.home}q/{page}", {"paper": file, "go": go})


def raw(ada: Applicant, page: str = PAYSLIP) -> dict[str, str]:
    row = Draft.objects.get(pk=ada.draft)
    typed = opened_text(subjects.several([row.id])[row.id], row.sealed)
    return dict(typed.raw.get(page, {}))


def test_a_document_is_asked_on_its_page_and_checked_by_name_and_size() -> None:
    ada = Applicant().begin()
    assert "Your payslip of last month" in ada.text("")
    asked = ada.get(f"q/{PAYSLIP}").content.decode()
    assert 'type="file"' in asked
    assert "All of it, with your name on it." in asked
    assert "What it is used for: what you earn." in asked
    ada.fill()
    for page in (PAYSLIP, PLAN):
        assert ada.send()["Location"].endswith("check"), "one is still to be answered"
        if page == PAYSLIP:
            assert brought(ada, photo())["Location"] == f"{ada.home}q/{PLAN}"
        else:
            assert ada.post(f"q/{PLAN}")["Location"] == f"{ada.home}check"
    [row] = Paper.objects.all()
    assert (row.about, row.state) == (PAYSLIP, "clear")
    said = ada.text("check")
    assert f"{NAME} (1 kB) Change" in said
    assert "The plan of what you build Not given" in said
    assert ada.send()["Location"].endswith("progress")
    assert Decision.objects.get().outcome == "refer", "there is no plan"
    proved()


def test_whether_it_is_there_is_what_is_decided_by() -> None:
    ada = Applicant().begin().fill()
    brought(ada, photo())
    assert brought(ada, pdf(), "plan.pdf", PLAN)["Location"].endswith("check")
    assert ada.send()["Location"].endswith("progress")
    assert Decision.objects.get().outcome == "approve"
    row = Draft.objects.get(pk=ada.draft)
    sent = opened_text(subjects.several([row.id])[row.id], row.sealed).facts or {}
    assert (sent[PAYSLIP], sent[PLAN]) == (True, True)
    assert len({each.digest for each in Paper.objects.all()}) == 2
    proved()


def test_one_that_has_to_be_there_is_asked_for_once_more() -> None:
    ada = Applicant().begin()
    answer = ada.post(f"q/{PAYSLIP}")
    assert answer.status_code == 422
    assert "we need this document to go on" in answer.content.decode()
    assert ada.post(f"q/{PAYSLIP}", go="back").status_code == 302


@pytest.mark.parametrize("go", ["on", "back", "tasks", "language-zh", "adjust"])
def test_a_file_that_was_chosen_is_kept_whichever_way_is_taken(go: str) -> None:
    ada = Applicant().begin()
    assert brought(ada, photo(), go=go).status_code == 302
    assert Paper.objects.get().about == PAYSLIP
    assert NAME in ada.text(f"q/{PAYSLIP}")


@pytest.mark.parametrize(
    ("content", "page", "said", "status"),
    [
        (b"MZ" + bytes(500), PAYSLIP, "neither a picture nor a PDF", 422),
        (photo(), PLAN, "This has to be a PDF", 422),
        (photo() + bytes(MOST_BYTES), PAYSLIP, "larger than 12 MB", 413),
        (photo() + bytes(MOST_BYTES + FORM), PAYSLIP, "larger than 12 MB", 413),
    ],
    ids=["program", "picture", "large", "larger"],
)
def test_what_is_not_taken_is_told_on_the_page_and_what_was_there_stays(
    content: bytes, page: str, said: str, status: int
) -> None:
    ada = Applicant().begin()
    brought(ada, pdf(), "before.pdf", page)
    for go in ("on", "tasks"):
        answer = brought(ada, content, page=page, go=go)
        assert answer.status_code == status
        assert said in answer.content.decode()
        assert "before.pdf" in answer.content.decode()
    assert Paper.objects.count() == 1


def test_another_in_its_place_leaves_one_and_removing_it_opens_the_question() -> None:
    ada = Applicant().begin()
    brought(ada, photo())
    brought(ada, pdf(), "April.pdf")
    [row] = Paper.objects.all()
    assert (raw(ada)["paper"], raw(ada)["name"]) == (row.id, "April.pdf")
    assert len(files()) == 1
    assert kinds(ada.draft) == ["paper.brought", "paper.brought", "paper.removed"]
    assert ada.post(f"q/{PAYSLIP}", go="remove").status_code == 302
    assert (raw(ada), Paper.objects.count()) == ({}, 0)
    brought(ada, photo())
    ada.post("papers/remove", {"paper": Paper.objects.get().id})
    assert raw(ada) == {}, "wherever it is removed"
    ada.fill()
    assert ada.send()["Location"].endswith("check")
    proved()


def test_nobody_says_by_typing_that_a_document_is_there() -> None:
    ada = Applicant().begin().fill()
    forged = {"answer": "yes", "answer-paper": "paper-0", "paper": "paper-0", "name": "x"}
    assert ada.post(f"q/{PAYSLIP}", forged).status_code == 422
    assert "paper" not in raw(ada)
    assert ada.send()["Location"].endswith("check")


def test_a_document_goes_with_the_draft() -> None:
    ada = Applicant().begin()
    brought(ada, photo())
    ada.post("delete")
    tasks.forget_papers.call()
    assert (Paper.objects.count(), files()) == (0, [])


def test_one_that_is_held_is_waited_for_and_one_that_is_refused_is_asked_for_again() -> None:
    with (
        clamd(b"stream: OK\0", b"stream: Eicar FOUND\0") as (address, _),
        configured(clamd=address),
    ):
        ada, eve = Applicant().begin().fill(), Applicant().begin().fill()
        for each in (ada, eve):
            assert brought(each, photo()).status_code == 302
            assert each.post(f"q/{PLAN}").status_code == 302
            assert "for harmful content" in each.text("check")
            assert "Something is still to be answered" not in each.text("check")
            listed = each.text("")
            assert "Your payslip of last month We look through it" in listed
            assert "Needs your answer" not in listed
            assert "Check your answers and send" in listed
            assert each.send()["Location"].endswith("check")
        tasks.scan_held.call()
    assert raw(ada)["paper"]
    assert "held" not in raw(ada)
    assert ada.send()["Location"].endswith("progress")
    assert raw(eve) == {}
    assert "Not answered" in eve.text("check")
    assert eve.send()["Location"].endswith("check")


def test_programs_say_whether_it_is_there() -> None:
    client = shop()
    for plan, outcome in {True: "approve", False: "refer", None: "approve"}.items():
        given = facts(application_id=f"A-{plan}", payslip=True, plan=plan)
        assert ask(client, given).json()["outcome"] == outcome, plan
    wrong = ask(client, facts(application_id="A-9", payslip=True, plan="paper-1"))
    assert wrong.status_code == 422
    assert "whether the document is there" in wrong.content.decode()


def test_a_front_end_sees_what_may_be_brought() -> None:
    rows = shop().get("/v1/products").json()["products"]
    [product] = rows
    asked = {each["field"]: each for each in product["questions"]}
    assert (asked[PAYSLIP]["kind"], asked[PAYSLIP]["accepts"]) == ("file", ["picture", "pdf"])
    assert asked[PLAN]["accepts"] == ["pdf"]
    assert (asked["amount"]["kind"], asked["amount"]["accepts"]) == ("amount", [])
    assert set(ANSWERS) < set(asked)

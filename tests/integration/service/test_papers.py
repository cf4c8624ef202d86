"""A person brings documents: kept encrypted, held until they are clean, opened by the desk, gone
with the key."""

from __future__ import annotations

import os
import re
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from applying import Applicant, bureau, sealed_asking
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from lender import publish
from people import logged_in, person
from PIL import Image

from equipoise.service.commands.backup import back_up, restore
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.drafts.services import Hands, end
from equipoise.service.contexts.papers import services, tasks
from equipoise.service.contexts.papers.events import PaperEvent
from equipoise.service.contexts.papers.models import Paper
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.allowances.leases import Allowance
from equipoise.service.platform.papers import MOST_BYTES
from equipoise.service.platform.papers.incoming import FORM
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.proving import verify_record, verify_rows

NAME = "payslip of Ada Planted.jpg"
KNOWN = {
    "score": 780.0,
    "score_date": timezone.now().date().isoformat(),
    "dti": 0.2,
    "on_sick_leave": False,
}


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any, tmp_path: Path) -> Iterator[None]:
    publish(raw=sealed_asking(languages=["en", "zh"]))
    with bureau(**KNOWN), configured(papers=str(tmp_path / "papers")):
        yield


@contextmanager
def configured(**changes: Any) -> Iterator[None]:
    before = settings.CONFIGURATION
    settings.CONFIGURATION = replace(before, **changes)
    try:
        yield
    finally:
        settings.CONFIGURATION = before


def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 48), (200, 30, 30)).save(out, "JPEG", comment=b"taken at home")
    return out.getvalue()


def pdf(**more: Any) -> bytes:
    out = BytesIO()
    made = pikepdf.new()
    for _ in range(3):
        made.add_blank_page(page_size=(200, 100))
    made.save(out, **more)
    return out.getvalue()


def brought(applicant: Applicant, content: bytes, name: str = NAME, **more: str) -> Any:
    file = SimpleUploadedFile(name, content, "image/jpeg")
    return applicant.client.post(applicant.home + "papers", {"paper": file, **more})


def kinds(draft: str) -> list[str]:
    return [each.entry.kind for each in record.history(draft, PaperEvent)]


def files() -> list[Path]:
    folder = Path(settings.CONFIGURATION.paper_folder)
    return sorted(folder.iterdir()) if folder.is_dir() else []


def proved() -> None:
    """The record is whole, and papers are as it tells."""
    assert verify_record().valid
    assert [each for each in verify_rows().differences if "papers" in each.table] == []


def application_of(applicant: Applicant) -> str:
    return Draft.objects.get(pk=applicant.draft).application


def test_what_is_brought_lies_encrypted_without_what_was_hidden_in_it() -> None:
    ada = Applicant().begin()
    assert brought(ada, photo())["Location"] == ada.home + "papers"
    [row] = Paper.objects.all()
    assert (row.kind, row.pages, row.state, row.draft) == ("image/jpeg", 1, "clear", ada.draft)
    [file] = files()
    kept = file.read_bytes()
    assert file.name == row.id
    assert file.stat().st_mode & 0o077 == 0
    assert b"\xff\xd8\xff" not in kept  # as every JPEG begins
    assert NAME in ada.text("papers")
    seen = ada.get(f"papers/{row.id}")
    assert seen["Content-Disposition"].startswith("attachment")
    with Image.open(BytesIO(seen.content)) as picture:
        assert picture.size == (64, 48)
    assert b"taken at home" not in seen.content
    assert NAME not in str([each.event for each in record.history(ada.draft)])
    proved()


def test_a_pdf_is_brought_with_its_pages_counted_and_taken_back() -> None:
    ada = Applicant().begin()
    brought(ada, pdf(), "contract.pdf")
    [row] = Paper.objects.all()
    assert (row.kind, row.pages) == ("application/pdf", 3)
    assert "PDF, pages: 3" in ada.text("papers")
    for _ in range(2):
        assert ada.post("papers/remove", {"paper": row.id}).status_code == 302
    assert "Nothing yet." in ada.text("papers")
    assert (files(), Paper.objects.count()) == ([], 0)
    assert kinds(ada.draft) == ["paper.brought", "paper.removed"]
    proved()


@pytest.mark.parametrize(
    ("content", "said", "status"),
    [
        (b"MZ" + bytes(500), "neither a picture nor a PDF", 422),
        (pdf(encryption=pikepdf.Encryption(user="x", owner="y")), "protected by a password", 422),
        (photo()[:200], "cannot be opened", 422),
        (photo() + bytes(MOST_BYTES), "larger than 12 MB", 413),
        (photo() + bytes(MOST_BYTES + FORM), "larger than 12 MB", 413),  # not even read
    ],
    ids=["program", "locked", "broken", "large", "larger"],
)
def test_what_is_not_taken_is_told_kindly_on_a_page_of_its_own(
    content: bytes, said: str, status: int
) -> None:
    ada = Applicant().begin()
    answer = brought(ada, content)
    assert answer.status_code == status
    text = answer.content.decode()
    assert said in text
    assert "Bring another one" in text
    assert (files(), Paper.objects.count(), kinds(ada.draft)) == ([], 0, [])


def test_a_refusal_is_told_in_the_persons_language() -> None:
    ada = Applicant().begin()
    ada.client.post(ada.home + "language", {"language": "zh", "page": "apply-papers"})
    assert "我们未能接收这个文件" in brought(ada, b"MZ" + bytes(500)).content.decode()


def test_no_file_and_one_file_too_many_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    ada = Applicant().begin()
    assert "No file was chosen." in ada.post("papers").content.decode()
    monkeypatch.setattr(services, "MOST_PAPERS", 1)
    assert brought(ada, photo()).status_code == 302
    assert "as many documents as we keep" in brought(ada, photo()).content.decode()
    assert len(files()) == 1


def test_who_brings_without_end_is_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    few = Allowance("papers of a draft", 2, timedelta(days=3650))
    monkeypatch.setattr(services, "_OF_DRAFT", few)
    ada, eve = Applicant().begin(), Applicant().begin()
    answers = [brought(ada, b"MZ" + bytes(500)).status_code for _ in range(4)]
    assert answers == [422, 422, 429, 429]
    assert brought(eve, photo()).status_code == 302


def test_others_papers_are_not_there() -> None:
    ada, eve = Applicant().begin(), Applicant().begin()
    brought(ada, photo())
    paper = Paper.objects.get().id
    assert eve.get(f"papers/{paper}").status_code == 404
    eve.post("papers/remove", {"paper": paper})
    assert Paper.objects.filter(pk=paper).exists()
    stranger = Applicant()
    stranger.home = ada.home
    assert brought(stranger, photo()).status_code == 404
    assert Paper.objects.count() == 1


# The desk.


def test_the_desk_opens_a_paper_and_its_applicant_sees_that() -> None:
    ada = Applicant().begin().fill()
    brought(ada, photo())
    ada.send()
    at = f"/v1/applications/{application_of(ada)}/papers"
    desk = logged_in(person(Role.UNDERWRITER, branch="north"))
    [row] = desk.get(at).json()
    assert (row["name"], row["kind"], row["state"]) == (NAME, "image/jpeg", "clear")
    opened = desk.get(f"{at}/{row['id']}")
    assert (opened.status_code, opened["Content-Type"]) == (200, "image/jpeg")
    assert kinds(ada.draft)[-1] == "paper.read"
    assert "Opened by a person of ours" in ada.text("papers")
    auditor = logged_in(person(Role.AUDITOR))
    assert {auditor.get(each).status_code for each in (at, f"{at}/{row['id']}")} == {403}
    elsewhere = logged_in(person(Role.UNDERWRITER))
    assert elsewhere.get(f"{at}/{row['id']}").status_code == 404


# The scanner.


@contextmanager
def clamd(*answers: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A scanner that answers so, one after the other, and what it was sent."""
    seen: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for answer in answers:
                line, _ = server.accept()
                with line, line.makefile("rb") as sent:
                    assert sent.read(10) == b"zINSTREAM\0"
                    content = b""
                    while size := struct.unpack(">I", sent.read(4))[0]:
                        content += sent.read(size)
                    seen.append(content)
                    line.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}", seen
        thread.join(10)


def test_a_paper_is_held_until_the_scanner_says_that_it_is_clean() -> None:
    ada = Applicant().begin().fill()
    with clamd(b"stream: OK\0") as (address, seen), configured(clamd=address):
        brought(ada, photo())
        ada.send()
        at = f"/v1/applications/{application_of(ada)}/papers"
        desk = logged_in(person(Role.UNDERWRITER, branch="north"))
        [row] = desk.get(at).json()
        assert row["state"] == "held"
        assert desk.get(f"{at}/{row['id']}").status_code == 409
        assert ada.get(f"papers/{row['id']}").status_code == 404
        assert "look through it for harmful content" in ada.text("papers")
        assert tasks.scan_held.call() == 1
    assert seen[0].startswith(b"\xff\xd8\xff")
    assert desk.get(f"{at}/{row['id']}").content == seen[0]
    proved()


def test_what_the_scanner_finds_is_removed_and_told() -> None:
    ada = Applicant().begin()
    with clamd(b"stream: Eicar-Signature FOUND\0") as (address, _), configured(clamd=address):
        brought(ada, photo())
        tasks.scan_held.call()
    assert Paper.objects.get().state == "refused"
    assert files() == []
    assert "We did not keep this file" in ada.text("papers")
    assert kinds(ada.draft) == ["paper.brought", "paper.refused"]
    proved()


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b""])
def test_a_scanner_that_fails_lets_nothing_through(answer: bytes) -> None:
    ada = Applicant().begin()
    with clamd(answer) as (address, _), configured(clamd=address):
        brought(ada, photo())
        assert tasks.scan_held.call() == 0
    with configured(clamd=address):  # nobody listens there any more
        assert tasks.scan_held.call() == 0
    assert tasks.scan_held.call() == 0  # none is configured any more: it stays held
    assert Paper.objects.get().state == "held"
    with clamd(b"stream: OK\0") as (again, _), configured(clamd=again):
        assert tasks.scan_held.call() == 1
    assert Paper.objects.get().state == "clear"


# Gone.


def test_what_was_brought_goes_with_its_draft() -> None:
    ada = Applicant().begin()
    brought(ada, photo())
    end(ada.draft, "deleted", Hands())
    tasks.forget_papers.call()
    assert (files(), Paper.objects.count()) == ([], 0)
    proved()


def test_an_erased_persons_papers_are_gone_from_the_disk() -> None:
    from test_erasing import work

    ada = Applicant().begin().fill()
    brought(ada, photo())
    ada.send()
    admin = logged_in(person(Role.ADMINISTRATOR))
    reference = Draft.objects.get(pk=ada.draft).reference
    body = {"identifier": reference, "reason": "request"}
    begun = admin.post("/v1/erasures", body, content_type="application/json")
    assert begun.status_code in (200, 201, 202), begun.content
    work()
    assert (files(), Paper.objects.count()) == ([], 0)
    assert admin.get(f"/v1/erasures/{begun.json()['id']}").json()["state"] == "done"
    proved()


def test_a_file_that_belongs_to_nobody_is_swept_and_a_young_one_is_not() -> None:
    ada = Applicant().begin()
    brought(ada, photo())
    [kept] = files()
    for name, age in (("paper-" + "0" * 32, 7200), ("paper-" + "1" * 32, 0), (kept.name, 7200)):
        path = kept.parent / name
        path.write_bytes(path.read_bytes() if path.exists() else b"rest")
        os.utime(path, (timezone.now().timestamp() - age,) * 2)
    assert tasks.sweep_papers.call() == 1
    assert {each.name for each in files()} == {kept.name, "paper-" + "1" * 32}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a" * 120, "a" * 120),
        ("a" * 121, "a" * 120),
        ("pay\u200bslip\x07.jpg", "payslip.jpg"),
        ("C:\\papers\\May.jpg", "May.jpg"),
    ],
)
def test_a_name_is_shown_as_far_as_it_fits(name: str, shown: str) -> None:
    assert services._fit(name) == shown


def test_a_paper_opens_under_its_own_name_and_key_alone() -> None:
    from equipoise.record.personal import Unreadable

    ada, eve = Applicant().begin(), Applicant().begin()
    mine, other = subjects.several([ada.draft, eve.draft]).values()
    sealed = subjects.seal_file(mine, "paper-a", b"what it shows")
    assert subjects.open_file(mine, "paper-a", sealed) == b"what it shows"
    for subject, name, content in (
        (mine, "paper-b", sealed),
        (other, "paper-a", sealed),
        (mine, "paper-a", sealed[:-1]),
        (mine, "paper-a", b""),
    ):
        with pytest.raises(Unreadable):
            subjects.open_file(subject, name, content)


def test_a_backup_holds_what_was_brought(tmp_path: Path) -> None:
    service = tmp_path / "lender" / "service"
    (service / "papers").mkdir(parents=True)
    (service / "witness.jsonl").write_text("{}\n")
    paper = "paper-" + "a" * 32
    (service / "papers" / paper).write_bytes(b"sealed")
    (service / "papers" / ".paper-rest.1.part").write_bytes(b"half")
    back_up(tmp_path / "lender", tmp_path / "backup.tar")
    restore(tmp_path / "again", tmp_path / "backup.tar")
    back = tmp_path / "again" / "service" / "papers"
    assert [(each.name, each.read_bytes()) for each in back.iterdir()] == [(paper, b"sealed")]
    assert back.stat().st_mode & 0o077 == 0


def test_what_is_held_of_a_person_names_what_they_brought() -> None:
    ada = Applicant().begin()
    brought(ada, photo())
    assert NAME in ada.text("data")
    [row] = ada.get("data.json").json()["papers"]
    assert row["name"] == NAME
    assert not re.search(r"sealed", str(row))

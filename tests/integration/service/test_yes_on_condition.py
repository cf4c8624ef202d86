"""A person says yes where checks are still owed: they are waived with why, or met before anything
is signed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from at_the_desk import at, underwriter, waiting
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from lender import AUTHORITY
from letter_lender import FRESH, Heed, applied, bare, heeding_laws, publish_speaking, words
from people import logged_in, send
from test_papers import photo

from equipoise.service.contexts.agreements.models import Agreement
from equipoise.service.contexts.asks import tasks as asks
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.notices import tasks as notices
from equipoise.service.platform import clock
from equipoise.service.platform.record.proving import verify_record, verify_rows
from equipoise.texts.dates import written_day

TO_PEOPLE = {**AUTHORITY, "matrix": [{"up_to": 1, "level": "system"}, {"level": "junior"}]}
UNSURE = {"score": 650.0, "dti": 0.4, **FRESH}
AFFORDS = {"income": "4000"}


@pytest.fixture
def heeding() -> Iterator[Heed]:
    yield from heeding_laws()


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish_speaking(authority=TO_PEOPLE)


def body(client: Any, **more: Any) -> tuple[str, dict[str, Any]]:
    """Where the case is decided, and a yes to what was asked for at the lowest price."""
    decision = Draft.objects.latest("begun_at").decision
    answer = client.get(f"/v1/decisions/{decision}/deciding").json()
    assert list(answer["owed"]) == ["income", "call"], answer
    limits = answer["limits"]
    terms = {"amount": 8_000.0, "months": 36, "apr": limits["apr"]["least"]}
    yes = {"answer": "approve", "words": "Fine.", "terms": terms, **more}
    return f"/v1/decisions/{decision}", yes


def test_a_yes_waits_for_what_is_owed_and_is_signed_once_that_is_met(
    heeding: Heed, tmp_path: Path
) -> None:
    heeding("US")
    applicant = applied(UNSURE, **AFFORDS)
    client, other = logged_in(underwriter("junior")), logged_in(underwriter("junior"))
    where, yes = body(client)
    for waived in ({"cal": "Seen here."}, {"call": " "}):
        refused = send(client, "POST", f"{where}/decide", {**yes, "waived": waived})
        assert refused.status_code == 422, refused.content
    made = send(client, "POST", f"{where}/decide", {**yes, "waived": {"call": "Seen here."}})
    assert made.status_code == 201, made.content
    assert made.json()["waived"] == ["call"]
    (condition,) = client.get(f"{where}/by-person").json()["unmet"]
    assert condition == "income"
    page = applicant.text("progress")
    assert "yes, once we have what is named below" in page
    assert "What our offer waits for" in page
    assert "See the offer" not in page
    assert "We will be in touch" not in page
    application = Draft.objects.get().application
    (ask,) = client.get(f"/v1/applications/{application}/asks").json()
    day = written_day(date.fromisoformat(ask["due_on"]))
    assert day in page  # by when
    assert (ask["what"], ask["about"]) == ("check", "income")
    assert send(client, "POST", f"/v1/asks/{ask['id']}/withdraw").status_code == 404
    assert notices.make_notices.func() == 1
    read = words(applicant.get("letter").content)
    assert bare("The offer waits for this:") in read
    assert bare(day) in read
    assert applicant.get("answer").status_code == 200
    assert (
        applicant.post("answer/take", {"amount": "", "months": "", "seen": ""}).status_code == 302
    )
    assert not Agreement.objects.exists()
    with override_settings(CONFIGURATION=_with_papers(tmp_path)):
        assert (
            applicant.post(
                f"asked/{ask['id']}",
                {"paper": SimpleUploadedFile("pay.jpg", photo(), "image/jpeg")},
            ).status_code
            == 302
        )
    assert "We have what you brought." in applicant.text("progress")
    (work,) = waiting("condition")
    assert (work.about, work.decision) == (ask["id"], where.rsplit("/", 1)[1])
    met = send(other, "POST", f"/v1/asks/{ask['id']}/met", {"words": "Three payslips."})
    assert (met.status_code, met.json()["outcome"]) == (200, "met"), met.content
    assert waiting("condition") == []
    assert (
        send(other, "POST", f"/v1/asks/{ask['id']}/met", {"words": "Once more."}).status_code == 409
    )
    assert "See the offer" in applicant.text("progress")
    seen = re.findall(r'name="seen" value="([^"]*)"', applicant.get("answer").content.decode())
    applicant.post("answer/take", {"amount": "", "months": "", "seen": seen[0]})
    assert Agreement.objects.get().state == "accepted"
    assert verify_record().valid
    assert [e for e in verify_rows().differences if e.table.startswith(("cases", "asks"))] == []


def test_what_is_not_there_by_its_day_ends_the_offer(
    heeding: Heed, monkeypatch: pytest.MonkeyPatch
) -> None:
    heeding("")
    applicant = applied(UNSURE, "zh", **AFFORDS)
    client = logged_in(underwriter("junior"))
    where, yes = body(client)
    assert send(client, "POST", f"{where}/decide", yes).status_code == 201
    assert "方案所需材料" in applicant.text("progress")
    at(clock.now() + timedelta(days=60), monkeypatch)
    assert asks.end_asks.func() == 2
    page = applicant.text("progress")
    assert "方案已失效" in page
    assert applicant.get("answer").status_code == 200
    assert not Agreement.objects.exists()


def _with_papers(folder: Path) -> Any:
    return replace(settings.CONFIGURATION, papers=str(folder))

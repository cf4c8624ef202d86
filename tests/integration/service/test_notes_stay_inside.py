"""What people write for colleagues reaches nothing that is sent out: a planted word is looked for
in every page, letter, message and answer that an applicant or their program can have."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from lender import AUTHORITY
from letter_lender import SAFE, Heed, applied, heeding_laws, publish_speaking, words
from people import send
from test_cases import officer

from equipoise.service.contexts.asks.models import Ask
from equipoise.service.contexts.cases import tasks as cases
from equipoise.service.contexts.concerns import tasks as concerns
from equipoise.service.contexts.drafts import tasks as drafts
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.notices import tasks as notices
from equipoise.service.platform.messages.models import Message
from equipoise.service.platform.record import services as record
from equipoise.service.platform.webhooks.public import message, public_types

PLANTED = "Quillfeather"
ASKED = {
    "what": "question",
    "answer": "text",
    "question": {"en": "Since when do you live there?"},
    "why": {"zh": "合同上的日期不清楚。"},
}
PAGES = (
    "progress", "progress/part", "progress/history", "answer", "data", "data.json", "papers",
    "complain", "ask",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish_speaking(authority=AUTHORITY)


@pytest.fixture
def heeding() -> Iterator[Heed]:
    yield from heeding_laws()


def test_no_outbound_text_holds_what_was_written_for_colleagues(heeding: Any) -> None:
    heeding("US")
    applicant = applied({**SAFE, "on_sick_leave": True})
    draft = Draft.objects.get()
    _, client = officer("senior")
    at = f"/cases/{draft.application}/"
    assert client.post(f"{at}note", {"note": f"{PLANTED} called."}).status_code == 302
    cases.follow_cases.func()
    of = f"/v1/applications/{draft.application}/asks"
    reach = {**ASKED, "why": {"en": f"{PLANTED}: write to quill@example.com"}}
    assert send(client, "POST", of, reach).status_code == 422  # no way to reach anybody
    assert send(client, "POST", of, ASKED).status_code == 201
    one = f"/v1/decisions/{draft.decision}"
    no = {"answer": "decline", "reasons": ["STRAINED"], "words": f"{PLANTED} says so."}
    assert send(client, "POST", f"{one}/pass-on", no).status_code == 200
    assert send(client, "POST", f"{one}/give-back", {"words": PLANTED}).status_code == 200
    assert send(client, "POST", f"{one}/decide", no).status_code == 201
    for job in (concerns.raise_concerns, drafts.tell_applicants, notices.make_notices):
        job.func()
    for page in (*PAGES, f"asked/{Ask.objects.get().id}"):
        assert PLANTED.encode() not in applicant.get(page).content, page
    assert PLANTED not in words(applicant.get("letter").content)
    for row in Message.objects.all():
        assert PLANTED not in json.dumps(row.__dict__, default=str)
    for each in record.read(public_types()):
        assert PLANTED.encode() not in message(each), each.entry.kind
    for entry in record.entries(draft.application):
        assert PLANTED.encode() not in entry.body, entry.kind  # sealed
    client.post(f"{at}open")
    assert PLANTED in client.get(at).content.decode()  # colleagues do read it

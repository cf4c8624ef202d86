"""A lender's own front end takes, signs and asks for a second look, by the API."""

from __future__ import annotations

import pytest
from fronting import ALL, accepted, completed, front, offered
from lender import publish
from people import send

from equipoise.service.contexts.agreements.events import AgreementSigned, OfferAccepted
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.platform.record import services as record

pytestmark = pytest.mark.usefixtures("sqlite_database")


def test_an_offer_is_taken_and_signed_by_who_has_read_it() -> None:
    publish()
    program = front()
    draft = completed(program)
    offer = offered(program, draft)
    assert offer["texts"]
    unread = send(program, "POST", f"{ALL}/{draft}/acceptance", {"seen": "another"})
    assert (unread.status_code, unread.json()["field"]) == (409, "seen")
    read = accepted(program, draft, offer["seen"])
    assert accepted(program, draft, offer["seen"]) == read
    assert len(read["texts"]) > 2
    for _ in range(2):
        body = {"name": "Ada Byron", "seen": read["seen"]}
        signed = send(program, "POST", f"{ALL}/{draft}/signature", body)
        assert signed.json()["state"] == "signed", signed.content
    application = Draft.objects.get(pk=draft).application
    [taken] = record.history(application, OfferAccepted)
    [sign] = record.history(application, AgreementSigned)
    assert {each.event.by.partition(".")[0] for each in (taken, sign)} == {"program"}


def test_what_was_not_taken_is_not_signed() -> None:
    publish()
    program = front()
    draft = completed(program)
    for what, body in (("signature", {"name": "Ada", "seen": "x"}), ("withdrawal", {})):
        assert send(program, "POST", f"{ALL}/{draft}/{what}", body).status_code == 409
    assert program.get(f"{ALL}/{draft}/reading").status_code == 409


def test_a_person_looks_again_at_a_no() -> None:
    publish()
    program = front()
    draft = completed(program, dti=0.9)
    assert Decision.objects.get().outcome == "decline"
    assert program.get(f"{ALL}/{draft}/offers").status_code == 409
    asked = [
        send(program, "POST", f"{ALL}/{draft}/second-look", {"words": "They are paid."}).json()
        for _ in range(2)
    ]
    assert asked[0] == asked[1]
    assert asked[0]["state"] == "asked"

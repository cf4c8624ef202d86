"""A lender's own front end takes, signs and asks for a second look, by the API."""

from __future__ import annotations

from typing import Any

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


def test_other_terms_are_tried_and_taken_as_any_offer_is() -> None:
    publish()
    program = front()
    draft = completed(program)
    [amount, months] = program.get(f"{ALL}/{draft}/offers").json()["boxes"]
    assert (amount["text"], months["text"]) == ("8000", "36")
    assert float(amount["low"]) <= 7000 <= float(amount["high"])

    def tried(**terms: str) -> Any:
        answer = send(program, "POST", f"{ALL}/{draft}/terms", {"months": "24", **terms})
        assert answer.status_code == 200, answer.content
        return answer.json()

    assert tried(amount="7.000,50")["problems"].keys() == {"amount"}
    assert tried(amount="8000", months="1000")["problems"].keys() == {"months"}
    offer = tried(amount="7,000")["offer"]
    assert (offer["amount"], offer["months"]) == (7000, 24)
    assert len(offer["payments"]) == 24
    assert Decision.objects.count() == 1  # to try is only to be told
    asked = {"amount": offer["asked_amount"], "months": offer["asked_months"]}
    body = {"seen": offer["seen"], **asked}
    taken = send(program, "POST", f"{ALL}/{draft}/acceptance", body)
    assert taken.status_code == 200, taken.content
    [event] = record.history(Draft.objects.get(pk=draft).application, OfferAccepted)
    assert Decision.objects.count() == 2
    assert event.event.by.partition(".")[0] == "program"


def test_other_terms_are_had_without_being_taken() -> None:
    publish()
    program = front()
    draft = completed(program)
    before = program.get(f"{ALL}/{draft}/offers").json()

    def wanted(amount: str) -> Any:
        terms = {"amount": amount, "months": "24", "wanted": True}
        return send(program, "POST", f"{ALL}/{draft}/terms", terms)

    assert wanted("many").json()["problems"].keys() == {"amount"}
    assert Decision.objects.count() == 1
    offer = wanted("7,000").json()["offer"]
    assert Decision.objects.count() == 2
    after = program.get(f"{ALL}/{draft}/offers").json()
    assert [each["asked_amount"] for each in before["offers"] if each["current"]] == [8000]
    [had] = [each for each in after["offers"] if each["current"]]
    assert (had["amount"], had["months"], had["seen"]) == (7000, 24, offer["seen"])
    assert {each["asked_amount"] for each in after["offers"]} > {7000, 8000}, "others stay open"
    assert record.history(Draft.objects.get(pk=draft).application, OfferAccepted) == []
    assert program.get(f"{ALL}/{draft}/reading").status_code == 409


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

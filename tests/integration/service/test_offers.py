"""A person chooses among offers, asks for other terms, takes one, signs it and withdraws."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from applying import Applicant, bureau, sealed_asking
from corner_lender import STRATEGY
from django.conf import settings
from django.utils import timezone
from lender import publish
from people import logged_in, person, with_key

from equipoise.record.chain import canonical
from equipoise.service.contexts.agreements import services
from equipoise.service.contexts.agreements.events import AgreementEvent, Showing
from equipoise.service.contexts.agreements.models import Agreement
from equipoise.service.contexts.agreements.reading import shown_offer
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.reading import read
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record
from equipoise.service.platform.record.subjects import open_sealed
from equipoise.texts.saying import speaking

NAME = "Ana Bo López"
SAFE = {
    "score": 780.0,
    "score_date": timezone.now().date().isoformat(),
    "dti": 0.2,
    "on_sick_leave": False,
}
RULE = {"name": "small", "when": "amount < 3000", "outcome": "decline", "reason": "STRAINED"}
STRICT = {"rules": [*STRATEGY["rules"], RULE]}


def in_force(**changes: Any) -> None:
    """Put a strategy in force that speaks both languages, with parts of its document changed."""
    publish(raw=sealed_asking(languages=["en", "zh"], **changes))


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> Iterator[None]:
    in_force(**STRICT)
    with bureau(**SAFE):
        yield


def offered() -> Applicant:
    """Somebody whom the lender offers what they asked for."""
    person = Applicant().begin().fill()
    person.send()
    assert Decision.objects.get().outcome == "approve"
    return person


def page(person: Applicant, address: str = "answer") -> str:
    answer = person.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def hidden(html: str) -> list[dict[str, str]]:
    """What each form that takes an offer sends."""
    forms = re.findall(r'<form[^>]*answer/take".*?</form>', html, re.DOTALL)
    return [dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) for form in forms]


def taken(person: Applicant, at: int = 0) -> Any:
    sent = hidden(page(person))[at]
    return person.client.post(person.home + "answer/take", sent)


def signed(person: Applicant, **changes: str) -> Any:
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page(person, "agreement"))
    assert seen is not None
    sent = {"seen": seen[1], "name": NAME, "agreed": "on", **changes}
    return person.client.post(person.home + "agreement/sign", sent)


def happened(person: Applicant) -> list[Any]:
    application = Draft.objects.get(pk=person.draft).application
    return record.history(application, AgreementEvent)


def kinds(person: Applicant) -> list[str]:
    return [each.entry.kind for each in happened(person)]


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def level(amount: float, apr: float, months: int) -> float:
    """The textbook's annuity."""
    rate = apr / 12
    return amount * rate / (1 - (1 + rate) ** -months)


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("order-asked", [("8000", "36"), ("8000", "24"), ("6000", "36"), ("8000", "12")]),
        ("order-instalment", [("6000", "36"), ("8000", "36"), ("8000", "24"), ("8000", "12")]),
        ("order-paid", [("6000", "36"), ("8000", "12"), ("8000", "24"), ("8000", "36")]),
        ("order-amount", [("8000", "36"), ("8000", "24"), ("8000", "12"), ("6000", "36")]),
    ],
)
def test_offers_stand_in_the_order_that_a_person_likes(
    order: str, first: list[tuple[str, str]]
) -> None:
    person = offered()
    person.client.post("/apply/adjust", {"order": order})
    html = page(person)
    assert [(each["amount"], each["months"]) for each in hidden(html)] == first
    assert html.count("We recommend this one") == 1
    assert "order-" not in html.split(">")[1]  # it is no look of the page's


def test_offers_stand_side_by_side_with_what_each_costs() -> None:
    html = page(offered())
    sent = hidden(html)
    assert [(each["amount"], each["months"]) for each in sent] == [
        ("8000", "36"), ("8000", "24"), ("6000", "36"), ("8000", "12")
    ]  # fmt: skip
    assert html.count("We recommend this one") == 1
    assert "Why we recommend it" in html
    cards = re.findall(r'<li class="offer.*?</li>', html, re.DOTALL)
    for card, (amount, months) in zip(
        cards, ((8000, 36), (8000, 24), (6000, 36), (8000, 12)), strict=True
    ):
        said = words(card)
        monthly = level(amount, 0.09, months)
        assert f"EUR {monthly:,.2f}" in said
        assert "9.00 %" in said
        paid = re.search(r"You pay back in all EUR ([\d,.]+)", said)
        cost = re.search(r"It costs you EUR ([\d,.]+)", said)
        assert paid is not None
        assert cost is not None
        in_all, extra = (float(each[1].replace(",", "")) for each in (paid, cost))
        assert in_all == pytest.approx(monthly * months, abs=0.01 * months)
        assert extra == pytest.approx(in_all - amount, abs=0.001)
        rows = re.findall(r"<tr><th scope=\"row\">(\d+)</th>(.*?)</tr>", card)
        assert [int(number) for number, _ in rows] == [*range(1, months + 1)]
        owed = float(amount)
        for at, (_, cells) in enumerate(rows, start=1):
            values = re.findall(r"<td>([\d,.]+)", cells)
            pays, interest, principal, left = (float(v.replace(",", "")) for v in values)
            assert interest == pytest.approx(owed * 0.09 / 12, abs=0.006)
            assert pays == pytest.approx(interest + principal, abs=0.001)
            owed -= principal
            assert left == pytest.approx(owed, abs=0.006 * at)


def test_what_the_strategy_would_not_approve_is_not_there() -> None:
    person = Applicant().begin().fill(amount="5000")
    person.send()
    # half of it is below what the strategy lends
    assert {each["amount"] for each in hidden(page(person))} == {"5000", "3500"}


def test_a_counter_offer_can_be_taken() -> None:
    in_force(
        table={"rows": [{"tier": "low", "give": "quick_base_less"}, {"give": "decline"}]},
    )
    person = Applicant().begin().fill()
    person.send()
    assert Decision.objects.get().outcome == "counter_offer"
    assert "EUR 5,600" in words(page(person))
    assert taken(person)["Location"] == person.home + "agreement"
    assert signed(person).status_code == 302
    assert kinds(person) == ["offer.accepted", "agreement.signed"]


def test_trying_other_terms_tells_and_records_nothing() -> None:
    person = offered()
    before = Decision.objects.count()
    sent = {"amount": "7,000", "months": "48", "go": "try"}
    said = words(person.client.post(person.home + "answer/terms", sent).content.decode())
    assert f"EUR {level(7000, 0.09, 48):,.2f}" in said
    part = person.client.post(person.home + "answer/terms/part", sent).content.decode()
    assert "<html" not in part
    assert f"EUR {level(7000, 0.09, 48):,.2f}" in words(part)
    assert Decision.objects.count() == before


def test_other_terms_that_are_wanted_are_the_next_step_of_the_application() -> None:
    person = offered()
    first = Draft.objects.get(pk=person.draft).application
    sent = {"amount": "7000", "months": "48", "go": "see"}
    for _ in range(2):  # pressed twice
        assert person.client.post(person.home + "answer/terms", sent).status_code == 302
    made = Decision.objects.filter(application=first)
    assert made.count() == 2
    facts = read(made.latest("id").id).facts
    assert facts is not None
    assert (facts["application"]["amount"], facts["application"]["term"]) == (7000.0, 48)
    offers = hidden(page(person))
    assert [(each["amount"], each["months"]) for each in offers[:2]] == [
        ("8000", "36"),
        ("7000", "48"),
    ]
    verify_record()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"amount": "2000", "months": "36"}, "We cannot offer you these terms"),
        ({"amount": "12000", "months": "36"}, "We cannot offer you these terms"),
    ],
)
def test_terms_that_the_strategy_does_not_approve_are_refused_kindly(
    sent: dict[str, str], said: str
) -> None:
    person = offered()
    for go in ("try", "see"):
        answer = person.client.post(person.home + "answer/terms", {**sent, "go": go})
        assert answer.status_code == 200
        assert said in answer.content.decode()
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    "sent", [{"amount": "x", "months": "36"}, {"amount": "8000", "months": "99"}]
)
def test_terms_that_cannot_be_read_are_asked_back_with_a_link(sent: dict[str, str]) -> None:
    person = offered()
    answer = person.client.post(person.home + "answer/terms", {**sent, "go": "see"})
    html = answer.content.decode()
    assert answer.status_code == 422
    box = "amount" if sent["amount"] == "x" else "months"
    assert f'href="#{box}"' in html
    assert "<title>Error: " in html
    assert f'value="{sent[box]}"' in html


def test_an_offer_is_taken_signed_and_withdrawn_from(monkeypatch: Any) -> None:
    monkeypatch.setattr(settings, "CONFIGURATION", with_days(14))
    person = offered()
    assert taken(person)["Location"] == person.home + "agreement"
    read_again = words(page(person, "agreement"))
    assert "You borrow EUR 8,000, and pay it back in 36 monthly payments." in read_again
    assert "you can withdraw from the loan until" in read_again
    assert signed(person)["Location"] == person.home + "agreement"
    agreement = Agreement.objects.get()
    assert agreement.signed_at is not None
    assert agreement.withdraw_until == agreement.signed_at.date() + timedelta(days=14)
    said = words(page(person, "agreement"))
    assert "You have signed" in said
    assert NAME in said
    assert "You have signed the loan agreement" in person.text("progress")
    for _ in range(2):
        person.client.post(person.home + "agreement/withdraw")
    assert "You have withdrawn" in page(person, "agreement")
    assert kinds(person) == ["offer.accepted", "agreement.signed", "agreement.withdrawn"]
    verify_record()


def with_days(days: int | None, jurisdiction: str = "") -> Any:
    from dataclasses import replace

    return replace(settings.CONFIGURATION, withdrawal_days=days, jurisdiction=jurisdiction)


def test_the_law_gives_the_days_of_withdrawal(monkeypatch: Any) -> None:
    monkeypatch.setattr(settings, "CONFIGURATION", with_days(None, "EU"))
    person = offered()
    taken(person)
    signed(person)
    agreement = Agreement.objects.get()
    assert agreement.signed_at is not None
    assert agreement.withdraw_until is not None
    last = agreement.signed_at.date() + timedelta(days=14)
    while last.weekday() > 4:  # a closed day moves on to the next open one
        last += timedelta(days=1)
    assert agreement.withdraw_until == last


def test_without_such_days_nobody_withdraws() -> None:
    person = offered()
    taken(person)
    assert "has no days in which you can withdraw" in page(person, "agreement")
    signed(person)
    assert "agreement/withdraw" not in page(person, "agreement")
    person.client.post(person.home + "agreement/withdraw")
    assert Agreement.objects.get().state == "signed"


def test_after_the_last_day_nobody_withdraws(monkeypatch: Any) -> None:
    monkeypatch.setattr(settings, "CONFIGURATION", with_days(14))
    person = offered()
    taken(person)
    signed(person)
    row = Agreement.objects.get()
    assert row.signed_at is not None
    Agreement.objects.update(withdraw_until=row.signed_at.date() - timedelta(days=1))
    person.client.post(person.home + "agreement/withdraw")
    assert kinds(person) == ["offer.accepted", "agreement.signed"]
    assert "ended on" in page(person, "agreement")


@pytest.mark.parametrize("missing", ["name", "agreed"])
def test_without_name_or_tick_nothing_is_signed(missing: str) -> None:
    person = offered()
    taken(person)
    answer = signed(person, **{missing: ""})
    assert answer.status_code == 422
    assert f'href="#{missing}"' in answer.content.decode()
    assert kinds(person) == ["offer.accepted"]


def test_the_record_holds_exactly_what_was_shown() -> None:
    person = offered()
    taken(person)
    shown_page = words(page(person, "agreement"))
    signed(person)
    for each in happened(person):
        event = each.event
        assert isinstance(event, Showing)
        kept = open_sealed(event.shown)
        assert event.digest == sha256(canonical(kept["shown"])).hexdigest()
        assert len(kept["shown"]["salt"]) == 32
        assert event.language == kept["shown"]["language"] == "en"
    last = open_sealed(happened(person)[-1].event.shown)
    assert last["name"] == NAME
    for text in last["shown"]["texts"]:
        assert words(text["text"]) in shown_page.replace("&#x27;", "'")
        assert text["version"] == 1
    numbers = last["shown"]["numbers"]
    assert numbers["offer"]["amount"] == 8000
    assert sum(each["principal"] for each in numbers["payments"]) == 800_000
    assert numbers["paid"] == sum(each["paid"] for each in numbers["payments"])


def test_no_personal_fact_of_an_agreement_stands_open() -> None:
    person = offered()
    taken(person)
    signed(person)
    for each in happened(person):
        body = bytes(each.entry.body)
        assert "López".encode() not in body
        assert b'"amount"' not in body
        assert b"254.4" not in body  # the monthly payment


def test_a_page_is_signed_in_the_language_in_which_it_was_read() -> None:
    person = offered()
    person.client.post(person.home + "language", {"language": "zh", "page": "apply-answer"})
    assert "选择此方案" in page(person)
    taken(person)
    html = page(person, "agreement")
    assert "您借款 EUR\u202f8,000，分 36 个月偿还。" in html
    seen = re.search(r'name="seen" value="(\w+)"', html)
    assert seen is not None
    person.client.post(person.home + "language", {"language": "en", "page": "apply-agreement"})
    answer = signed(person, seen=seen[1])  # read in Chinese, sent from a page in English
    assert answer.status_code == 422
    assert "Please read it again" in answer.content.decode()
    assert signed(person).status_code == 302
    event = happened(person)[-1].event
    assert isinstance(event, Showing)
    assert event.language == "en"


def test_looking_changes_nothing() -> None:
    person = offered()
    taken(person)
    before = [*Agreement.objects.values()], kinds(person), Decision.objects.count()
    addresses = ("answer", "agreement", "answer/terms", "answer/take", "agreement/sign",
                 "agreement/withdraw", "answer/terms/part")  # fmt: skip
    for address in addresses:
        for _ in range(2):
            person.get(address)
            person.client.head(person.home + address)
    assert ([*Agreement.objects.values()], kinds(person), Decision.objects.count()) == before


def test_strangers_see_no_offer() -> None:
    person, stranger = offered(), Applicant().begin()
    taken(person)
    for address in ("answer", "agreement"):
        assert stranger.client.get(person.home + address).status_code == 404
    for address in ("answer/terms", "answer/terms/part", "answer/take", "agreement/sign",
                    "agreement/withdraw"):  # fmt: skip
        assert stranger.client.post(person.home + address).status_code == 404
    assert kinds(person) == ["offer.accepted"]


def test_two_windows_that_take_and_sign_have_one_agreement(
    in_threads: Callable[..., list[Any]],
) -> None:
    person = offered()
    answer = read(Draft.objects.get(pk=person.draft).decision)
    hands = services.Hands(FOR_APPLICANTS)

    def accept(_n: int) -> str:
        with speaking("en"):
            shown = shown_offer(answer.answer()["offers"][0], "EUR")
            return services.accept(answer, shown, shown.seen, hands).id

    def sign(_n: int) -> str:
        with speaking("en"):
            shown = services_shown(answer)
            return services.sign(answer, shown, shown.seen, NAME, hands).id

    assert len(set(in_threads(4, accept))) == 1
    assert len(set(in_threads(4, sign))) == 1
    assert kinds(person) == ["offer.accepted", "agreement.signed"]
    assert Agreement.objects.count() == 1


def services_shown(found: Any) -> Any:
    from equipoise.service.contexts.agreements.reading import shown_agreement

    return shown_agreement(found.answer()["offers"][0], "EUR", None)


def test_another_offer_may_be_taken_until_one_is_signed() -> None:
    person = offered()
    taken(person)
    assert taken(person, 1)["Location"] == person.home + "agreement"
    assert "24 monthly payments" in page(person, "agreement")
    signed(person)
    late = person.client.post(person.home + "answer/take", {"amount": "8000", "months": "36"})
    assert late["Location"] == person.home + "answer"
    assert person.get("answer")["Location"] == person.home + "agreement"
    assert kinds(person) == ["offer.accepted", "offer.accepted", "agreement.signed"]


def test_an_offer_that_was_decided_anew_meanwhile_is_not_signed() -> None:
    person = offered()
    taken(person)
    html = page(person, "agreement")
    seen = re.search(r'name="seen" value="(\w+)"', html)
    assert seen is not None
    other = {"amount": "7000", "months": "36", "go": "see"}
    person.client.post(person.home + "answer/terms", other)  # in another window
    sent = {"seen": seen[1], "name": NAME, "agreed": "on"}
    answer = person.client.post(person.home + "agreement/sign", sent)
    assert answer["Location"] == person.home + "agreement"
    assert person.get("agreement")["Location"] == person.home + "answer"
    assert kinds(person) == ["offer.accepted"]


def test_an_offer_that_the_strategy_does_not_make_today_is_decided_anew(monkeypatch: Any) -> None:
    person = offered()
    sent = hidden(page(person))[0]
    monkeypatch.setattr(services, "stands", lambda *_: False)
    answer = person.client.post(person.home + "answer/take", sent)
    assert answer.status_code == 409
    assert "We have decided again" in answer.content.decode()
    assert Decision.objects.count() == 2
    assert Agreement.objects.count() == 0


def test_an_offer_stands_only_while_its_facts_are_fresh(monkeypatch: Any) -> None:
    """The bureau's score counts for thirty days; after that the strategy refers."""
    from equipoise.service.contexts.decisions import terms

    person = offered()
    sent = hidden(page(person))[0]
    later = timezone.now().date() + timedelta(days=40)
    monkeypatch.setattr(terms, "today", lambda _found: later)
    answer = person.client.post(person.home + "answer/take", sent)
    assert answer.status_code == 409
    assert Agreement.objects.count() == 0


def test_whoever_reads_decisions_reads_where_an_agreement_stands() -> None:
    somebody = offered()
    application = Draft.objects.get(pk=somebody.draft).application
    where = f"/v1/applications/{application}/agreement"
    reader = logged_in(person(Role.ANALYST))
    assert reader.get(where).status_code == 404
    taken(somebody)
    signed(somebody)
    answer = reader.get(where).json()
    assert (answer["state"], answer["application"], answer["language"]) == (
        "signed",
        application,
        "en",
    )
    assert answer["digest"] == happened(somebody)[-1].event.digest
    others, _ = with_key(person(Role.ADMINISTRATOR), "decisions.read")
    assert others.get(where).status_code == 404  # a program reads what it began itself

"""The page of a case: what is there to read, facts opened by need, and deciding on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from at_the_desk import follow
from lender import AUTHORITY, anew, ask, publish, shop
from lender import facts as as_json
from people import logged_in, person, send
from test_cases import officer

from equipoise.service.contexts.cases.events import CaseLooked
from equipoise.service.contexts.cases.models import Work
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record

WORDS = "The landlord at 7 Planted Lane was called, and confirms it."


@pytest.fixture(autouse=True)
def _in_force(sqlite_database: Any) -> Iterator[None]:
    with anew():
        publish(authority=AUTHORITY)
        yield


def referred(amount: float = 14_000.0, **facts: Any) -> dict[str, Any]:
    answer = ask(shop(branch="north"), as_json(amount=amount, **facts))
    assert answer.json()["outcome"] == "refer"
    return dict(answer.json())


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def boxes(answer: Any) -> dict[str, str]:
    """What the form would send as it stands."""
    page = answer.content.decode()
    matches = {name: re.findall(rf'name="{name}" value="([^"]*)"', page) for name in _BOXES}
    return {name: values[0] for name, values in matches.items() if values}


_BOXES = ("decision", "seen", "amount", "months", "apr")


def opened(client: Any, at: str) -> Any:
    client.defaults["HTTP_ACCEPT"] = "text/html"  # a browser: what is refused is a page
    assert client.post(f"{at}open").status_code == 302
    return client.get(at)


def test_facts_are_hidden_until_they_are_opened_and_that_is_told() -> None:
    made = referred()
    at = f"/cases/{made['application']}/"
    user, client = officer()
    page = client.get(at)
    assert page.status_code == 200
    assert "A loan of this size is decided by a person." in text_of(page)
    assert "14,000" not in text_of(page)
    assert not record.history(made["application"], CaseLooked)
    shown = text_of(opened(client, at))
    assert "14,000" in shown
    client.get(at)
    (look,) = record.history(made["application"], CaseLooked)  # once, for a quarter of an hour
    assert look.event.by == f"user.{user.pk}"
    assert verify_record().valid


def test_who_may_not_read_what_is_personal_reads_the_rest_and_opens_nothing() -> None:
    made = referred()
    at = f"/cases/{made['application']}/"
    auditor = logged_in(person(Role.AUDITOR))
    page = text_of(auditor.get(at))
    assert "What the strategy says" in page
    assert "Open the facts" not in page
    assert auditor.post(f"{at}open").status_code == 403
    assert officer(branch="south")[1].get(at).status_code == 404
    assert logged_in(person(Role.UNDERWRITER, branch="north")).get("/cases/x/").status_code == 404


def test_a_case_is_decided_on_its_page() -> None:
    made = referred()
    at = f"/cases/{made['application']}/"
    _, client = officer()
    sent = {**boxes(opened(client, at)), "answer": "approve", "words": WORDS, "go": "sign"}
    assert (sent["amount"], sent["months"], sent["apr"]) == ("14000", "36", "9")
    weighed = text_of(client.post(f"{at}weigh", sent))
    assert "An instalment" in weighed
    assert "The strategy leaves these terms to a person too." in weighed
    done = client.post(f"{at}decide", sent)
    assert done.status_code == 302, text_of(done)
    page = text_of(client.get(at))
    assert "A person decided: approve." in page
    assert WORDS in page
    assert "Sign this answer" not in page


def test_a_review_of_a_person_s_no_is_settled_on_the_page_by_another() -> None:
    made = referred()
    at = f"/cases/{made['application']}/"
    _, first = officer()
    no = {"answer": "decline", "words": WORDS, "reasons": ["STRAINED"]}
    assert send(first, "POST", f"/v1/decisions/{made['id']}/decide", no).status_code == 201
    _, second = officer()
    asked = {"words": "My rent is lower now."}
    where = f"/v1/applications/{made['application']}/reviews"
    assert send(second, "POST", where, asked).status_code == 201
    own = text_of(opened(first, at))
    assert "You decided this application: another person settles the review." in own
    assert "Settle the review" not in own
    page = opened(second, at)
    assert "My rent is lower now." in text_of(page)
    sent = {**boxes(page), "review": "overturned", "review_words": ""}
    assert (sent["amount"], sent["months"]) == ("14000", "36")
    refused = second.post(f"{at}review", sent)
    assert refused.status_code == 422
    stale = {**sent, "review_words": "Planted.", "seen": "1"}
    assert "Planted." in second.post(f"{at}review", stale).content.decode()
    done = second.post(f"{at}review", {**sent, "review_words": "The lease was read."})
    assert done.status_code == 302, text_of(done)
    now = text_of(second.get(at))
    assert "A person decided: approve." in now
    assert "signed, and it holds: decline" in now  # what it replaced is still told
    assert "The lease was read." in now
    assert second.post(f"{at}review", {**sent, "review_words": "Again."}).status_code == 409


def test_seeing_what_terms_mean_records_nothing_and_keeps_what_was_typed() -> None:
    made = referred()
    at = f"/cases/{made['application']}/"
    _, client = officer()
    page = boxes(opened(client, at))
    sent = {**page, "amount": "9,000", "words": WORDS, "go": "see"}
    seen = client.post(f"{at}decide", sent)
    assert seen.status_code == 200
    assert "The strategy alone would say yes to these terms." in text_of(seen)
    assert WORDS in text_of(seen)
    wrong = client.post(f"{at}decide", {**sent, "amount": "many"})
    assert "many" in wrong.content.decode()


def test_the_loser_of_two_is_told_by_whom_and_loses_no_word() -> None:
    made = referred()
    at = f"/cases/{made['application']}/"
    (first, one), (_, two) = officer(), officer()
    mine = {**boxes(opened(one, at)), "answer": "approve", "words": "Fine.", "go": "sign"}
    theirs = {**boxes(opened(two, at)), "answer": "decline", "words": WORDS, "go": "sign"}
    assert one.post(f"{at}decide", mine).status_code == 302
    lost = two.post(f"{at}decide", {**theirs, "reasons": ["STRAINED"]})
    assert lost.status_code == 409
    text = text_of(lost)
    assert first.username in text
    assert "A person decided: approve" in text
    assert WORDS in text


def test_what_changed_meanwhile_is_named_and_what_was_typed_stands() -> None:
    program = shop(branch="north")
    made = ask(program, as_json(amount=14_000.0)).json()
    at = f"/cases/{made['application']}/"
    _, client = officer()
    sent = {**boxes(opened(client, at)), "answer": "approve", "words": WORDS, "go": "sign"}
    ask(program, as_json(amount=13_000.0))
    answer = client.post(f"{at}decide", sent)
    assert answer.status_code == 409
    text = text_of(answer)
    assert "Since you read it:" in text
    assert "Decided: to a person" in text
    assert WORDS in text


def test_two_sign_and_the_second_reads_the_first() -> None:
    made = referred(25_000.0)
    at = f"/cases/{made['application']}/"
    (first, one), (_, two) = officer("senior"), officer("senior")
    sent = {**boxes(opened(one, at)), "answer": "approve", "words": WORDS, "go": "sign"}
    assert one.post(f"{at}decide", sent).status_code == 302
    page = opened(two, at)
    assert WORDS in text_of(page)
    assert first.username in text_of(page)
    same = {**boxes(page), "answer": "approve", "words": "I agree.", "go": "sign"}
    assert two.post(f"{at}decide", same).status_code == 302
    assert "A person decided: approve." in text_of(two.get(at))


def test_who_cannot_sign_passes_it_on_and_it_can_be_given_back() -> None:
    made = referred(25_000.0)
    at = f"/cases/{made['application']}/"
    _, junior = officer("junior")
    page = opened(junior, at)
    assert "You cannot sign this one." in text_of(page)
    assert "Sign this answer" not in text_of(page)
    sent = {**boxes(page), "answer": "decline", "reasons": ["DEBTS"], "words": WORDS, "go": "pass"}
    assert junior.post(f"{at}decide", sent).status_code == 302
    _, senior = officer("senior")
    assert WORDS in text_of(opened(senior, at))
    assert senior.post(f"{at}give-back", {"back": ""}).status_code == 422
    assert senior.post(f"{at}give-back", {"back": "Ask again."}).status_code == 302
    assert "gave it back" in text_of(senior.get(at))


def test_an_override_is_made_on_the_page_with_its_reason() -> None:
    made = ask(shop(branch="north"), as_json()).json()
    at = f"/cases/{made['application']}/"
    _, client = officer()
    page = opened(client, at)
    assert "income is not as said" in text_of(page)
    sent = {**boxes(page), "answer": "decline", "words": WORDS, "go": "sign"}
    assert client.post(f"{at}decide", sent).status_code == 422
    assert client.post(f"{at}decide", {**sent, "reason": "INCOME"}).status_code == 302
    assert "A person decided: decline." in text_of(client.get(at))


def test_notes_are_sealed_and_read_by_colleagues() -> None:
    made = referred()
    at = f"/cases/{made['application']}/"
    _, client = officer()
    opened(client, at)
    assert client.post(f"{at}note", {"note": WORDS}).status_code == 302
    assert WORDS in text_of(client.get(at))
    assert WORDS.encode() not in b"".join(e.body for e in record.entries(made["application"]))
    assert client.post(f"{at}note", {"note": " "}).status_code == 422


def test_past_cases_alike_are_counted_and_few_are_said_to_be_few() -> None:
    program = shop(branch="north")
    for n in range(3):
        past = ask(program, as_json(application_id=f"past-{n}")).json()
        body = {"outcome": "repaid" if n else "defaulted"}
        answer = send(program, "POST", f"/v1/decisions/{past['id']}/outcome", body)
        assert answer.status_code == 201
    ask(program, as_json(application_id="other", score=650.0, dti=0.4))  # of another grade
    made = referred()
    at = f"/cases/{made['application']}/"
    _, client = officer()
    assert client.get(f"{at}similar").status_code == 302  # the facts first
    opened(client, at)
    answer = text_of(client.get(f"{at}similar"))
    assert "3 of the same grade" in answer
    assert "They are few" in answer
    assert "paid back 2" in answer
    assert "in default 1" in answer
    assert "past-" not in answer


def test_a_case_stays_theirs_while_they_have_its_page_before_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = referred()
    at = f"/cases/{made['application']}/"
    _, client = officer()
    _, other = officer()
    follow()
    assert client.post("/cases/next")["Location"] == at  # taken
    (work,) = Work.objects.filter(application=made["application"])
    start = clock.now()
    later = start
    for minutes in (10, 20, 30):
        later = start + timedelta(minutes=minutes)
        monkeypatch.setattr(clock, "now", lambda at=later: at)
        assert client.get(at).status_code == 200
        other.get(at)  # who only looks on takes nothing
    work.refresh_from_db()
    assert work.lease_until is not None
    assert work.lease_until >= start + timedelta(minutes=45)
    assert work.claimed_by == who_has(client)


def who_has(client: Any) -> str:
    return str(client.get("/v1/me").json()["id"])


def test_the_nearest_by_terms_are_told_with_shares_and_intervals() -> None:
    program = shop(branch="north")
    for n in range(12):
        past = ask(program, as_json(application_id=f"past-{n}")).json()
        body = {"outcome": "repaid" if n % 4 else "defaulted"}
        send(program, "POST", f"/v1/decisions/{past['id']}/outcome", body)
    made = referred()
    at = f"/cases/{made['application']}/"
    _, client = officer()
    opened(client, at)
    answer = text_of(client.get(f"{at}similar"))
    assert "Nearest by the model's own terms" in answer
    assert "12 of the same grade, the nearest term by term" in answer
    # 3 of 12 by Wilson 1927, worked out apart: 0.0889 to 0.5323
    assert "in default 3 25 % (9 %–53 %)" in answer
    assert "paid back 9 75 % (47 %–91 %)" in answer
    assert "They are few" not in answer
    zh = text_of(client.get(f"{at}similar", headers={"Accept-Language": "zh"}))
    assert "按模型各项最相近" in zh

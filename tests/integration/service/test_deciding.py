"""A person decides what the strategy left to one: within their authority, together where it takes
two, with terms or reasons, on the record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from lender import AUTHORITY, anew, ask, publish, shop
from lender import facts as as_json
from people import logged_in, person, send
from test_cases import officer

from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record, verify_rows
from equipoise.service.platform.record.subjects import erase, open_sealed
from equipoise.service.platform.webhooks.public import words as told_others

WORDS = "The landlord at 7 Planted Lane was called, and confirms it."
TERMS = {"amount": 14_000.0, "months": 36, "apr": 0.1}
YES = {"answer": "approve", "words": WORDS, "terms": TERMS}
NO = {"answer": "decline", "words": WORDS, "reasons": ["STRAINED"]}


@pytest.fixture(autouse=True)
def _in_force(database: Any) -> Iterator[None]:
    with anew():
        publish(authority=AUTHORITY)
        yield


def referred(branch: str = "north", amount: float = 14_000.0, **facts: Any) -> dict[str, Any]:
    """An application of a program that the strategy leaves to a person: it is too large."""
    answer = ask(shop(branch=branch), as_json(amount=amount, **facts))
    assert answer.status_code == 201, answer.content
    made = dict(answer.json())
    assert made["outcome"] == "refer"
    return made


def decide(client: Any, decision: str, body: dict[str, Any], how: str = "decide") -> Any:
    return send(client, "POST", f"/v1/decisions/{decision}/{how}", body)


def differing() -> list[str]:
    """Tables that are not as the record tells; of people some are made past it by these tests."""
    return [str(each) for each in verify_rows().differences if each.table != "accounts_user"]


def kinds(application: str) -> list[str]:
    return [each.kind for each in record.entries(application)]


def test_an_underwriter_says_yes_with_terms() -> None:
    user, client = officer()
    made = referred()
    answer = decide(client, made["id"], YES)
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert (body["state"], body["answer"], body["officers"]) == (
        "decided",
        "approve",
        [f"user.{user.pk}"],
    )
    (entry,) = [e for e in record.entries(made["application"]) if e.kind == "case.decided"]
    data = dict(entry.data)
    opened = open_sealed(data.pop("words"))
    assert opened["words"] == WORDS
    assert (opened["offer"]["amount"], opened["offer"]["apr"]) == (14_000.0, 0.1)
    assert "Planted" not in str(data)
    assert not re.search(r"\b14000\b", str(data))  # as a word: a digest may spell it
    assert (data["machine"], data["level"], data["by"]) == ("refer", "junior", f"user.{user.pk}")
    assert verify_record().valid
    assert not differing()


def test_a_no_is_told_to_whoever_sent_it_and_the_application_is_decided() -> None:
    program = shop(branch="north")
    made = ask(program, as_json(amount=14_000.0)).json()
    at = f"/v1/decisions/{made['id']}/by-person"
    where = f"/v1/applications/{made['application']}"
    assert program.get(at).status_code == 404
    assert program.get(where).json()["state"] == "open"
    assert decide(officer()[1], made["id"], NO).status_code == 201
    answer = program.get(at).json()
    assert (answer["answer"], answer["reasons"], answer["against"], answer["offer"]) == (
        "decline",
        ["STRAINED"],
        False,
        None,
    )
    assert program.get(where).json()["state"] == "decided"
    assert shop().get(at).status_code == 404  # others' are not there
    again = ask(program, as_json(amount=14_000.0)).json()
    assert again["application"] != made["application"]  # it begins anew, and undoes no answer
    (event,) = record.history(made["application"], _decided())
    assert dict(told_others(event)) == {
        "id": made["id"],
        "application": made["application"],
        "answer": "decline",
        "reasons": ["STRAINED"],
    }


def _decided() -> Any:
    from equipoise.service.contexts.cases.events import CaseDecided

    return CaseDecided


def test_a_program_reads_the_offer_of_a_persons_yes_and_not_after_an_erasure() -> None:
    program = shop(branch="north")
    made = ask(program, as_json(amount=14_000.0)).json()
    decide(officer()[1], made["id"], YES)
    at = f"/v1/decisions/{made['id']}/by-person"
    assert program.get(at).json()["offer"]["amount"] == 14_000.0
    auditor = logged_in(person(Role.AUDITOR))
    assert auditor.get(at).json()["offer"] is None  # not for whoever may not read what is personal
    from django.db import transaction

    with transaction.atomic():
        erase(made["application"], "user.1", "asked for")
    assert program.get(at).json()["offer"] is None
    assert program.get(at).json()["answer"] == "approve"


def test_less_than_was_asked_is_another_offer_and_says_why() -> None:
    _, client = officer()
    made = referred()
    less = {**YES, "terms": {**TERMS, "amount": 12_000.0}}
    refused = decide(client, made["id"], less)
    assert (refused.status_code, refused.json()["field"]) == (422, "reasons")
    answer = decide(client, made["id"], {**less, "reasons": ["STRAINED"]})
    assert (answer.status_code, answer.json()["answer"]) == (201, "counter_offer")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"terms": None}, "terms"),
        ({"terms": {**TERMS, "amount": 14_000.5}}, "terms.amount"),
        ({"terms": {**TERMS, "apr": 0.3}}, "terms.apr"),
        ({"terms": {**TERMS, "months": 90}}, "terms.months"),
        ({"answer": "decline"}, "terms"),
        ({"answer": "decline", "terms": None}, "reasons"),
        ({"answer": "decline", "terms": None, "reasons": ["STRAIND"]}, "reasons"),
        ({"answer": "decline", "terms": None, "reasons": ["SICK"]}, "reasons"),
        ({"answer": "decline", "terms": None, "reasons": ["DEBTS", "DEBTS"]}, "reasons"),
    ],
)
def test_what_cannot_be_said_is_refused_by_its_field(changes: dict[str, Any], field: str) -> None:
    _, client = officer()
    made = referred()
    refused = decide(client, made["id"], {**YES, **changes})
    assert (refused.status_code, refused.json()["field"]) == (422, field), refused.content
    assert "case.decided" not in kinds(made["application"])


def test_nobody_decides_without_authority_nor_what_the_strategy_answered() -> None:
    made = referred()
    _, client = officer()
    plain = logged_in(person(Role.UNDERWRITER, branch="north"))
    refused = decide(plain, made["id"], YES)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/beyond-authority")
    assert decide(officer(branch="south")[1], made["id"], YES).status_code == 404
    approved = ask(shop(branch="north"), as_json()).json()
    assert approved["outcome"] == "approve"
    assert decide(client, approved["id"], NO).status_code == 409
    assert decide(client, made["id"], NO).status_code == 201
    late = decide(client, made["id"], YES)
    assert late.status_code == 409
    assert "decided it at" in late.json()["detail"]


def test_what_was_decided_anew_meanwhile_is_not_decided_by_what_was_read() -> None:
    program = shop(branch="north")
    made = ask(program, as_json(amount=14_000.0)).json()
    later = ask(program, as_json(amount=13_000.0)).json()
    assert later["application"] == made["application"]
    _, client = officer()
    refused = decide(client, made["id"], YES)
    assert refused.status_code == 409
    assert "anew" in refused.json()["detail"]
    fits = {**YES, "terms": {**TERMS, "amount": 13_000.0}}
    assert decide(client, later["id"], fits).status_code == 201


def test_a_large_case_takes_two_who_sign_the_same() -> None:
    made = referred(amount=25_000.0)
    terms = {**TERMS, "amount": 25_000.0}
    first, second = officer("senior"), officer("senior")
    refused = decide(officer("junior")[1], made["id"], {**YES, "terms": terms})
    assert refused.status_code == 403
    assert f"user.{first[0].pk}" in refused.json()["mend"]
    waits = decide(first[1], made["id"], {**YES, "terms": terms})
    assert (waits.status_code, waits.json()["state"]) == (200, "signed")
    read = second[1].get(f"/v1/decisions/{made['id']}/deciding").json()
    assert read["able"] == [f"user.{second[0].pk}"]
    assert read["refusal"] == ""
    (said,) = read["said"]
    assert (said["by"], said["words"], said["offer"]["amount"]) == (
        f"user.{first[0].pk}",
        WORDS,
        25_000.0,
    )
    other = decide(second[1], made["id"], NO)
    assert other.status_code == 409
    assert f"user.{first[0].pk}" in other.json()["detail"]
    cheaper = {**terms, "apr": 0.09}
    assert decide(second[1], made["id"], {**YES, "terms": cheaper}).status_code == 409
    assert decide(first[1], made["id"], {**YES, "terms": terms}).status_code == 403
    holds = decide(second[1], made["id"], {**YES, "terms": terms})
    assert (holds.status_code, holds.json()["state"]) == (201, "decided")
    assert holds.json()["officers"] == [f"user.{each[0].pk}" for each in (first, second)]
    assert not differing()


def test_who_has_no_authority_passes_it_on_and_the_next_reads_why() -> None:
    made = referred(amount=25_000.0)
    terms = {**TERMS, "amount": 25_000.0}
    user, junior = officer("junior")
    passed = decide(junior, made["id"], {**YES, "terms": terms}, "pass-on")
    assert (passed.status_code, passed.json()["state"], passed.json()["officers"]) == (
        200,
        "passed",
        [],
    )
    assert (passed.json()["level"], passed.json()["passed_by"]) == ("senior", f"user.{user.pk}")
    first, second = officer("senior"), officer("senior")
    read = first[1].get(f"/v1/decisions/{made['id']}/deciding").json()
    assert [(each["what"], each["words"]) for each in read["said"]] == [("case.passed", WORDS)]
    assert read["waits"]["state"] == "passed"
    assert decide(first[1], made["id"], NO).status_code == 200  # they answer as they see it
    assert decide(second[1], made["id"], NO).status_code == 201
    assert kinds(made["application"])[-3:] == ["case.passed", "case.signed", "case.decided"]


def test_who_would_not_sign_gives_it_back_and_it_is_answered_anew() -> None:
    made = referred(amount=25_000.0)
    terms = {**TERMS, "amount": 25_000.0}
    first, second = officer("senior"), officer("senior")
    why = {"words": "The flat is of somebody else."}
    assert decide(second[1], made["id"], why, "give-back").status_code == 409  # nothing waits
    decide(first[1], made["id"], {**YES, "terms": terms})
    assert decide(officer("junior")[1], made["id"], why, "give-back").status_code == 403
    given = decide(second[1], made["id"], why, "give-back")
    assert (given.status_code, given.json()["state"], given.json()["officers"]) == (
        200,
        "returned",
        [],
    )
    assert decide(first[1], made["id"], NO).status_code == 200
    assert decide(second[1], made["id"], NO).status_code == 201
    assert verify_record().valid
    assert not differing()


def test_terms_are_weighed_before_anything_is_signed() -> None:
    _, client = officer()
    made = referred()
    before = kinds(made["application"])
    weighed = decide(client, made["id"], TERMS, "weigh").json()
    assert weighed["offer"]["instalment"] == pytest.approx(451.74, abs=0.01)  # the annuity
    assert (weighed["verdict"], weighed["level"], weighed["signatures"]) == ("refer", "junior", 1)
    assert set(weighed["measures"]) >= {"profit", "expected_loss", "customer_surplus"}
    less = decide(client, made["id"], {**TERMS, "amount": 9_000.0}, "weigh").json()
    assert less["verdict"] == "approve"  # the machine would give that alone
    assert decide(client, made["id"], {**TERMS, "apr": 0.5}, "weigh").status_code == 422
    assert kinds(made["application"]) == before


def test_how_it_may_be_decided_is_told_to_those_in_whose_area_it_lies() -> None:
    made = referred(on_sick_leave=True, amount=8_000.0)
    at = f"/v1/decisions/{made['id']}/deciding"
    read = officer()[1].get(at).json()
    assert (read["left"], read["last"], read["level"], read["signatures"]) == (
        True,
        True,
        "junior",
        1,
    )
    assert read["limits"]["amount"] == {"least": 500.0, "most": 8_000.0}
    assert read["reasons"] == ["DEBTS", "STRAINED", "CHECK_STOPPED"]
    assert read["overrides"] == {"INCOME": "income is not as said"}
    assert officer(branch="south")[1].get(at).status_code == 404


def test_an_override_may_offer_terms_too() -> None:
    program = shop(branch="north")
    made = ask(program, as_json(score=650.0, dti=0.45, employment="own")).json()
    assert made["outcome"] == "decline"
    _, client = officer()
    body = {"answer": "approve", "reason": "INCOME", "words": WORDS}
    with_terms = {**body, "terms": {"amount": 6_000.0, "months": 36, "apr": 0.2}}
    answer = send(client, "POST", f"/v1/decisions/{made['id']}/override", with_terms)
    assert answer.status_code == 201, answer.content
    reply = program.get(f"/v1/decisions/{made['id']}/by-person").json()
    assert (reply["answer"], reply["against"], reply["offer"]["amount"]) == (
        "approve",
        True,
        6_000.0,
    )

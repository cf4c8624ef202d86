"""A person who reads what is personal over the API has looked, and that is found again; a program,
and a reader without the right, has not."""

from __future__ import annotations

from typing import Any

import pytest
from lender import AUTHORITY, ask, publish, shop
from lender import facts as as_json
from people import logged_in, person

from equipoise.service.contexts.decisions.events import DecisionsRead, search_chain
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.looks.following import follow
from equipoise.service.platform.looks.reading import Wanted, every
from equipoise.service.platform.record import services as record


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish(authority=AUTHORITY)


def told() -> list[DecisionsRead]:
    return [each.event for each in record.read([DecisionsRead])]


def test_what_a_person_reads_of_a_decision_is_told_and_filed() -> None:
    made = ask(shop(branch="north"), as_json()).json()
    user = person(Role.UNDERWRITER, branch="north")
    desk = logged_in(user)
    one = f"/v1/decisions/{made['id']}"
    ways = {
        one: "answer",
        f"{one}/explanation?for=underwriter": "explanation",
        f"{one}/recourse": "recourse",
        f"{one}/outcomes": "outcomes",
        f"{one}/deciding": "deciding",
        "/v1/decisions": "list",
    }
    for address in ways:
        assert desk.get(address).status_code == 200, address
    assert [each.what for each in told()] == [*ways.values()]
    assert {each.by for each in told()} == {f"user.{user.pk}"}
    assert all(list(each.subjects) == [made["application"]] for each in told())
    assert len(record.history(search_chain(f"user.{user.pk}"), DecisionsRead)) == len(ways)
    follow()
    filed = list(every(Wanted(subjects=(made["application"],))))
    assert len(filed) == len(ways)


def test_programs_and_readers_without_the_right_have_not_looked() -> None:
    program = shop(branch="north")
    made = ask(program, as_json()).json()
    assert program.get(f"/v1/decisions/{made['id']}").status_code == 200
    assert program.get("/v1/decisions").status_code == 200
    auditor = logged_in(person(Role.AUDITOR))
    answer = auditor.get(f"/v1/decisions/{made['id']}")
    assert (answer.status_code, answer.json()["offers"]) == (200, None)
    elsewhere = logged_in(person(Role.UNDERWRITER, branch="south"))
    assert elsewhere.get(f"/v1/decisions/{made['id']}").status_code == 404
    assert told() == []

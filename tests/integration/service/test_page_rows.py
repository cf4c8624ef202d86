"""Over which rows a page is shown: of each page that names an application, a decision or work, one
of the own area and one of another's, to every role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from at_the_desk import referred, underwriter, waiting
from lender import AUTHORITY, anew, publish
from people import logged_in, person
from test_page_matrix import PAGES
from through_door import Client

from equipoise.service.contexts.cases.models import Work
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.record.models import Event

ROWS = ("application", "chain", "decision_id", "work_id")
OF_A_ROW = {name: roles for name, roles in PAGES.items() if any(f":{x}>" in name for x in ROWS)}
AREA_ALONE = {"underwriter"}  # all others see every area


@dataclass(frozen=True)
class Case:
    """What there is of a branch to be named in an address."""

    names: dict[str, str]

    def at(self, page: str) -> tuple[str, str]:
        method, path = page.split(" ")
        filled = re.sub(r"<[a-z]+:(\w+)>", lambda named: self.names.get(named[1], "none"), path)
        return method, filled


@pytest.fixture
def cases(sqlite_database: Any) -> Iterator[dict[str, Case]]:
    with anew():
        publish(authority=AUTHORITY)
        made = {branch: referred(branch) for branch in ("north", "south")}
        waiting()
        yield {branch: _case(decision) for branch, decision in made.items()}


def _case(decision: dict[str, Any]) -> Case:
    chain = decision["application"]
    work = Work.objects.get(chain=chain).pk
    names = {"application": chain, "chain": chain, "decision_id": decision["id"], "work_id": work}
    return Case(names)


def test_pages_of_rows_are_many_and_an_underwriter_has_most_of_them() -> None:
    assert len(OF_A_ROW) >= 12
    assert sum("underwriter" in roles for roles in OF_A_ROW.values()) >= 8


def test_nobody_reaches_beyond_their_area_on_any_page(cases: dict[str, Case]) -> None:
    people = {role: person(role) for role in Role if role not in (Role.NONE, Role.API_CLIENT)}
    people[Role.UNDERWRITER] = underwriter("senior")
    for role, user in people.items():
        client = logged_in(user)
        for page, allowed in OF_A_ROW.items():
            if role.value not in allowed:
                continue
            _holds(client, role, page, cases)


def _holds(client: Client, role: Role, page: str, cases: dict[str, Case]) -> None:
    method, beyond = cases["south"].at(page)
    before = Event.objects.count()
    status = client.generic(method, beyond).status_code
    if role.value in AREA_ALONE:
        assert status == 404, (role, page)
        assert Event.objects.count() == before, (role, page)
    else:
        assert status != 404, (role, page)
    if "paper" not in page and "<slug:ask>" not in page:  # nothing was brought, or asked
        assert client.generic(*cases["north"].at(page)).status_code != 404, (role, page)

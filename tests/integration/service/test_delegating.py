"""Authority is lent for some days by two people; who is away is assigned nothing; and nobody
decides about somebody whom they are tied to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from lender import AUTHORITY, RISKY, anew, publish
from people import acting, logged_in, person
from test_cases import colleague_here, made, officer, override

from equipoise.authority import Away
from equipoise.errors import BadInput, Faults, GateRefused
from equipoise.service.contexts.officers import apart, delegations
from equipoise.service.contexts.officers.delegations import Wanted
from equipoise.service.contexts.officers.events import TieTold
from equipoise.service.contexts.officers.models import Delegation, Tie
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.accounts.rights import TwoPeople
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.models import Event

pytestmark = pytest.mark.usefixtures("sqlite_database")
PAGE = {"Accept": "text/html"}


@pytest.fixture(autouse=True)
def _open(sqlite_database: Any) -> Iterator[None]:
    with anew():
        publish(authority=AUTHORITY)
        yield


def said(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def name(user: User) -> str:
    return f"user.{user.pk}"


def days(first: int, last: int) -> tuple[date, date]:
    return date.today() + timedelta(first), date.today() + timedelta(last)


def wanted(to: User, first: int = 0, last: int = 7, level: str = "senior") -> Wanted:
    return Wanted(name(to), level, *days(first, last), reason="on leave")


def large() -> dict[str, Any]:
    """A decision that takes two signatures of the senior level."""
    return made(amount=25_000.0, **{**RISKY, "dti": 0.45})


def turned(client: Any, decision: dict[str, Any]) -> int:
    status: int = override(client, decision["id"], answer="approve").status_code
    return status


def test_lent_authority_takes_two_people_and_signs_in_the_lender_s_place() -> None:
    lender, _ = officer("senior")
    borrower, client = officer("junior")
    decision = large()
    assert turned(client, decision) == 403
    row = delegations.ask(name(lender), wanted(borrower), acting(lender))
    assert turned(client, decision) == 403, "it waits for a second person"
    for nobody in (lender, borrower):
        with pytest.raises((TwoPeople, GateRefused)):
            delegations.confirm(row.pk, acting(nobody))
    delegations.confirm(row.pk, acting(colleague_here()))
    assert turned(client, decision) == 200, "one of two signatures"
    kinds = [each.kind for each in record.entries(name(lender))]
    assert kinds[-2:] == ["delegation.asked", "delegation.confirmed"]
    delegations.end(row.pk, acting(borrower))
    assert turned(client, large()) == 403


def test_what_is_lent_holds_on_its_days_alone() -> None:
    lender, _ = officer("senior")
    borrower, client = officer("junior")
    row = delegations.ask(name(lender), wanted(borrower, first=2, last=9), acting(lender))
    delegations.confirm(row.pk, acting(colleague_here()))
    assert turned(client, large()) == 403


def test_what_cannot_be_lent_is_refused() -> None:
    lender, _ = officer("junior")
    borrower, _ = officer("junior")
    third, _ = officer("senior")
    with pytest.raises(Faults, match="above the delegator's own"):
        delegations.ask(name(lender), wanted(borrower), acting(lender))
    with pytest.raises(Faults, match="is to oneself"):
        delegations.ask(name(lender), wanted(lender, level="junior"), acting(lender))
    with pytest.raises(BadInput, match="authority of their own"):
        none = person(Role.UNDERWRITER, branch="north")
        delegations.ask(name(lender), wanted(none, level="junior"), acting(lender))
    with pytest.raises(GateRefused, match="nobody lends another's"):
        delegations.ask(name(third), wanted(borrower), acting(borrower))
    with pytest.raises(BadInput, match="these days"):
        delegations.ask(name(third), wanted(borrower, first=-9, last=-2), acting(third))
    first = delegations.ask(name(third), wanted(lender), acting(third))
    delegations.confirm(first.pk, acting(colleague_here()))
    with pytest.raises(Faults, match="chains on"):
        delegations.ask(name(lender), wanted(borrower, level="junior"), acting(lender))


def test_a_delegation_that_can_hold_no_more_takes_nothing_from_others() -> None:
    from equipoise.service.contexts.officers import appointments

    lender, _ = officer("senior")
    borrower, client = officer("junior")
    row = delegations.ask(name(lender), wanted(borrower), acting(lender))
    delegations.confirm(row.pk, acting(colleague_here()))
    appointments.end(name(lender), acting(person(Role.ADMINISTRATOR)))
    assert override(client, made()["id"]).status_code == 201
    assert turned(client, large()) == 403


def test_nobody_decides_about_whom_they_are_tied_to() -> None:
    user, client = officer("senior")
    _, other = officer("senior")
    decision = made(application_id="cousin-1")
    tie = apart.tell_tie(name(user), "relative", "identifier", "cousin-1", acting(user))
    refused = override(client, decision["id"])
    assert refused.status_code == 403
    assert "related to" in refused.json()["detail"]
    assert override(other, decision["id"]).status_code == 201
    assert not Event.objects.filter(body__contains=b"cousin-1").exists(), "whom, stands nowhere"
    assert not Event.objects.filter(body__contains=tie.digest.encode()).exists()
    with pytest.raises(TwoPeople):
        apart.end_tie(tie.pk, acting(user))
    apart.end_tie(tie.pk, acting(colleague_here()))
    assert not apart.ties()


def test_who_is_away_is_given_nothing() -> None:
    user, _ = officer("junior")
    apart.check_here(name(user))
    row = apart.tell_absence(name(user), *days(0, 3), by=acting(user))
    with pytest.raises(Away, match="is away until"):
        apart.check_here(name(user))
    with pytest.raises(GateRefused):
        apart.end_absence(row.pk, acting(person(Role.AUDITOR)))
    apart.end_absence(row.pk, acting(user))
    apart.check_here(name(user))


def test_who_is_away_signs_nothing_and_the_refusal_names_their_deputy() -> None:
    lender, client = officer("senior")
    borrower, deputy = officer("junior")
    row = delegations.ask(name(lender), wanted(borrower), acting(lender))
    delegations.confirm(row.pk, acting(colleague_here()))
    absence = apart.tell_absence(name(lender), *days(-1, 3), by=acting(lender))
    decision = large()
    refused = override(client, decision["id"], answer="approve")
    assert refused.status_code == 403
    until = (date.today() + timedelta(3)).isoformat()
    assert refused.json()["detail"] == f"'{name(lender)}' is away until {until}"
    assert f"in their place: {name(borrower)}" in refused.json()["mend"]
    assert turned(deputy, decision) == 200, "in the place of who is away"
    apart.end_absence(absence.pk, acting(lender))
    assert override(client, made()["id"]).status_code == 201, "back, and signing"


def test_nobody_decides_cases_of_a_branch_they_keep_from() -> None:
    seller, client = officer("senior")
    _, other = officer("senior")
    with pytest.raises(BadInput, match="no branch 'nroth'; did you mean 'north'"):
        apart.tell_branch(name(seller), "nroth", acting(seller))
    with pytest.raises(GateRefused, match="of another"):
        apart.tell_branch(name(seller), "north", acting(person(Role.AUDITOR)))
    client.post("/authority/apart", {"branch": "north"})
    assert "the cases of a branch: north" in said(client.get("/authority/"))
    tie = Tie.objects.get()
    assert (tie.person, tie.branch, tie.digest) == (name(seller), "north", "")
    assert [each.event.branch for each in record.history(name(seller), TieTold)] == ["north"]
    decision = made()
    refused = override(client, decision["id"])
    assert refused.status_code == 403
    assert "keeps from cases of the branch 'north'" in refused.json()["detail"]
    assert override(other, decision["id"]).status_code == 201
    apart.end_tie(tie.pk, acting(colleague_here()))
    assert override(client, made()["id"]).status_code == 201


def test_all_of_it_is_done_on_the_page() -> None:
    lender, client = officer("senior")
    borrower, _ = officer("junior")
    first, last = days(0, 7)
    form = {
        "to": name(borrower), "level": "senior", "starts": first.isoformat(),
        "ends": last.isoformat(), "reason": "on leave in May",
    }  # fmt: skip
    late = client.post("/authority/lend", {**form, "ends": "2020-01-01"}, headers=PAGE)
    assert late.status_code == 409
    assert "on leave in May" in said(late), "what was typed stays"
    client.post("/authority/lend", form)
    row = Delegation.objects.get()
    assert "waits for a second person" in said(client.get("/authority/"))
    logged_in(colleague_here()).post(f"/authority/settle/{row.pk}", {"answer": "let"})
    assert Delegation.objects.get().state == "in_force"
    client.post(f"/authority/end/{row.pk}", {"what": "delegation"})
    assert Delegation.objects.get().state == "ended"
    client.post("/authority/tie", {"kind": "self", "field": "identifier", "value": "me-myself"})
    page = client.get("/authority/")
    assert "me-myself" not in page.content.decode()
    assert Tie.objects.get().person == name(lender)
    zh = client.get("/authority/", headers={"Accept-Language": "zh"})
    assert "利益冲突回避" in said(zh)

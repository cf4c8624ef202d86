"""Long lists in pages, and decisions found again: by whom they may be, and only by whoever may."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from corner_lender import CONTRACT, content
from django.test import Client
from lender import RISKY, SCOPES, anew, ask, facts, publish, sealed, shop
from people import acting, logged_in, person, send, with_key

from equipoise.contract import Contract
from equipoise.service.contexts.decisions import listing
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.schemas import Filters
from equipoise.service.contexts.registry import services as registry
from equipoise.service.platform.accounts.permissions import Principal, Reach, Role
from equipoise.service.platform.api.paging import Paging
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.models import Chain, Event
from equipoise.service.platform.record.proving import verify_record
from equipoise.strategy.engine import Strategy
from equipoise.strategy.sealing import seal

_PHONE = {"name": "phone", "type": "string", "use": "audit", "searchable": True}


def pages(client: Client, path: str, limit: int) -> Iterator[list[Any]]:
    """The pages of a list, by their Links."""
    where = f"{path}{'&' if '?' in path else '?'}limit={limit}"
    while where:
        answer = client.get(where)
        assert answer.status_code == 200, answer.content
        body = answer.json()
        yield body["items"]
        link = re.fullmatch(r'<(.+)>; rel="next"', answer.headers.get("Link", ""))
        assert (link is None) == (body["next"] is None)
        where = link.group(1) if link else ""


@pytest.mark.usefixtures("database")
def test_a_list_goes_on_where_its_page_ended_whatever_is_added_meanwhile() -> None:
    author = acting(person(Role.ANALYST))
    with anew():
        made = [registry.add_draft(sealed(number), author).pk for number in range(1, 6)]
        client = logged_in(person(Role.AUDITOR))
        read = pages(client, "/v1/strategies?strategy=corner", 2)
        rows = [each["id"] for each in next(read)]
        registry.add_draft(sealed(6), author)
        rows += [each["id"] for part in read for each in part]
    assert rows == made[::-1]


@pytest.mark.usefixtures("sqlite_database")
def test_every_list_is_read_to_its_end_in_pages_of_one() -> None:
    with anew():
        publish(1)
        publish(2)
        admin = logged_in(person(Role.ADMINISTRATOR))
        program = with_key(person(Role.ADMINISTRATOR), *SCOPES, "webhooks.manage", burst=99)[0]
        hook = {"url": "https://hooks.example.com/", "events": ["decision.made"]}
        for _ in range(2):
            assert send(program, "POST", "/v1/webhooks", hook).status_code == 201
            shop()
            assert ask(program).status_code == 201
        auditor = logged_in(person(Role.AUDITOR))
        lists = {
            "/v1/users": admin, "/v1/keys": admin, "/v1/webhooks": admin, "/v1/strategies": auditor,
            "/v1/publications": auditor, "/v1/decisions": auditor,
        }  # fmt: skip
        for path, client in lists.items():
            (whole,) = pages(client, path, 500)
            assert len(whole) > 1, path
            assert [each for (each,) in pages(client, path, 1)] == whole, path


def _cursor(*values: Any) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "cursor",
    ["x", "é", "====", "bnVsbA", _cursor("decisions"), _cursor("batches", "decision-1"),
     _cursor("decisions", 1), _cursor("decisions", "a\0b"), _cursor("decisions", "a", "b"),
     _cursor("decisions", ["a"]), _cursor(), "A" * 299],
)  # fmt: skip
def test_a_cursor_that_is_none_of_this_list_is_refused(cursor: str) -> None:
    client = logged_in(person(Role.AUDITOR))
    answer = client.get("/v1/decisions", {"after": cursor})
    assert answer.status_code == 422
    assert "after" in answer.content.decode()
    for limit in (0, 501, "many"):
        assert client.get("/v1/decisions", {"limit": limit}).status_code == 422


def test_decisions_are_listed_newest_first_and_by_what_they_are(client: Any) -> None:
    first = ask(client, facts(application_id="a")).json()
    second = ask(client, facts(**RISKY, application_id="b")).json()
    publish(2)
    third = ask(client, facts(application_id="c", on_sick_leave=True)).json()

    def listed(**query: Any) -> list[Any]:
        return client.get("/v1/decisions", query).json()["items"]

    assert listed() == [third, second, first]
    assert listed(outcome=first["outcome"], digest=first["digest"])[-1] == first
    assert listed(digest=third["digest"]) == [third]
    assert listed(strategy="corner") == [third, second, first]
    assert listed(strategy="corner", digest=third["digest"]) == [third]
    assert listed(strategy="none") == listed(way="challenger") == []
    assert listed(application=second["application"]) == [second]
    assert listed(application="application-" + "0" * 32) == listed(application="strategy.corner")
    day = date.fromisoformat(first["decided_on"])
    before, after = day - timedelta(1), day + timedelta(1)
    assert listed(decided_from=day, decided_to=day) == [third, second, first]
    assert listed(decided_to=before) == listed(decided_from=after) == []
    assert listed(decided_from=date(2000, 1, 1), decided_to=date(8999, 12, 31)) == [
        third,
        second,
        first,
    ]
    for wrong in ({"outcome": "maybe"}, {"way": "shadow"}, {"decided_from": "soon"}):
        assert client.get("/v1/decisions", wrong).status_code == 422


def test_a_list_of_decisions_holds_what_one_may_read_one_by_one(client: Any) -> None:
    other, north = shop(), shop(branch="north")
    made = [ask(each).json()["id"] for each in (client, other, north)]
    people = {
        role: logged_in(person(role, branch="north", region="coast"))
        for role in (Role.UNDERWRITER, Role.AUDITOR)
    }
    south = logged_in(person(Role.UNDERWRITER, branch="south"))
    nowhere = logged_in(person(Role.UNDERWRITER))
    seen = {
        client: made[:1], other: made[1:2], north: made[2:], people[Role.UNDERWRITER]: made[2:],
        people[Role.AUDITOR]: made, south: [], nowhere: [],
    }  # fmt: skip
    for reader, expected in seen.items():
        answer = [each["id"] for each in reader.get("/v1/decisions").json()["items"]]
        assert answer == expected[::-1]
        one_by_one = [reader.get(f"/v1/decisions/{each}").status_code == 200 for each in made]
        assert one_by_one == [each in expected for each in made]
        body = {"identifier": facts()["application_id"]}
        searched = send(reader, "POST", "/v1/decisions/search", body).json()["items"]
        assert [each["id"] for each in searched] == expected[::-1]


def lender_with_phones() -> bytes:
    """The corner lender, who asks for a phone number that decisions are found by."""
    contract = Contract.model_validate({**CONTRACT, "fields": [*CONTRACT["fields"], _PHONE]})
    changed = content(version=2).model_copy(update={"contract": contract})
    return Strategy(seal(changed)).sealed.text().encode()


def search(client: Client, **body: Any) -> Any:
    """Search, and what came of it."""
    return send(client, "POST", "/v1/decisions/search", body)


def found(client: Client, **body: Any) -> list[str]:
    """The ids of what a search finds."""
    answer = search(client, **body)
    assert answer.status_code == 200, answer.content
    return [each["id"] for each in answer.json()["items"]]


def test_decisions_are_found_by_who_they_are_about(client: Any) -> None:
    publish(raw=lender_with_phones())
    one = ask(client, facts(application_id=" A-1", phone="+31 20 555 0100")).json()["id"]
    again = ask(client, facts(application_id="A-1", phone="020 000")).json()["id"]
    two = ask(client, facts(application_id="a-1", phone="+31205550100")).json()["id"]
    ask(client, facts(application_id="", phone=""))
    assert found(client, identifier="A-1") == [again, one]
    assert found(client, identifier="a-1 ") == [two]
    assert found(client, facts={"phone": "+31 20 5550100"}) == [two, one]
    assert found(client, facts={"phone": "+31 20 5550100"}, identifier="A-1") == [one]
    assert found(client, identifier="A-1", outcome="decline") == []
    first = search(client, identifier="A-1", limit=1).json()
    assert found(client, identifier="A-1", limit=1, after=first["next"]) == [one]
    for wrong in ({}, {"identifier": " "}, {"facts": {"income": 1}}, {"facts": {"phone": " "}},
                  {"facts": {"phne": "1"}}, {"identifier": "A-1", "after": "x"},
                  {"identifier": True}, {"identifier": "A-1", "nonsense": 1}):  # fmt: skip
        assert search(client, **wrong).status_code == 422, wrong
    subjects.erase(Decision.objects.get(pk=one).application, "user.1", "asked for it")
    assert found(client, facts={"phone": "+31 20 5550100"}) == [two]


def test_a_search_is_recorded_without_what_was_searched_for(
    client: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    publish(raw=lender_with_phones())
    made = ask(client, facts(application_id="secret-77", phone="0205550100")).json()["id"]
    found(client, identifier="secret-77", facts={"phone": "020 555 0100"})
    (event,) = Event.objects.filter(kind="decisions.searched")
    document = json.loads(bytes(event.body))
    assert document["fields"] == ["identifier", "phone"]
    assert document["subjects"] == [Decision.objects.get(pk=made).application]
    kept = [bytes(body) for body in Event.objects.values_list("body", flat=True)]
    kept += [
        bytes(digest)
        for digest in Chain.objects.exclude(blind=None).values_list("blind", flat=True)
    ]
    said = "".join(capfd.readouterr())
    for value in ("secret-77", "5550100", "555 0100"):
        assert not any(value.encode() in each for each in kept)
        assert value not in said
    assert verify_record().valid


def test_to_search_by_facts_needs_the_right_to_read_them(client: Any) -> None:
    publish(raw=lender_with_phones())
    made = ask(client, facts(application_id="A-9", phone="1")).json()["id"]
    analyst = logged_in(person(Role.ANALYST))
    assert found(analyst, identifier="A-9") == [made]
    assert search(analyst, facts={"phone": "1"}).status_code == 403
    narrow, _ = with_key(person(Role.ADMINISTRATOR), "decisions.read")
    assert search(narrow, facts={"phone": "1"}).status_code == 403
    assert found(client, facts={"phone": "1"}) == [made]


@pytest.mark.parametrize("kind", ["number", "boolean"])
def test_only_what_tells_people_apart_is_searchable(kind: str) -> None:
    wrong = {**_PHONE, "type": kind}
    with pytest.raises(ValueError, match="none to search by"):
        Contract.model_validate({**CONTRACT, "fields": [*CONTRACT["fields"], wrong]})


_MANY = 20_000
_START = datetime(2025, 1, 1, tzinfo=UTC)


def _fill() -> None:
    """Very many decisions, of which every list holds few at its end."""
    rows = []
    for at in range(_MANY):
        moment, odd = _START + timedelta(minutes=at), at < 3
        rows.append(
            Decision(
                id=f"{subjects.first_id('decision', moment)}{at:020x}",
                application=f"application-{at:032x}",
                begun_by="program.few" if odd else "program.many",
                branch="few" if odd else "many",
                region="few" if odd else "many",
                strategy="corner",
                digest="0" * 64 if odd else "1" * 64,
                way="challenger" if odd else "champion",
                outcome="refer" if odd else "approve",
                decided_on=moment.date(),
                made_at=moment,
            )
        )
    Decision.objects.bulk_create(rows, batch_size=1000)


def _who(**more: Any) -> Principal:
    return Principal("program.few", "user.1", Role.UNDERWRITER, **more)


_EVERYBODY = (_who(), Reach.ALL)
_ASKED: dict[str, tuple[tuple[Principal, Reach], dict[str, Any]]] = {
    "all": (_EVERYBODY, {}),
    "own": ((_who(), Reach.OWN), {}),
    "branch": ((_who(branch="few"), Reach.AREA), {}),
    "region": ((_who(region="few"), Reach.AREA), {}),
    "outcome": (_EVERYBODY, {"outcome": "refer"}),
    "digest": (_EVERYBODY, {"digest": "0" * 64}),
    "way": (_EVERYBODY, {"way": "challenger"}),
    "days": (_EVERYBODY, {"decided_from": "2025-01-02", "decided_to": "2025-01-02"}),
    "own days": ((_who(), Reach.OWN), {"decided_to": "2025-01-02"}),
}


def test_no_list_reads_everything(database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import connection
    from django.db.models import Q, QuerySet

    _fill()
    database.execute("ANALYZE")
    plans: list[str] = []
    plain = QuerySet._fetch_all

    def watched(self: Any) -> None:
        if self.model is Decision and self._result_cache is None:
            plans.append(self.explain())
        plain(self)

    monkeypatch.setattr(QuerySet, "_fetch_all", watched)
    last = listing.NEWEST.cursor(Decision(id=subjects.first_id("decision", _START)))
    for name, ((by, over), given) in _ASKED.items():
        for after in ("", last):
            plans.clear()
            rows = listing.listed(by, over, Filters(**given), Paging(limit=2, after=after)).rows
            assert bool(rows) == (after == ""), name
            assert plans, name
            for plan in plans:
                _by_index(connection.vendor, plan, name)
    plans.clear()
    people = Q(application__in=[f"application-{at:032x}" for at in (5, 900, 19_000)])
    assert len(listing.page(*_EVERYBODY, [people], Filters(), Paging(limit=2)).rows) == 2
    _by_index(connection.vendor, plans[0], "people")
    assert "by_application" in plans[0]


def _by_index(vendor: str, plan: str, name: str) -> None:
    """No table is read from its beginning to its end, and none is sorted that may be large."""
    result = f"{name}: {plan}"
    if vendor == "postgresql":
        assert "Seq Scan" not in plan, result
        assert "Index" in plan, result
    else:
        assert "USING INDEX" in plan, result
        wanted = "sqlite_autoindex" if name in ("all", "days") else "decisions_"
        assert wanted in plan, result

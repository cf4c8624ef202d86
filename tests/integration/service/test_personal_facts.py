"""Unmistakable values are planted in applications and batches; then everybody asks everything."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
import pytest
from django.test import Client
from django.urls import get_resolver
from lender import anew, ask, facts, publish
from people import logged_in, person, send, with_key
from test_batches import as_file, people, post, work
from test_lists import lender_with_phones
from test_role_matrix import routes

from equipoise.service.platform.accounts.permissions import Role, key_scopes
from equipoise.service.platform.operations.logs import OURS

ID, PHONE = "ZZPLANTED-4711", "+31 6 9481 7733"
AMOUNT, INCOME, DTI, BOOKED = 7411.37, 3177.53, 0.19312748, 7302.91
PLANTED = (ID, "9481 7733", "94817733", "7411.37", "7,411.37", "3177.53", "3,177.53", "0.19312748",
           "7302.91", "7,302.91", "ZZSAID-1819")  # fmt: skip
ROW, HEADING, VALUE = "ZZROW-1213", "ZZHEADING-1415", "ZZBADVALUE-1617"
IN_BATCHES = (ROW, HEADING, VALUE)
CLOCKS = ("created", "msecs", "relativeCreated")  # digits of chance: 1287411.37 ms is no amount
BUT_FACTS = ("decisions.create", "decisions.read", "decisions.replay", "batches.create",
             "batches.read", "metrics.read", "webhooks.manage")  # fmt: skip


class Logged(logging.Handler):
    """All that any log is told."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(str({k: v for k, v in record.__dict__.items() if k not in CLOCKS}))


@dataclass
class House:
    """A lender with planted applicants of the branch north, and everybody who may ask."""

    everybody: dict[str, tuple[Client, Ids]]
    answered: int = 0
    seen: dict[str, set[str]] = field(default_factory=dict)
    logged: Logged = field(default_factory=Logged)

    def ask_all(self) -> None:
        """Every caller at every address that only reads, or answers what it is sent."""
        for name, (client, ids) in self.everybody.items():
            collected: set[str] = set()
            for address in addresses(ids):
                text = self._told(client, *address)
                collected |= {f"{address[0]} {address[1]}: {v}" for v in (*PLANTED, *IN_BATCHES)
                          if stands(v, text)}  # fmt: skip
            self.seen[name] = collected

    def _told(self, client: Client, method: str, path: str, body: Any) -> str:
        response = client.get(path) if method == "GET" else send(client, method, path, body)
        assert response.status_code < 500, (path, response.content)
        self.answered += response.status_code == 200
        content = response.content
        return f"{dict(response.items())}{content.decode(errors='replace')}"


def stands(value: str, text: str) -> bool:
    """Whether a planted value is in a text, and not as a few digits of a longer number."""
    return re.search(rf"(?<![0-9.]){re.escape(value)}(?![0-9])", text) is not None


def addresses(ids: dict[str, str]) -> Iterator[tuple[str, str, Any]]:
    """Every GET address, and the POST addresses that answer about what is there."""
    for name, _ in routes():
        method, path = name.split(" ")
        if method != "GET" and not path.endswith(("/search", "/replay", "/check", "/preview")):
            continue
        places = path.replace("{int:", "{")
        named = places.format_map(ids) if "{" in places else places
        body = {"outcome": "approve", "identifier": "none such"} if "search" in path else {}
        yield method, named, body
        if "explanation" in path:
            for audience in ("underwriter", "auditor"):
                yield "GET", f"{named}?for={audience}", None
        if path == "/v1/batches/{batch_id}":
            yield "GET", path.format(batch_id=ids["failed"]), None
            yield "GET", path.format(batch_id=ids["headless"]), None
    yield "POST", "/v1/decisions/search", {"identifier": "not of anybody"}
    yield "GET", "/v1/openapi.json", None
    for path in pages():
        yield "GET", path, None


def pages() -> Iterator[str]:
    """The pages without parameters; those of the accounts' own are about who looks."""
    for pattern in get_resolver().url_patterns:
        route = str(pattern.pattern)
        if "<" not in route and not route.startswith(("accounts", "^")) and ":" not in route:
            yield f"/{route}"


@pytest.fixture(scope="module")
def house(_sqlite: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from conftest import _pointed

    new = _sqlite(tmp_path_factory.mktemp("house"))
    with new as (database, configured), _pointed(configured), anew():
        publish(raw=lender_with_phones())
        lender = filled()
        with all_logged(lender.logged):
            lender.ask_all()
        yield database, lender


@contextmanager
def all_logged(to: Logged) -> Iterator[None]:
    """Whatever is logged goes there too: what we and Django say does not come to the root."""
    loggers = [logging.getLogger(name) for name in ("", OURS, "django")]
    level = loggers[1].level
    for each in loggers:
        each.addHandler(to)
    loggers[1].setLevel(logging.DEBUG)
    yield
    loggers[1].setLevel(level)
    for each in loggers:
        each.removeHandler(to)


def filled() -> House:
    owner, fast = person(Role.ADMINISTRATOR), {"rate": 1e5, "burst": 100_000}
    every = [scope.value for scope in key_scopes()]
    program = with_key(owner, *every, branch="north", **fast)[0]
    narrow = with_key(owner, *BUT_FACTS, branch="north", **fast)[0]
    ids, narrow_ids = (planted_by(each) for each in (program, narrow))
    roles = [role for role in Role if role not in (Role.NONE, Role.API_CLIENT, Role.UNDERWRITER)]
    everybody = {role.value: logged_in(person(role)) for role in roles}
    everybody["underwriter"] = logged_in(person(Role.UNDERWRITER, branch="north"))
    everybody["underwriter elsewhere"] = logged_in(person(Role.UNDERWRITER, branch="south"))
    everybody["program"] = program
    everybody["other program"] = with_key(owner, *every, **fast)[0]
    everybody["nobody"] = Client()
    known = {name: (client, ids) for name, client in everybody.items()}
    return House({**known, "program without the right": (narrow, narrow_ids)})


class Ids(dict[str, str]):
    """What stands in addresses; anything else is of nobody."""

    def __missing__(self, key: str) -> str:
        return "none"


def planted_by(program: Client) -> Ids:
    """An applicant and three batches of a program; the ids under which they stand."""
    given = facts(application_id=ID, phone=PHONE, amount=AMOUNT, income=INCOME, dti=DTI)
    made = ask(program, given).json()
    assert made["outcome"] == "approve"
    assert made["offers"][0]["amount"] == AMOUNT
    where = f"/v1/decisions/{made['id']}"
    booked = {"outcome": "booked", "on": date.today().isoformat(), "amount": BOOKED}
    assert send(program, "POST", f"{where}/outcome", booked).status_code in (201, 403)
    named = {"decision_id": made["id"], "application_id": made["application"], "version_id": "1"}
    return Ids({**batches(program), **named, "review_id": reviewed(program)})


def reviewed(program: Client) -> str:
    """What somebody says who asks that a person looks again; the review's id."""
    declined = ask(program, facts(application_id=f"{ID}-2", dti=0.9)).json()
    at = f"/v1/applications/{declined['application']}/reviews"
    return str(send(program, "POST", at, {"words": "ZZSAID-1819"}).json()["id"])


def batches(program: Client) -> dict[str, str]:
    """One that is decided, one with a bad value, one whose heading is missing."""
    table = people(3).with_columns(phone=pl.lit("1"))
    good = table.with_columns(application_id=pl.lit(f"{ROW}-1"))
    bad = as_file(table, "csv").decode().splitlines()
    names = bad[0].split(",")
    row = bad[1].split(",")
    row[names.index("income")] = VALUE
    broken = "\n".join([bad[0], bad[2], ",".join(row)]).encode()
    headless = "\n".join([bad[1].replace("A0", HEADING), bad[2]]).encode()
    bodies = {"batch_id": as_file(good.head(1), "csv"), "failed": broken, "headless": headless}
    ids = {}
    for name, body in bodies.items():
        begun = post(program, body)
        assert begun.status_code == 202, begun.content
        ids[name] = begun.json()["id"]
    work()
    return ids


def test_only_those_with_the_right_are_told_what_applicants_gave(house: Any) -> None:
    _, lender = house
    personal = {name: {s for s in said if any(v in s.split(": ", 1)[1] for v in PLANTED)}
                for name, said in lender.seen.items()}  # fmt: skip
    assert {name for name, said in personal.items() if said} == {"underwriter", "program"}
    assert lender.answered > 100


def test_only_those_with_the_right_to_results_are_told_what_a_file_holds(house: Any) -> None:
    _, lender = house
    files = {name: {s for s in said if any(v in s.split(": ", 1)[1] for v in IN_BATCHES)}
             for name, said in lender.seen.items()}  # fmt: skip
    assert {name for name, said in files.items() if said} == {"auditor", "program"}
    assert all(any(value in said for said in files["program"]) for value in (ROW, VALUE))


def test_nothing_planted_stands_in_the_database(house: Any) -> None:
    """Neither in the record nor in rows, arguments of jobs, or what webhooks tell."""
    database, _ = house
    for path in database.file.parent.glob("service.sqlite3*"):
        raw = path.read_bytes().decode("latin-1")
        for value in (*PLANTED, *IN_BATCHES):
            assert not stands(value, raw), (path.name, value)


def test_logs_hold_nothing_planted(house: Any) -> None:
    _, lender = house
    said = "".join(lender.logged.said)
    assert said
    for value in (*PLANTED, *IN_BATCHES):
        assert not stands(value, said), value


def test_a_planted_value_is_not_mistaken_for_digits_of_a_clock() -> None:
    assert stands("7411.37", "amount=7411.37,") and stands("7411.37", "[7411.37]")
    assert not stands("7411.37", "'created': 1795897411.3761")
    assert not stands("7411.37", "1287411.37")

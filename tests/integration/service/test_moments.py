"""Moments and days that nobody can count with: refused by every address that takes one."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from lender import ask
from people import logged_in, person, send

from equipoise.service.platform.accounts.permissions import Role

BEYOND = [
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "1999-12-31T23:59:59Z",
    "9000-01-01T00:00:00Z",
    "99999-01-01T00:00:00Z",
    "2030-02-30T00:00:00Z",
    "-0001-01-01T00:00:00Z",
    "\u0662\u0660\u0663\u0660-01-31T00:00:00Z",
]
Ask = Callable[[str], Any]


@pytest.fixture
def addresses(client: Any) -> dict[str, Ask]:
    """By what is asked: how a moment, or a day, is sent to each address that takes one."""
    return _addresses(client, logged_in(person(Role.ADMINISTRATOR, "root")))


def _addresses(program: Client, admin: Client) -> dict[str, Ask]:
    made = ask(program).json()["id"]
    named = {"name": "web shop", "scopes": []}
    key = send(admin, "POST", "/v1/keys", named).json()

    def posted(client: Client, where: str, field: str, **more: Any) -> Ask:
        return lambda moment: send(client, "POST", where, {**more, field: moment})

    def filtered(name: str) -> Ask:
        return lambda moment: program.get("/v1/decisions", {name: moment[: moment.find("T")]})

    def day(client: Client, where: str, field: str, **more: Any) -> Ask:
        return lambda moment: send(
            client, "POST", where, {**more, field: moment[: moment.find("T")]}
        )

    def behind(list_: str, *rest: Any) -> Ask:
        """By the place in a list: its cursors hold moments, and come back from whoever has them."""
        return lambda moment: admin.get(f"/v1/{list_}", {"after": _cursor(list_, moment, *rest)})

    owner = logged_in(person(Role.SERVICE_OWNER))
    underwriter = logged_in(person(Role.UNDERWRITER, branch="north"))

    def summed_up(name: str) -> Ask:
        return lambda moment: owner.get("/v1/feedback/summary", {name: moment[: moment.find("T")]})

    return {
        "GET /v1/feedback/summary: since": summed_up("since"),
        "GET /v1/feedback/summary: until": summed_up("until"),
        "POST /v1/keys: expires_at": posted(admin, "/v1/keys", "expires_at", **named),
        "POST /v1/programs/{program_id}/keys: expires_at": posted(
            admin, f"/v1/programs/{key['program']['id']}/keys", "expires_at"
        ),
        "POST /v1/keys/{prefix}/renew: expires_at": posted(
            admin, f"/v1/keys/{key['prefix']}/renew", "expires_at"
        ),
        "GET /v1/decisions: decided_from": filtered("decided_from"),
        "GET /v1/decisions: decided_to": filtered("decided_to"),
        "POST /v1/decisions/search: decided_from": day(
            program, "/v1/decisions/search", "decided_from"
        ),
        "POST /v1/decisions/search: decided_to": day(program, "/v1/decisions/search", "decided_to"),
        "POST /v1/decisions/{decision_id}/outcome: on": day(
            program, f"/v1/decisions/{made}/outcome", "on", outcome="booked"
        ),
        "POST /v1/work/{work_id}/snooze: until": posted(
            underwriter, f"/v1/work/work-referred-{'0' * 32}/snooze", "until", words="because"
        ),
        "POST /v1/work/many: until": posted(
            underwriter, "/v1/work/many", "until", works=["w"], act="snooze", words="because"
        ),
        **_of_risk(posted, day),
        "GET /v1/keys: after": behind("keys", "abc"),
        "GET /v1/jobs: after": behind("jobs", "00000000-0000-0000-0000-000000000000"),
    }


def _of_risk(posted: Any, day: Any) -> dict[str, Ask]:
    """Those about alerts, incidents and loans in trouble."""
    officer = logged_in(person(Role.RISK_OFFICER))
    incident = f"/v1/incidents/incident-{'0' * 32}"
    disposal = f"/v1/disposals/disposal-{'0' * 32}"
    lesson = {"seen": 0, "cause": "x", "failed_control": "x", "actions": []}
    lesson |= {"visible_at": "2026-03-01T00:00:00Z", "noticed_at": "2026-03-01T00:00:00Z"}
    proposal = {"loan": "L", "measure": "leave", "reason": "x", "exposure": 1, "expected": 0}
    proposal |= {"currency": "EUR", "place": "US", "zone": "UTC"}
    return {
        "POST /v1/watch/alerts/{alert_id}/silence: until": posted(
            officer, f"/v1/watch/alerts/alert-{'0' * 32}/silence", "until", seen=1, reason="x"
        ),
        "POST /v1/incidents/{incident_id}/notes: happened_at": posted(
            officer, f"{incident}/notes", "happened_at", seen=0, text="x"
        ),
        "POST /v1/incidents/{incident_id}/tasks: due": posted(
            officer, f"{incident}/tasks", "due", seen=0, name="x", owner="x"
        ),
        **{
            f"POST /v1/incidents/{{incident_id}}/post-mortem: {name}": posted(
                officer, f"{incident}/post-mortem", name, **lesson
            )
            for name in ("visible_at", "noticed_at")
        },
        "POST /v1/disposals: expires": day(officer, "/v1/disposals", "expires", **proposal),
        "POST /v1/disposals/{disposal_id}/dates: due": day(
            officer, f"{disposal}/dates", "due", seen=0, what="x"
        ),
        "POST /v1/disposals/{disposal_id}/contacts: at": posted(
            officer, f"{disposal}/contacts", "at", seen=0, channel="call"
        ),
    }


def _cursor(*values: Any) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def test_a_moment_that_cannot_be_counted_with_is_refused_and_told_how_to_write_it(
    addresses: dict[str, Ask],
) -> None:
    for where, sent in addresses.items():
        for moment in BEYOND:
            answer = sent(moment)
            assert 400 <= answer.status_code < 500, (where, moment, answer.content)
            body = answer.json()
            mends = [body.get("mend"), *(each["detail"] for each in body.get("faults") or ())]
            assert any(mends), (where, moment, body)


def test_a_moment_of_no_time_zone_is_refused(addresses: dict[str, Ask]) -> None:
    moments = [sent for where, sent in addresses.items() if where.endswith((": until", ": due"))]
    answers = [sent("2030-01-31T12:00:00") for sent in moments]
    rows = [each.json() for each in answers if each.status_code == 422]
    assert len([each for each in rows if "time zone" in each["detail"]]) >= 3


def test_every_address_that_takes_a_moment_is_asked(addresses: dict[str, Ask]) -> None:
    """By the description: a new one is noticed here."""
    described = Client().get("/v1/openapi.json").json()
    taking = {
        f"{method.upper()} {path}: {name}"
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
        for name, schema in _fields(operation, described)
        if _is_moment(schema)
    }
    # What an application's own days may be is the contract's to say.
    assert {each for each in taking if "application." not in each} <= set(addresses)
    assert len(taking) >= 8


def _fields(operation: Any, described: Any) -> Iterator[tuple[str, Any]]:
    for each in operation.get("parameters", ()):
        yield each["name"], each["schema"]
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    yield from schema.get("properties", {}).items()


def _is_moment(schema: Any) -> bool:
    kinds = [schema, *schema.get("anyOf", ())]
    return any(each.get("format") in ("date", "date-time") for each in kinds)

"""A program outlives its keys: what it began with one, it reads and goes on with by the next."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lender import RISKY, SCOPES, ask, facts, publish
from people import acting, logged_in, person, send

from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.platform.accounts.figures import keys_amiss
from equipoise.service.platform.accounts.keys import NewKey, make_program, renew_key
from equipoise.service.platform.accounts.models import ApiKey, Program, User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.accounts.roles import change_user
from equipoise.service.platform.accounts.tasks import warn_of_ending_keys
from equipoise.service.platform.operations.health import Amiss, looked
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record


def by(new: NewKey) -> Client:
    return Client(headers={"Authorization": f"Bearer {new.token}"})


@pytest.fixture
def owner(client: Any) -> User:
    """An administrator; a strategy is in force."""
    assert client
    return person(Role.ADMINISTRATOR)


def made(owner: User, **more: Any) -> NewKey:
    return make_program("shop", [*SCOPES, "webhooks.manage"], owner, rate=1e4, burst=9999, **more)


def renewed(former: NewKey, owner: User, **more: Any) -> NewKey:
    return renew_key(former.key.prefix, owner, **more)


def test_a_renewed_key_has_the_former_ones_decisions(owner: User) -> None:
    first = made(owner)
    decision = ask(by(first), facts(**RISKY)).json()
    # A year later: the former key has ended, and only now somebody thinks of it.
    ApiKey.objects.filter(prefix=first.key.prefix).update(expires_at=timezone.now())
    second = by(renewed(first, owner))
    where = f"/v1/decisions/{decision['id']}"
    assert by(first).get(where).status_code == 401
    assert second.get(where).json() == decision
    for path in ("/explanation", "/explanation?for=auditor", "/recourse", "/outcomes"):
        assert second.get(f"{where}{path}").status_code == 200, path
    assert send(second, "POST", f"{where}/replay").json()["identical"]
    booked = {"outcome": "booked", "on": date.today().isoformat(), "amount": 8000.0}
    assert send(second, "POST", f"{where}/outcome", booked).status_code == 201
    assert verify_record().valid


def test_one_idempotency_key_over_both_keys_decides_once(owner: User) -> None:
    first = made(owner)
    second = by(renewed(first, owner))
    given = facts()
    answers = [ask(each, given, "the-same").json() for each in (by(first), second, by(first))]
    assert answers[0] == answers[1] == answers[2]
    assert Decision.objects.count() == 1


def test_an_application_in_flight_goes_on_with_the_next_key(owner: User) -> None:
    first = made(owner)
    given = facts(application_id="flying", amount=12000.0, checks={})
    began = ask(by(first), given).json()
    assert began["outcome"] == "ask_for_more"
    publish(2)
    second = by(renewed(first, owner))
    went_on = ask(second, {**given, "checks": {began["next_check"]: "passed"}}).json()
    assert (went_on["application"], went_on["digest"]) == (began["application"], began["digest"])


def test_the_record_says_which_key_acted(owner: User) -> None:
    first = made(owner)
    second = renewed(first, owner)
    events = []
    for each in (first, second):
        chain = ask(by(each)).json()["application"]
        events.append(record.entries(chain)[0].data)
    program = f"program.{first.key.program_id}"
    assert [event["by"] for event in events] == [program, program]
    assert [event["key"] for event in events] == [
        f"key.{first.key.prefix}",
        f"key.{second.key.prefix}",
    ]
    kinds = [entry.kind for entry in record.entries(f"key.{first.key.prefix}")]
    assert kinds == ["key.made", "key.renewed"]
    assert [entry.kind for entry in record.entries(program)] == ["program.made"]


@pytest.mark.usefixtures("owner")
def test_another_program_of_the_same_owner_sees_nothing() -> None:
    owner = person(Role.ADMINISTRATOR)
    mine, other = by(made(owner)), by(made(owner))
    decision = ask(mine).json()
    assert other.get(f"/v1/decisions/{decision['id']}").status_code == 404
    assert ask(mine, facts(), "same").json()["id"] != ask(other, facts(), "same").json()["id"]


@pytest.mark.usefixtures("sqlite_database")
def test_both_keys_are_taken_until_the_overlap_is_over() -> None:
    admin = logged_in(person(Role.ADMINISTRATOR))
    first = send(admin, "POST", "/v1/keys", {"name": "shop", "scopes": ["decisions.read"]}).json()
    where = f"/v1/keys/{first['prefix']}/renew"
    second = send(admin, "POST", where, {"overlap_hours": 2}).json()
    assert second["program"] == first["program"]
    for each in (first, second):
        assert status(each["token"]) == 200
    ends = ApiKey.objects.get(prefix=first["prefix"]).expires_at
    assert timedelta(hours=1) < ends - timezone.now() <= timedelta(hours=2)
    third = send(admin, "POST", f"/v1/keys/{second['prefix']}/renew", {"overlap_hours": 0}).json()
    assert (status(second["token"]), status(third["token"])) == (401, 200)
    assert Program.objects.count() == 1


@pytest.mark.usefixtures("sqlite_database")
def test_renewing_makes_no_key_last_longer_nor_brings_one_back() -> None:
    owner = person(Role.ADMINISTRATOR)
    soon = timezone.now() + timedelta(minutes=5)
    first = made(owner, expires_at=soon)
    renewed(first, owner, overlap=timedelta(hours=9))
    assert ApiKey.objects.get(prefix=first.key.prefix).expires_at == soon
    admin = logged_in(owner)
    assert send(admin, "POST", f"/v1/keys/{first.key.prefix}/revoke").status_code == 200
    renewed(first, owner)
    assert status(first.token) == 401
    assert send(admin, "POST", "/v1/keys/abcdefabcdef/renew", {}).status_code == 404
    for hours in (-1, 721, "1"):
        body = {"overlap_hours": hours}
        answer = send(admin, "POST", f"/v1/keys/{first.key.prefix}/renew", body)
        assert answer.status_code == 422


@pytest.mark.usefixtures("sqlite_database")
def test_a_program_may_have_several_keys_and_one_rate() -> None:
    admin = logged_in(person(Role.ADMINISTRATOR))
    body = {"name": "shop", "scopes": [], "rate": 0.01, "burst": 2}
    first = send(admin, "POST", "/v1/keys", body).json()
    where = f"/v1/programs/{first['program']['id']}/keys"
    second = send(admin, "POST", where, {}).json()
    tokens = (first["token"], second["token"], second["token"])
    assert [status(token) for token in tokens] == [200, 200, 429]
    assert send(admin, "POST", "/v1/programs/abcdefabcdef/keys", {}).status_code == 404


@pytest.mark.usefixtures("sqlite_database")
def test_a_key_goes_on_when_whoever_made_it_leaves_and_says_so() -> None:
    owner, other = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR)
    first = made(owner)
    change_user(owner.pk, acting(other), active=False)
    assert status(first.token) == 200
    admin = logged_in(other)
    (key,) = admin.get("/v1/keys").json()["items"]
    assert (key["maker_left"], key["made_by"]) == (True, f"user.{owner.pk}")
    amiss = keys_amiss()
    assert amiss is not None
    assert "1 API keys were made by people who left" in amiss.says
    assert "1 programs have no owner" in amiss.says
    where = f"/v1/programs/{first.key.program_id}/owner"
    assert send(admin, "POST", where, {"owner": "role.administrator"}).status_code == 200
    renewed(first, other, overlap=timedelta(0))
    assert keys_amiss() is None
    kinds = [entry.kind for entry in record.entries(f"program.{first.key.program_id}")]
    assert kinds == ["program.made", "program.owner_changed"]


@pytest.mark.usefixtures("sqlite_database")
def test_a_program_is_owned_by_somebody_who_can() -> None:
    admin = logged_in(person(Role.ADMINISTRATOR))
    gone = person(Role.AUDITOR)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    for owner in ("role.nobody", "role.api_client", "user.987654", f"user.{gone.pk}"):
        body = {"name": "shop", "scopes": [], "owner": owner}
        assert send(admin, "POST", "/v1/keys", body).status_code == 422, owner
    for owner in ("root", "user.0 or 1", "role."):
        body = {"name": "shop", "scopes": [], "owner": owner}
        assert send(admin, "POST", "/v1/keys", body).status_code == 422, owner
    assert (
        send(admin, "POST", "/v1/programs/none/owner", {"owner": "role.auditor"}).status_code == 404
    )


ENDS = ["1999-01-01T00:00:00Z", "9999-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+12:00", "2030-01-31T00:00:00", "now"]  # fmt: skip


def test_a_decision_bears_the_warning_too(owner: User) -> None:
    ending = made(owner, expires_at=timezone.now() + timedelta(days=1))
    for _ in range(2):  # decided, and told again
        answer = ask(by(ending), facts(), "the-same")
        assert answer.headers["Equipoise-Key-Ends"] == f"{ending.key.expires_at:%Y-%m-%dT%H:%M:%SZ}"
    assert "Equipoise-Key-Ends" not in ask(by(made(owner))).headers


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize("test", [False, True])
def test_a_key_ends_within_the_span_that_is_allowed(test: bool) -> None:
    admin = logged_in(person(Role.ADMINISTRATOR))
    body = {"name": "shop", "scopes": [], "test": test}
    first = send(admin, "POST", "/v1/keys", body).json()
    ways = {
        "/v1/keys": body,
        f"/v1/programs/{first['program']['id']}/keys": {},
        f"/v1/keys/{first['prefix']}/renew": {},
    }
    last = timezone.now() + timedelta(days=366)
    for where, more in ways.items():
        for end in (*ENDS, (last + timedelta(days=1)).isoformat()):
            answer = send(admin, "POST", where, {**more, "expires_at": end})
            assert answer.status_code == 422, (where, end)
            assert "expires_at" in answer.content.decode()
        soon = (timezone.now() + timedelta(days=2)).isoformat()
        made = send(admin, "POST", where, {**more, "expires_at": soon})
        assert (made.status_code, made.json()["ends_soon"]) == (201, True), made.content
    lasting = ApiKey.objects.get(prefix=first["prefix"])
    assert lasting.expires_at <= timezone.now() + timedelta(days=366)


@pytest.mark.usefixtures("sqlite_database")
def test_a_key_that_ends_soon_warns_its_program_and_its_people(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = person(Role.ADMINISTRATOR)
    lasting = made(owner)
    ending = made(owner, expires_at=timezone.now() + timedelta(days=29))
    assert "Equipoise-Key-Ends" not in by(lasting).get("/v1/me").headers
    answer = by(ending).get("/v1/me").headers["Equipoise-Key-Ends"]
    assert answer == f"{ending.key.expires_at:%Y-%m-%dT%H:%M:%SZ}"
    admin = logged_in(owner)
    day = f"{ending.key.expires_at:%Y-%m-%d}"
    ready = looked()
    assert (ready.checks["api_keys"], ready.ready) == (
        Amiss(f"1 API keys end within 30 days, the first on {day}"),
        False,  # no strategy is in force
    )
    assert "equipoise_keys_ending 1.0" in admin.get("/metrics").content.decode()
    monkeypatch.setattr(logging.getLogger("equipoise"), "propagate", True)
    assert warn_of_ending_keys.call() == 1
    assert {each.message for each in caplog.records if each.levelname == "WARNING"} == {"key ends"}


def status(token: str) -> int:
    answer = Client(headers={"Authorization": f"Bearer {token}"}).get("/v1/me")
    return int(answer.status_code)

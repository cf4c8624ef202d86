"""Sessions: what the database knows of them, when they end, and who ends them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from people import acting, confirmed, logged_in, person

from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.accounts.roles import change_user
from equipoise.service.platform.accounts.services import make_user
from equipoise.service.platform.login.models import Session
from equipoise.service.platform.login.sessions import end_sessions, sessions_of
from equipoise.service.platform.login.store import SessionStore

pytestmark = pytest.mark.usefixtures("sqlite_database")
PASSWORD = "four plain words here"  # noqa: S105 - a test account
COOKIE = settings.SESSION_COOKIE_NAME


def status(client: Client) -> int:
    return int(client.get("/v1/me").status_code)


def later(**moved: float) -> None:
    """Let time pass for every session, without waiting."""
    for row in Session.objects.all():
        for name in ("begun_at", "seen_at", "expires_at"):
            setattr(row, name, getattr(row, name) - timedelta(**moved))
        row.save()


@pytest.mark.usefixtures("database")
def test_the_database_holds_nothing_that_is_a_session_s_cookie_or_tells_what_is_in_it() -> None:
    client = logged_in(person(Role.AUDITOR))
    session = client.session
    session["mfa.totp.secret"] = "JBSWY3DPEHPK3PXP"
    session.save()
    key = client.cookies[COOKIE].value
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM login_session")
        [row] = cursor.fetchall()
    for value in row:
        text = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        assert key.encode() not in text
        assert b"JBSWY3DPEHPK3PXP" not in text
        stranger = Client()
        stranger.cookies[COOKIE] = text.decode("latin-1")
        assert status(stranger) == 401
    assert client.session["mfa.totp.secret"] == "JBSWY3DPEHPK3PXP"
    assert status(client) == 200


def test_a_session_written_into_the_database_without_the_secret_key_is_none() -> None:
    logged_in(person(Role.ADMINISTRATOR))
    row = Session.objects.get()
    other = SessionStore("a" * 32)
    Session.objects.filter(pk=row.pk).update(digest=other.digest, id="session-planted")
    thief = Client()
    thief.cookies[COOKIE] = "a" * 32
    assert status(thief) == 401


def test_a_session_ends_when_nothing_is_asked_for_a_while() -> None:
    client = logged_in(person(Role.AUDITOR))
    later(minutes=29)
    assert status(client) == 200  # and so begins the half hour anew
    later(minutes=29)
    assert status(client) == 200
    later(minutes=31)
    assert status(client) == 401


def test_a_session_ends_after_half_a_day_however_busy() -> None:
    client = logged_in(person(Role.AUDITOR))
    for _ in range(12 * 3 - 1):
        later(minutes=20)
        assert status(client) == 200
    later(minutes=20)
    assert status(client) == 401


def test_a_session_from_before_the_clock_was_set_back_has_ended() -> None:
    client = logged_in(person(Role.AUDITOR))
    later(days=-700)
    assert status(client) == 401


@pytest.mark.parametrize("given", ["", "x", "é" * 32, "a" * 4000, "A" * 32, "'; --" * 7])
def test_what_is_no_session_s_key_is_nobody_s(given: str) -> None:
    client = Client()
    client.cookies[COOKIE] = given
    assert status(client) == 401
    assert client.get("/accounts/login/").status_code == 200


def test_a_change_of_role_or_right_to_log_in_ends_sessions() -> None:
    admin = acting(person(Role.ADMINISTRATOR))
    user = person(Role.ANALYST)
    for change in ({"role": Role.AUDITOR}, {"active": False}):
        client = logged_in(user)
        assert status(client) == 200
        change_user(user.pk, admin, **change)  # type: ignore[arg-type]
        confirmed(user)
        assert status(client) == 401
        assert not sessions_of(user.pk)
    change_user(user.pk, admin, active=True)
    client = logged_in(confirmed(user))
    change_user(user.pk, admin, region="coast")
    confirmed(user)
    assert status(client) == 200


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one() -> None:
    user = make_user("maria", PASSWORD, Role.ANALYST, by="user.1")
    here, there = logged_in(user), logged_in(user)
    half_way = Client()
    half_way.post("/accounts/login/", {"login": "maria", "password": PASSWORD})
    new = {"oldpassword": PASSWORD, "password1": "other four words here"}
    changed = here.post("/accounts/password/change/", {**new, "password2": new["password1"]})
    assert changed.status_code == 302, changed.content
    assert here.get("/accounts/password/change/").status_code == 200
    assert there.get("/accounts/password/change/").status_code == 302
    assert [each.digest for each in sessions_of(user.pk)] == [here.session.digest]


def test_who_gave_a_password_alone_is_ended_with_the_rest() -> None:
    user = person(Role.ANALYST, "maria")
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    client.post("/accounts/login/", {"login": "maria", "password": PASSWORD})
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    assert [each.logged_in for each in sessions_of(user.pk)] == [False]
    assert end_sessions(user.pk) == 1
    assert client.get("/accounts/2fa/authenticate/").status_code == 302


def test_the_key_is_exchanged_when_the_password_is_given() -> None:
    user = person(Role.ANALYST, "maria")
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    session = client.session
    session["planted"] = "before"
    session.save()
    client.cookies[COOKIE] = planted = session.session_key
    client.post("/accounts/login/", {"login": "maria", "password": PASSWORD})
    assert client.cookies[COOKIE].value != planted
    thief = Client()
    thief.cookies[COOKIE] = planted
    assert thief.get("/accounts/2fa/authenticate/").status_code == 302


def test_a_session_in_use_is_written_once_a_minute_not_at_each_request() -> None:
    client = logged_in(person(Role.AUDITOR))
    before = Session.objects.get().seen_at
    status(client)
    assert Session.objects.get().seen_at == before
    later(minutes=2)
    status(client)
    assert timezone.now() - Session.objects.get().seen_at < timedelta(minutes=2)


def test_a_person_sees_their_sessions_and_ends_them() -> None:
    user = person(Role.AUDITOR)
    here, there, third = logged_in(user), logged_in(user), logged_in(user)
    logged_in(person(Role.AUDITOR, "another"))
    rows = here.get("/v1/sessions").json()["items"]
    assert len(rows) == 3
    assert [each["current"] for each in rows].count(True) == 1
    [first, second] = [each["id"] for each in rows if not each["current"]]
    assert here.delete(f"/v1/sessions/{first}").status_code == 204
    assert here.delete(f"/v1/sessions/{first}").status_code == 404
    assert sorted([status(there), status(third)]) == [200, 401]
    page = here.get("/accounts/sessions/").content.decode()
    assert second in page
    assert first not in page
    assert here.post(f"/accounts/sessions/{second}/end").status_code == 302
    assert here.post(f"/accounts/sessions/{second}/end").status_code == 404
    assert (status(there), status(third), status(here)) == (401, 401, 200)


def test_a_person_ends_all_sessions_but_the_one_they_ask_in() -> None:
    user = person(Role.AUDITOR)
    for end in (
        lambda client: client.delete("/v1/sessions"),
        lambda client: client.post("/accounts/sessions/end-others"),
    ):
        here, there, other = logged_in(user), logged_in(user), logged_in(person(Role.AUDITOR))
        end(here)
        assert (status(here), status(there), status(other)) == (200, 401, 200)


def test_the_page_of_sessions_is_for_whoever_has_logged_in() -> None:
    nobody = person(Role.NONE)
    assert logged_in(nobody).get("/accounts/sessions/").status_code == 200
    assert Client().get("/accounts/sessions/").status_code == 302
    assert Client().post("/accounts/sessions/end-others").status_code == 302
    assert len(sessions_of(nobody.pk)) == 1
    assert logged_in(nobody, csrf=True).post("/accounts/sessions/end-others").status_code == 403

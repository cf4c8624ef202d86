"""Sessions, second factors, passwords and keys: what somebody tries who wants to be another."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from authenticator import code
from django.conf import settings
from django.test import Client
from django.utils import timezone
from people import PASSWORD, logged_in, person, send, with_key
from test_role_matrix import EXPECTED, address

from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role, key_scopes
from equipoise.service.platform.login import guesses

pytestmark = pytest.mark.usefixtures("sqlite_database")
BY_PEOPLE = [name for name in EXPECTED if set(EXPECTED[name]) != {"api_client"}]


@pytest.fixture
def _no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine, no guess's wait is over."""
    moment = timezone.now()
    monkeypatch.setattr(guesses, "_now", lambda: moment)


def maria(role: Role = Role.ANALYST) -> User:
    return person(role, "maria", factor=False)


def allowed_person(name: str) -> User:
    """Someone who may use that endpoint, and is not limited to their own rows if that can be."""
    roles = [role for role in Role if role in EXPECTED[name] and role is not Role.API_CLIENT]
    return person(next(iter(roles), Role.ANALYST))


# Sessions.


def test_a_planted_session_is_worth_nothing_after_log_in() -> None:
    user = maria()
    attacker = Client()
    attacker.get("/accounts/login/")
    planted = attacker.session
    planted["x"] = "planted"
    planted.save()
    victim = Client()
    victim.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key
    answer = victim.post("/accounts/login/", {"login": "maria", "password": PASSWORD})
    assert answer.status_code == 302
    assert victim.session.session_key != planted.session_key
    assert victim.session["_auth_user_id"] == str(user.pk)
    attacker.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key
    assert attacker.get("/v1/me").status_code == 401


def test_a_session_is_dead_after_log_out_and_only_a_form_logs_out() -> None:
    client = logged_in(person(Role.AUDITOR))
    stolen = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.get("/accounts/logout/")
    assert client.get("/v1/me").status_code == 200
    assert client.post("/accounts/logout/")["Clear-Site-Data"] == '"storage"'
    assert "Clear-Site-Data" not in client.get("/accounts/login/")
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = stolen
    assert thief.get("/v1/me").status_code == 401


def test_other_sessions_end_with_the_password_and_with_the_person() -> None:
    user = person(Role.AUDITOR)
    first, second = logged_in(user), logged_in(user)
    user.set_password("another four plain words")
    user.save()
    assert first.get("/v1/me").status_code == 401
    again = logged_in(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert again.get("/v1/me").status_code == 401
    assert second.get("/v1/me").status_code == 401


def test_a_change_of_role_counts_from_the_next_request() -> None:
    user = person(Role.ADMINISTRATOR)
    client = logged_in(user)
    assert client.get("/v1/users").status_code == 200
    User.objects.filter(pk=user.pk).update(role=Role.AUDITOR.value)
    assert client.get("/v1/users").status_code == 403


# The second factor.


def test_a_password_alone_lets_nobody_in_who_has_a_second_factor() -> None:
    user = maria()
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - a test account
    TOTP.activate(user, secret)
    client = Client()
    answer = client.post("/accounts/login/", {"login": "maria", "password": PASSWORD})
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/v1/me").status_code == 401
    assert client.get("/")["Location"].startswith("/accounts/login/")
    wrong = f"{(int(code(secret)) + 1) % 10**6:06d}"
    client.post("/accounts/2fa/authenticate/", {"code": wrong})
    assert client.get("/v1/me").status_code == 401
    client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    assert client.get("/v1/me").status_code == 200


@pytest.mark.usefixtures("_no_time_passes")
def test_codes_cannot_be_guessed_by_trying() -> None:
    user = maria()
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client = Client()
    client.post("/accounts/login/", {"login": "maria", "password": PASSWORD})
    answer = [
        client.post("/accounts/2fa/authenticate/", {"code": f"{n:06d}"}).status_code
        for n in range(12)
    ]
    assert answer == [200] * 5 + [429] * 7


def test_without_a_second_factor_a_person_may_use_no_endpoint() -> None:
    for name in BY_PEOPLE:
        user = allowed_person(name)
        assert send(logged_in(user), *address(name)).status_code != 403, name
        Authenticator.objects.all().delete()
        assert send(logged_in(user), *address(name)).status_code == 403, name


def test_without_a_second_factor_pages_lead_to_setting_one_up() -> None:
    user = person(Role.ADMINISTRATOR)
    Authenticator.objects.all().delete()
    for path in ("/", "/webhooks/", "/webhooks/x/"):
        assert logged_in(user).get(path)["Location"] == "/accounts/2fa/"


def test_a_second_factor_is_not_removed_by_whoever_finds_an_open_browser() -> None:
    user = maria()
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - a test account
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    client = logged_in(user)
    for path in ("totp/deactivate/", "recovery-codes/", "recovery-codes/generate/"):
        answer = client.get(f"/accounts/2fa/{path}")
        assert "reauthenticate" in answer.get("Location", ""), path
        answer = client.post(f"/accounts/2fa/{path}")
        assert answer.status_code == 405 or "reauthenticate" in answer["Location"], path
    assert Authenticator.objects.filter(user=user).exists()


# Trying again and again.


@pytest.mark.usefixtures("_no_time_passes")
def test_passwords_cannot_be_guessed_by_trying() -> None:
    maria()
    said = []
    for n in range(12):  # a new address each time, as far as one can claim one
        headers = {"X-Forwarded-For": f"203.0.113.{n}"}
        given = {"login": "maria", "password": f"wrong password {n}"}
        answer = Client().post("/accounts/login/", given, headers=headers)
        said.append(answer.status_code == 429)
    assert not any(said[:5])
    assert all(said[5:])
    right = Client().post("/accounts/login/", {"login": "maria", "password": PASSWORD})
    assert right.status_code != 302  # nor is the right one a way around


def test_log_in_does_not_tell_who_has_an_account() -> None:
    maria()

    def said(name: str) -> str:
        answer = Client().post("/accounts/login/", {"login": name, "password": "wrong password"})
        text = answer.content.decode().replace(name, "NAME")
        return "\n".join(line for line in text.splitlines() if "csrfmiddlewaretoken" not in line)

    assert said("maria") == said("nobody")


def test_guesses_at_a_key_are_told_nothing_and_do_not_lock_its_owner_out() -> None:
    """A key's secret has 192 bits: it is not found by trying, so nobody is locked out for tries."""
    client, token = with_key(person(Role.ADMINISTRATOR), rate=1, burst=2)
    prefix = token.split("_")[1]
    answers = set()
    for guess in [f"eqp_{prefix}_{n:048x}" for n in range(20)] + [f"eqp_{'0' * 12}_{'0' * 48}"]:
        answer = Client(headers={"Authorization": f"Bearer {guess}"}).get("/v1/me")
        own_number = answer["X-Request-ID"].encode()  # of each request, whatever it asks
        answers.add((answer.status_code, answer.content.replace(own_number, b"")))
    assert len(answers) == 1
    assert answers.pop()[0] == 401
    assert client.get("/v1/me").status_code == 200


def test_a_key_cannot_log_in_and_a_session_is_no_key() -> None:
    client, _ = with_key(person(Role.ADMINISTRATOR), *(each.value for each in key_scopes()))
    assert client.get("/webhooks/")["Location"].startswith("/accounts/login/")
    human = logged_in(person(Role.ADMINISTRATOR))
    both = human.get("/v1/users", headers={"Authorization": "Bearer eqp_0_0"})
    assert both.status_code == 401

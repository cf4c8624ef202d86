"""Keys, log-in and rights, as a person or a program meets them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.utils import timezone
from people import PASSWORD, acting, logged_in, person, send, with_key

from equipoise.errors import BadInput
from equipoise.service.platform.accounts.keys import revoke_key
from equipoise.service.platform.accounts.models import ApiKey, User
from equipoise.service.platform.accounts.permissions import Principal, Reach, Role
from equipoise.service.platform.accounts.roles import change_user
from equipoise.service.platform.accounts.services import make_user, rows_for
from equipoise.service.platform.record import services as record

pytestmark = pytest.mark.usefixtures("sqlite_database")


def status(client: Client, path: str = "/v1/me") -> int:
    return int(send(client, "GET", path).status_code)


@pytest.mark.usefixtures("database")
def test_a_key_is_kept_only_as_a_digest_and_works_until_it_is_revoked() -> None:
    owner = person(Role.ADMINISTRATOR)
    client, token = with_key(owner, "decisions.create")
    assert status(client) == 200
    key = ApiKey.objects.get()
    secret = token.split("_")[2]
    assert secret not in str(key.__dict__)
    revoke_key(key.prefix, acting(owner))
    revoke_key(key.prefix, acting(owner))
    assert status(client) == 401
    assert [entry.kind for entry in record.entries(f"key.{key.prefix}")] == [
        "key.made",
        "key.revoked",
    ]


def test_a_key_ends_with_its_date_and_outlives_its_maker() -> None:
    owner = person(Role.ADMINISTRATOR)
    client, _ = with_key(owner, expires_at=timezone.now() + timedelta(hours=1))
    assert status(client) == 200
    change_user(owner.pk, acting(person(Role.ADMINISTRATOR)), active=False)
    assert status(client) == 200
    ApiKey.objects.update(expires_at=timezone.now())
    assert status(client) == 401


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer x",
        "Bearer eqp_abc_def",
        "Basic YTpi",
        "Bearer eqp_" + "0" * 12 + "_x",
        "Token x",
        "Bearer " + "é" * 9,
    ],
)
def test_what_is_no_key_gets_401(header: str) -> None:
    assert status(Client(headers={"Authorization": header})) == 401


def test_a_right_prefix_with_a_wrong_secret_gets_401() -> None:
    _, token = with_key(person(Role.ADMINISTRATOR))
    wrong = token[:-1] + ("0" if token[-1] != "0" else "1")
    assert status(Client(headers={"Authorization": f"Bearer {wrong}"})) == 401


def test_too_many_requests_are_told_when_to_come_again() -> None:
    client, _ = with_key(person(Role.ADMINISTRATOR), rate=0.001, burst=3)
    assert [status(client) for _ in range(3)] == [200] * 3
    response = send(client, "GET", "/v1/me")
    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 1000


def test_a_scope_that_keys_cannot_have_is_refused_with_the_nearest() -> None:
    client = logged_in(person(Role.ADMINISTRATOR))
    body = {"name": "shop", "scopes": ["decisions.creat"]}
    response = send(client, "POST", "/v1/keys", body)
    assert response.status_code == 422
    assert response.json()["mend"] == "did you mean 'decisions.create'?"
    body["scopes"] = ["users.manage"]
    assert send(client, "POST", "/v1/keys", body).status_code == 422


def test_an_administrator_makes_a_key_that_works() -> None:
    client = logged_in(person(Role.ADMINISTRATOR))
    made = send(client, "POST", "/v1/keys", {"name": "shop", "scopes": ["decisions.create"]})
    assert made.status_code == 201
    program = Client(headers={"Authorization": f"Bearer {made.json()['token']}"})
    assert "decisions.create" in send(program, "GET", "/v1/me").json()["may"]
    assert "token" not in send(client, "GET", "/v1/keys").json()["items"][0]


def test_a_person_needs_a_second_factor_to_act() -> None:
    user = person(Role.AUDITOR)
    client = logged_in(user)
    assert status(client) == 200
    Authenticator.objects.all().delete()
    assert status(client) == 403


def test_a_changing_request_by_session_needs_the_csrf_token() -> None:
    admin = person(Role.ADMINISTRATOR)
    client = logged_in(admin, csrf=True)
    body = {"username": "maria", "role": "analyst"}
    assert send(client, "POST", "/v1/users", body).status_code == 403
    assert not User.objects.filter(username="maria").exists()
    assert send(client, "GET", "/v1/users").status_code == 200


def test_weak_passwords_and_taken_names_are_refused() -> None:
    make_user("maria", PASSWORD, Role.ANALYST, by="user.1")
    with pytest.raises(BadInput, match="of that name"):
        make_user("maria", PASSWORD, Role.ANALYST, by="user.1")
    with pytest.raises(BadInput, match="too weak"):
        make_user("juan", "short", Role.ANALYST, by="user.1")


def test_a_person_logs_in_and_the_session_is_a_new_one() -> None:
    person(Role.ANALYST, "maria", factor=False)
    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = "before"
    session.save()
    planted = session.session_key
    response = client.post("/accounts/login/", {"login": "maria", "password": PASSWORD})
    assert response.status_code == 302
    assert client.session.session_key != planted


def test_log_in_leads_to_no_foreign_site() -> None:
    person(Role.ANALYST, "maria", factor=False)
    client = Client()
    where = "/accounts/login/?next=https://evil.example/"
    response = client.post(
        where, {"login": "maria", "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert "evil.example" not in response.headers.get("Location", "")


def test_nobody_signs_up_alone() -> None:
    response = Client().post(
        "/accounts/signup/", {"username": "eve", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert not User.objects.filter(username="eve").exists()
    assert response.status_code == 200


def test_an_empty_branch_is_no_wildcard() -> None:
    nobody = Principal("user.1", "user.1", Role.UNDERWRITER)
    of_branch = Principal("user.1", "user.1", Role.UNDERWRITER, branch="b1", region="r1")
    own = "(AND: ('begun_by', 'user.1'))"
    assert str(rows_for(nobody, Reach.AREA)) == own
    assert "('branch', 'b1')" in str(rows_for(of_branch, Reach.AREA))
    assert "('region', 'r1')" not in str(rows_for(of_branch, Reach.AREA))
    assert str(rows_for(of_branch, Reach.OWN)) == own


def test_settings_are_the_secure_ones() -> None:
    assert settings.DEBUG is False
    assert len(settings.SECRET_KEY) == 64
    assert settings.SESSION_COOKIE_HTTPONLY
    response = Client().get("/accounts/login/")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"

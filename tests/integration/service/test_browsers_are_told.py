"""What a browser is told not to do, and where no address leads: to no foreign site, in no clear."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from people import PASSWORD, logged_in, person, with_key

from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role

pytestmark = pytest.mark.usefixtures("sqlite_database")


def maria(role: Role = Role.ANALYST) -> User:
    return person(role, "maria", factor=False)


# Addresses that lead elsewhere.

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https:evil.example",
    "http:///evil.example/",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.example/",
    " //evil.example/",
    "%2f%2fevil.example/",
]


def leads(answer: Any) -> str:
    """The host that a browser would go to."""
    location = answer.headers.get("Location", "")
    cleaned = location.replace("\\", "/").replace("\t", "").strip()
    return urlsplit(urljoin("http://testserver/accounts/login/", cleaned)).netloc


@pytest.mark.parametrize("where", ELSEWHERE)
def test_log_in_and_log_out_lead_to_no_foreign_site(where: str) -> None:
    maria()
    given = {"login": "maria", "password": PASSWORD, "next": where}
    client = Client()
    page = client.get("/accounts/login/", {"next": where})
    assert "evil.example" not in page.headers.get("Location", "")
    answer = client.post("/accounts/login/", given)
    assert answer.status_code == 302
    assert leads(answer) == "testserver"
    assert leads(client.get("/accounts/login/", {"next": where})) == "testserver"
    assert leads(client.get("/accounts/reauthenticate/", {"next": where})) == "testserver"
    again = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": where})
    assert leads(again) == "testserver"
    assert leads(client.post("/accounts/logout/", {"next": where})) == "testserver"


def test_a_guarded_page_comes_back_to_itself() -> None:
    answer = Client().get("/webhooks/?state=dead")
    assert answer["Location"] == "/accounts/login/?next=/webhooks/%3Fstate%3Ddead"


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/v1/me", "/webhooks/"])
def test_hosts_that_are_not_ours_are_refused(path: str) -> None:
    for host in ("evil.example", "testserver.evil.example", "testserver@evil.example", "a b"):
        assert Client(headers={"Host": host}).get(path).status_code == 400
    client = Client(headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"})
    assert "evil.example" not in str(client.get(path).headers)


# What browsers are told.


def test_every_answer_tells_browsers_what_not_to_do() -> None:
    client = logged_in(person(Role.ADMINISTRATOR))
    key, _ = with_key(person(Role.ADMINISTRATOR))
    for each, path in [
        *((client, path) for path in ("/", "/webhooks/", "/accounts/2fa/", "/nothing", "/v1/me")),
        (Client(), "/accounts/login/"),
        (key, "/v1/me"),
    ]:
        answer = each.get(path)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "no-store" in answer["Cache-Control"], path


def test_pages_hold_no_script_or_style_of_their_own() -> None:
    client = logged_in(person(Role.ADMINISTRATOR))
    for path in ("/", "/webhooks/", "/accounts/2fa/", "/accounts/password/change/", "/nothing"):
        text = client.get(path).content.decode()
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick=" not in text
        assert text.count("<script") == text.count("<script src=")


def test_cookies_are_for_this_site_and_not_for_scripts() -> None:
    client = Client()
    maria()
    client.post("/accounts/login/", {"login": "maria", "password": PASSWORD})
    session = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (session["httponly"], session["samesite"]) == (True, "Lax")
    assert session["domain"] == ""
    assert not session["max-age"]  # it ends with the browser
    client.get("/accounts/password/change/")
    assert client.cookies[settings.CSRF_COOKIE_NAME]["samesite"] == "Lax"


_OVER_HTTPS = """
import django, json
django.setup()
from django.conf import settings
from django.test import Client
plain = Client().get("/accounts/login/", headers={"host": "localhost"})
answer = Client().get("/accounts/login/", headers={"host": "localhost"}, secure=True)
keyed = {"host": "localhost", "authorization": "Bearer eq_0123456789_abc"}
program = Client().get("/v1/decisions", headers=keyed)
print(json.dumps({
    "plain": [plain.status_code, plain["Location"]],
    "program": [program.status_code, json.loads(program.content)["type"]],
    "policy": answer["Content-Security-Policy"],
    "hsts": answer["Strict-Transport-Security"],
    "secure": [bool(each["secure"]) for each in answer.cookies.values()],
    "names": [getattr(settings, name) for name in dir(settings) if name.endswith("COOKIE_NAME")],
    "healthz": Client().get("/healthz", headers={"host": "localhost"}).status_code,
}))
from django.conf import settings
assert settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE
"""


def test_over_https_nothing_goes_in_the_clear(sqlite_database: Any) -> None:
    given = {
        **os.environ,
        "EQUIPOISE_WORKSPACE": str(sqlite_database.file.parents[1]),
        "DJANGO_SETTINGS_MODULE": "equipoise.service.project.settings",
        "EQUIPOISE_HTTPS": "yes",
        "EQUIPOISE_OIDC_URL": "https://id.example:8443/realms/bank",
        "EQUIPOISE_OIDC_CLIENT": "equipoise",
        "EQUIPOISE_OIDC_SECRET": "from the provider",
        "DATABASE_URL": "",
    }
    done = subprocess.run(
        [sys.executable, "-c", _OVER_HTTPS], env=given, capture_output=True, text=True, check=True
    )
    document = json.loads(done.stdout.splitlines()[-1])
    assert document["plain"] == [301, "https://localhost/accounts/login/"]
    assert document["program"] == [403, "/problems/in-the-clear"]
    assert "max-age=31536000" in document["hsts"]
    assert document["secure"]
    assert all(document["secure"])
    ours = {"sessionid", "csrftoken", "device", "equipoise-browser"}
    assert {f"__Host-{name}" for name in ours} <= set(document["names"])
    assert document["healthz"] == 200
    assert "form-action 'self' https://id.example:8443;" in document["policy"] + ";"

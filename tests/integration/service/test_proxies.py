"""A proxy that the settings do not tell of is noticed; what its headers claim changes nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, RequestFactory
from lender import anew, ask, publish, shop

from equipoise.service.platform.login.callers import address_of
from equipoise.service.platform.operations import health, proxies

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.fixture(autouse=True)
def _nothing_noticed() -> Iterator[None]:
    proxies.forget()
    yield
    proxies.forget()


def behind_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    configuration = dataclasses.replace(settings.CONFIGURATION, behind_proxy=True)
    monkeypatch.setattr(settings, "CONFIGURATION", configuration)


def said() -> str:
    return str(health.looked().as_dict()["checks"]["proxy"])  # type: ignore[index]


@pytest.mark.parametrize(
    "header",
    [
        {"X-Forwarded-For": "203.0.113.9"},
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Host": "bank.example"},
        {"Forwarded": "for=203.0.113.9;proto=https"},
        {"X-Real-IP": "203.0.113.9"},
    ],
    ids=lambda header: next(iter(header)),
)
def test_a_proxy_that_was_not_told_of_is_noticed_by_all_processes(header: dict[str, str]) -> None:
    Client().get("/accounts/login/")
    Client().get("/healthz", headers=header)
    assert said() == "ok"
    Client().get("/accounts/login/", headers=header)
    assert "EQUIPOISE_BEHIND_PROXY is not on" in said()
    proxies.forget()  # as another process, which no such request reached
    assert "EQUIPOISE_BEHIND_PROXY is not on" in said()
    cache.clear()
    assert said() == "ok"


def test_a_program_that_comes_through_a_proxy_shows_it_too() -> None:
    with anew():
        publish()
        client = shop()
        assert ask(client).status_code == 201
        assert said() == "ok"
        client.defaults["HTTP_X_FORWARDED_FOR"] = "203.0.113.9"
        assert ask(client).status_code == 201
        assert "EQUIPOISE_BEHIND_PROXY is not on" in said()


def test_a_browser_that_comes_past_the_proxy_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    behind_proxy(monkeypatch)
    Client().get("/accounts/login/", headers={"X-Forwarded-For": "203.0.113.9"})
    Client().get("/v1/me", headers={"Authorization": "Bearer x"})
    assert said() == "ok"
    Client().get("/accounts/login/")
    assert "EQUIPOISE_BEHIND_PROXY is on" in said()


def test_claims_about_the_address_are_believed_of_the_proxy_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    claims = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9", "X-Real-IP": "198.51.100.1"}
    request = RequestFactory().get("/", headers=claims)
    assert address_of(request) == "127.0.0.1"
    assert not request.is_secure()
    from allauth import app_settings

    monkeypatch.setattr(app_settings, "TRUSTED_PROXY_COUNT", 1, raising=False)
    assert address_of(request) == "203.0.113.9"  # what the proxy itself added
    nonsense = RequestFactory().get("/", headers={"X-Forwarded-For": "x" * 5000})
    assert address_of(nonsense) == ""
    six = RequestFactory().get("/", headers={"X-Forwarded-For": "2001:db8:1:2:3:4:5:6"})
    assert address_of(six) == "2001:db8:1:2::"

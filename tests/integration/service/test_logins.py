"""Every try to be somebody leaves a line in the log, and no line holds what was typed."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from people import logged_in, person

from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.operations.logs import JsonLines

pytestmark = pytest.mark.usefixtures("sqlite_database")
PASSWORD = "four plain words here"  # noqa: S105 - a test account


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))

    def told(self) -> list[tuple[str, Any, Any]]:
        """Message, person and factor of each line."""
        parsed = [json.loads(text) for text in self.texts]
        return [(line["message"], line.get("person"), line.get("factor")) for line in parsed]


@pytest.fixture
def lines() -> Iterator[_Lines]:
    logger, handler = logging.getLogger("equipoise.logins"), _Lines()
    logger.addHandler(handler)
    level, logger.level = logger.level, logging.INFO
    yield handler
    logger.removeHandler(handler)
    logger.setLevel(level)


def _try(name: str, password: str) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": name, "password": password})
    return client


def test_the_language_of_the_pages_is_remembered_and_no_language_changes_nothing() -> None:
    client = logged_in(person(Role.ANALYST, "maria"))
    for accepts, remembered in (("", ""), ("zh-CN,zh;q=0.9", "zh"), ("", "zh")):
        client.get("/", headers={"accept-language": accepts} if accepts else {})
        assert User.objects.get(username="maria").language == remembered
    client.post("/language", {"language": "en"}, headers={"accept-language": "zh"})
    client.get("/", headers={"accept-language": "zh"})
    assert User.objects.get(username="maria").language == "en"


def _maria() -> User:
    maria = person(Role.ANALYST, "maria")
    Authenticator.objects.filter(user=maria).delete()
    maria.set_password(PASSWORD)
    maria.save()
    return maria


def test_who_logs_in_and_out_is_in_the_log(lines: _Lines) -> None:
    maria = _maria()
    _try("maria", PASSWORD).post("/accounts/logout/")
    assert lines.told() == [("logged in", maria.pk, None), ("logged out", maria.pk, None)]


def test_wrong_passwords_and_unknown_names_look_alike_and_are_not_written_down(
    lines: _Lines,
) -> None:
    _maria()
    _try("maria", "horse battery staple")
    _try("four plain words here", "horse battery staple")
    assert lines.told() == [("log-in refused", None, None)] * 2
    assert not any("staple" in text or "plain words" in text for text in lines.texts)


def test_a_wrong_code_is_in_the_log_with_its_factor(lines: _Lines) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    maria = _maria()
    TOTP.activate(maria, generate_totp_secret())
    client = _try("maria", PASSWORD)
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert ("second factor refused", maria.pk, "totp") in lines.told()
    assert not any("000000" in text for text in lines.texts)

"""A database that does not answer in time: whoever applies is told so, and what to do."""

from __future__ import annotations

from typing import Any

import pytest
from applying import Applicant, publish_asking
from django.db import OperationalError

from equipoise.service.contexts.drafts import services
from equipoise.service.pages.applicant import pacing


def test_what_could_not_be_kept_is_said_not_to_be_and_is_taken_once_sent_again(
    sqlite_database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_asking()
    ada = Applicant().begin()
    ada.type("amount", "8,000")

    def locked(*_: object) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(services, "save", locked)
        answer = ada.type("amount", "9,000")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "has not gone through" in answer.content.decode()
    assert 'value="8,000"' in ada.get("q/amount").content.decode()
    assert ada.type("amount", "9,000").status_code == 302
    assert 'value="9,000"' in ada.get("q/amount").content.decode()


def test_a_page_that_cannot_be_looked_up_says_so_in_the_persons_language(
    sqlite_database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_asking()
    ada = Applicant().begin()
    ada.client.post("/apply/language", {"language": "zh"})

    def locked(*_: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("equipoise.service.pages.applicant.guard.view", locked)
    answer = ada.get("check")
    assert answer.status_code == 503
    assert "系统暂时繁忙" in answer.content.decode()
    assert "未能处理" not in answer.content.decode(), "nothing was sent"


@pytest.mark.parametrize("path", ["", "begin", "draft/check"])
def test_counting_requests_on_a_locked_database_is_told_like_the_rest(
    sqlite_database: Any, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    publish_asking()
    ada = Applicant()

    def locked(*_: object) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(pacing, "take", locked)
        answer = ada.client.post(f"/apply/{path}", {"product": "corner"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "has not gone through" in answer.content.decode()
    assert ada.begin().get("").status_code == 200


def test_faults_of_ours_are_not_said_to_be_that(
    sqlite_database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_asking()
    ada = Applicant().begin()

    def broken(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(services, "save", broken)
    ada.client.raise_request_exception = False
    assert ada.type("amount", "9,000").status_code == 500

"""What an applicant reads where something is amiss is theirs: their language, and the way back."""

from __future__ import annotations

from typing import Any

import pytest
from applying import publish_asking
from django.test import Client

_IN_ENGLISH = {"accept": "text/html"}
_IN_CHINESE = {**_IN_ENGLISH, "accept-language": "zh-CN"}


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish_asking()


@pytest.mark.parametrize(
    ("headers", "said"), [(_IN_ENGLISH, "There is nothing here"), (_IN_CHINESE, "此处没有内容")]
)
def test_an_address_of_nothing_leads_back(headers: dict[str, str], said: str) -> None:
    answer = Client().get("/apply/nowhere/at/all", headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 404
    assert said in page
    assert 'href="/apply/open"' in page


@pytest.mark.parametrize(
    ("headers", "said"),
    [(_IN_ENGLISH, "What you saved before is kept."), (_IN_CHINESE, "您之前保存的内容仍然保留。")],
)
def test_a_form_that_does_not_fit_its_browser_is_told_of_kindly(
    headers: dict[str, str], said: str
) -> None:
    answer = Client(enforce_csrf_checks=True).post(
        "/apply/begin", {"product": "corner"}, headers=headers
    )
    assert (answer.status_code, said in answer.content.decode()) == (403, True)


def test_who_works_there_is_told_as_before() -> None:
    assert "not yours to see" in Client().get("/nowhere", headers=_IN_ENGLISH).content.decode()
    refused = Client(enforce_csrf_checks=True).post("/accounts/login/", {}, headers=_IN_ENGLISH)
    assert "came from elsewhere" in refused.content.decode()

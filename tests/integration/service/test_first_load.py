"""Whoever opens a page for the first time waits for few bytes, however long the loan: counted as
they go out to a browser, the page with all that it loads."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from applying import Applicant, bureau, sealed_corner
from django.contrib.staticfiles import finders
from lender import publish
from test_progress import POOR, SAFE, SHAKY
from walks import AIMED, LENDER, LONG

FIRST_LOAD = 60_000  # bytes
LONGEST = {**AIMED, "term": "84"}  # months: what the contract allows
_OPEN = ("", "contact", "q/amount", "q/aim", "consents", "check", "papers", "data", "ask")
_OFFERED = ("progress", "answer", "data", "papers", "complain", "ask")
_DECLINED = ("progress", "decline", "data", "data/correct", "complain")


@pytest.fixture(autouse=True)
def _lender(sqlite_database: Any) -> None:
    publish(raw=sealed_corner(**LENDER))


def person(language: str) -> Applicant:
    applicant = Applicant()
    applicant.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    return applicant.begin()


def weight(applicant: Applicant, page: str) -> int:
    """What a browser gets that has nothing yet."""
    answer = applicant.client.get(applicant.home + page, headers={"accept-encoding": "gzip"})
    assert (answer.status_code, answer["Content-Encoding"]) == (200, "gzip"), page
    text = gzip.decompress(answer.content).decode()
    parts = set(re.findall(r'(?:src|href)="/static/([^"]+)"', text))
    assert any(each.endswith(".css") for each in parts), page
    return len(answer.content) + sum(map(_weight_of, parts))


def _weight_of(name: str) -> int:
    """A file as it is served: packed where that lies beside it."""
    result = Path(finders.find(name))
    packed = result.with_name(f"{result.name}.gz")
    return (packed if packed.exists() else result).stat().st_size


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_page_is_light_for_who_borrows_longest(language: str) -> None:
    applicant = person(language)
    heavy = {page: weight(applicant, page) for page in _OPEN}
    with bureau(**SAFE):
        applicant.fill(**LONGEST).send()
    heavy |= {page: weight(applicant, page) for page in _OFFERED}
    offers = applicant.get("answer").content.decode()
    assert offers.count("<details>") > 1
    assert '<th scope="row">84</th>' in offers
    every = re.findall(r'name="(amount|months|seen)" value="([^"]+)"', offers)
    seen = dict(reversed(every))  # those of the first
    applicant.post("answer/take", seen)
    heavy["agreement"] = weight(applicant, "agreement")
    assert {page: size for page, size in heavy.items() if size > FIRST_LOAD} == {}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_page_of_a_no_is_light_whatever_was_typed(language: str) -> None:
    applicant = person(language)
    with bureau(**SHAKY):
        applicant.fill(**{**AIMED, **POOR}).send()
    for _ in range(3):
        applicant.post("complain", {"words": LONG * 10})
    heavy = {page: weight(applicant, page) for page in _DECLINED}
    assert {page: size for page, size in heavy.items() if size > FIRST_LOAD} == {}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("page", ["/apply/", "/apply/find", "/apply/adjust", "/apply/open"])
def test_a_first_visit_is_light(page: str, language: str) -> None:
    applicant = person(language)
    applicant.home = ""
    assert weight(applicant, page) <= FIRST_LOAD

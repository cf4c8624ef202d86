"""All pages of the lender's people, come to as they come to them: from home, by links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from crawling import Desk, a_working_lender, named, pages
from django.urls import resolve
from test_page_matrix import PAGES, filled

from equipoise.service.platform.accounts.permissions import Role

# What there is a link to once a balance was found in a lender's history, which takes its fit, or
# once borrowers or the book were measured, and what a page asks for while a book is: their own
# tests go there.
NOT_BY_LINKS = {
    "balance-compare",
    "balance-point",
    "balance-standing-at",
    "balance-standing-state",
    "book-number",
    "measuring-state",
    "stress-scenario",
    "watch-list-borrower",
    "what-if-run",
}
_CHROME = ("h1", "h2", "h3", "th", "dt", "label", "button", "legend", "summary")
_ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ,]+[A-Za-z']{2,}){2,}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_EVENTS = re.compile(r"^on[a-z]+$")


@pytest.fixture
def lender(sqlite_database: Any) -> Any:
    with a_working_lender() as server:
        yield server


def forbidden(page: Any) -> list[str]:
    """What the policy would keep a browser from doing."""
    answer = [f"style {each.tag}" for each in page.iter() if each.get("style") is not None]
    answer += ["a style sheet within" for _ in page.iter("style")]
    answer += ["a script within" for each in page.iter("script") if not each.get("src")]
    answer += [
        f"{name} {each.tag}"
        for each in page.iter()
        if isinstance(each.tag, str)
        for name in each.attrib
        if _EVENTS.match(name)
    ]
    return answer


def in_english(page: Any) -> list[str]:
    """Headings, labels and buttons that say three English words and no Chinese one; a lender's own
    names are marked as what nobody translates."""
    texts = [_ours(each) for tag in _CHROME for each in page.iter(tag)]
    plain = [" ".join(text.split()) for text in texts]
    return [each for each in plain if _ENGLISH.search(each) and not _CHINESE.search(each)]


def _ours(element: Any) -> str:
    """What it says by our words."""
    named = element.xpath("ancestor-or-self::*[@translate='no']|.//*[@translate='no']")
    theirs = {each for one in named for each in one.itertext()}
    return "".join(each for each in element.itertext() if each not in theirs)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_page_is_come_to_from_home_and_leads_nowhere_that_is_shut(
    lender: Mapping[Role, Desk], language: str
) -> None:
    wanted = "zh-Hans" if language == "zh-CN" else "en"
    come_to: set[str] = set()
    faults: list[str] = []
    for role, desk in lender.items():
        for path, answer, page in pages(desk, language):
            come_to.add(named(path))
            if answer.status_code != 200:
                faults.append(f"{role}: {path} is {answer.status_code}")
            elif page is not None:
                where = f"{role}: {path}"
                faults += [f"{where}: {each}" for each in forbidden(page)]
                spoken = page.get("lang") if page.tag == "html" else wanted
                wanted = "zh-Hans" if language == "zh-CN" else "en"
                faults += [f"{where} speaks {spoken}"] if spoken != wanted else []
                if wanted != "en":
                    faults += [f"{where}: {each}" for each in in_english(page)]
    assert faults == [], "\n".join(faults)
    read = {resolve(filled(name[4:])).view_name for name in PAGES if name.startswith("GET")}
    unseen = sorted(read - come_to - NOT_BY_LINKS)
    assert unseen == [], " ".join(unseen)

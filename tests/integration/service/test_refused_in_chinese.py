"""Whatever a form of the desks refuses, the page says why in the language it speaks: each form that
is come to by links is sent empty, filled with nonsense, and once more as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest
from crawling import Desk, a_working_lender, named, pages
from test_page_matrix import PAGES

from equipoise.service.platform.accounts.permissions import Role

CHINESE = {"Accept-Language": "zh-CN", "Accept": "text/html"}
# Of no desk: who is logged in is somebody else after these, or the language another.
_APART = ("/accounts/", "/language")
_NONSENSE = "?!"
_TOLD = (
    "//*[@role='alert' or @role='status' or contains(@class, 'callout') or "
    "contains(@class, 'messages') or contains(@class, 'errorlist')]"
)
_BOXES = ".//textarea|.//input[not(@type='hidden' or @type='checkbox' or @type='radio')]"
_CODE = re.compile(r"[\w./-]+\.ya?ml\S*|/\S+|\w+_\w+")
_WORDS = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z']{2,}){2,}")


@dataclass(frozen=True)
class Form:
    """A form as it stands on a page: where it is sent, and what it holds."""

    action: str
    fields: Mapping[str, str]
    typed: frozenset[str]  # fields that somebody types into

    @property
    def ways(self) -> Iterator[Mapping[str, str]]:
        """Empty, nonsense in each field that is typed into, and twice as it stands."""
        yield {name: "" if name in self.typed else text for name, text in self.fields.items()}
        yield {}
        nonsense = dict.fromkeys(self.typed, _NONSENSE)
        yield {**self.fields, **nonsense}
        yield from (self.fields, self.fields)


def forms(page: Any, path: str) -> Iterator[Form]:
    for each in page.xpath("//form[translate(@method, 'POST', 'post')='post']"):
        action = urlsplit(urljoin(f"http://here{path}", each.get("action") or path)).path
        boxes = each.xpath(_BOXES)
        typed = frozenset(box.get("name") for box in boxes if box.get("name"))
        fields = dict(each.form_values())
        for button in each.xpath(".//button[@name]"):
            yield Form(action, {**fields, button.get("name"): button.get("value", "")}, typed)
        if not each.xpath(".//button[@name]"):
            yield Form(action, fields, typed)


def english_of(answer: Any) -> list[str]:
    """The sentences in English among those that tell what came of it."""
    if not answer.get("Content-Type", "").startswith("text/html") or not answer.content:
        return []
    page = lxml.html.fromstring(answer.content.decode())
    texts = (" ".join(each.text_content().split()) for each in page.xpath(_TOLD))
    return [text for text in texts if _WORDS.search(_CODE.sub("", text))]


@pytest.fixture
def lender(sqlite_database: Any) -> Any:
    with a_working_lender() as server:
        yield server


def test_no_form_of_the_desks_refuses_in_english(lender: Mapping[Role, Desk]) -> None:
    faults: list[str] = []
    sent: set[str] = set()
    for role, desk in lender.items():
        client = desk.client
        rows = [
            form
            for path, _, page in pages(desk, "zh-CN")
            if page is not None
            for form in forms(page, path)
        ]
        for form in rows:
            called = f"{named(form.action)} {sorted(form.fields)}"
            if form.action.startswith(_APART) or called in sent:
                continue
            sent.add(called)
            for way in form.ways:
                answer = client.post(form.action, way, headers=CHINESE)
                if "Location" in answer.headers:
                    answer = client.get(answer["Location"], headers=CHINESE)
                assert answer.status_code < 500, (role, form.action, way)
                faults += [f"{role}: {form.action}: {text[:300]}" for text in english_of(answer)]
    assert faults == [], "\n".join(dict.fromkeys(faults))
    posted = {named.removeprefix("POST ") for named in PAGES if named.startswith("POST")}
    assert len(sent) > len(posted) / 2, "half of what is posted to is sent at least"

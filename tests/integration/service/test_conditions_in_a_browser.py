"""A yes on condition and a review of a person's no, as people see them in a real browser: open to
everybody, wide and narrow, in both languages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browsers
import pytest
from applying import Applicant
from at_the_desk import follow, underwriter
from letter_lender import applied, publish_speaking
from people import logged_in, send
from test_practice_in_a_browser import whole
from test_yes_on_condition import AFFORDS, TO_PEOPLE, UNSURE

from equipoise.service.contexts.drafts.models import Draft

SHOTS = Path(os.environ["EQUIPOISE_SHOTS"]) if "EQUIPOISE_SHOTS" in os.environ else None
LANGUAGES = ("en", "zh")


@pytest.fixture(autouse=True)
def _in_force(sqlite_database: Any) -> Iterator[None]:
    publish_speaking(authority=TO_PEOPLE)
    yield


def test_conditions_and_reviews_are_open_to_everybody() -> None:
    first, second = logged_in(underwriter()), logged_in(underwriter())
    shown: dict[str, str] = {}

    def take(name: str, client: Any, address: str) -> None:
        for language in LANGUAGES:
            client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
            shown[f"{name}-{language}"] = whole(client, address)

    applicant, at, decision = _referred("en")
    follow()
    first.post(f"{at}open")
    take("owed", first, at)
    body = {"answer": "approve", "words": "Fine.", "terms": _terms(first, decision)}
    made = send(first, "POST", f"/v1/decisions/{decision}/decide", body)
    assert made.status_code == 201, made.content
    take("on-condition", first, at)
    shown["waits-en"] = whole(applicant.client, applicant.home + "progress")
    other, at, decision = _referred("zh")
    shown["waits-zh"] = whole(other.client, other.home + "progress")
    no = {"answer": "decline", "words": "So it is.", "reasons": ["STRAINED"]}
    assert send(first, "POST", f"/v1/decisions/{decision}/decide", no).status_code == 201
    shown["no-zh"] = whole(other.client, other.home + "decline")
    other.post("decline/review", {"words": "合同已转正"})
    second.post(f"{at}open")
    take("review", second, at)
    with browsers.chromium() as chromium:
        for width, scheme in ((375, "light"), (1280, "dark")):
            view = {"width": width, "height": 800}
            page = chromium.new_context(viewport=view, color_scheme=scheme).new_page()
            page.set_default_timeout(browsers.PATIENCE)
            for name, html in shown.items():
                page.set_content(html)
                assert browsers.barriers(page) == [], (name, width)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, name
                if SHOTS:
                    page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
    assert "waive-income" in shown["owed-en"]
    assert "免除此条件" in shown["on-condition-zh"]
    assert "完成复核" in shown["review-zh"]


def _referred(language: str) -> tuple[Applicant, str, str]:
    """Somebody who applied, the address of their case, and the decision."""
    applicant = applied(UNSURE, language, **AFFORDS)
    row = Draft.objects.get(pk=applicant.draft)
    return applicant, f"/cases/{row.application}/", row.decision


def _terms(client: Any, decision: str) -> dict[str, float]:
    limits = client.get(f"/v1/decisions/{decision}/deciding").json()["limits"]
    return {"amount": 8_000.0, "months": 36, "apr": limits["apr"]["least"]}

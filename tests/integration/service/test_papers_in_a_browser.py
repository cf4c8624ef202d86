"""Somebody brings a document, is refused one, and settles what is unclear, in a real browser: the
pages are open to everybody, in both languages, wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import browsers
import journeys
import pytest
from applying import ANSWERS, sealed_asking
from corner_lender import STRATEGY
from processes import Server, workspace
from test_papers import pdf, photo

# The corner lender's, which asks nobody else here: a burden above 0.8 alone is unclear.
RULES = [
    {
        "name": "strained",
        "when": "amount / (12 * income) > 0.8",
        "outcome": "refer",
        "reason": "STRAINED",
    }
]
TEXTS = {
    "STRAINED": {
        "en": "What you earn and what you would like to borrow do not fit together.",
        "zh": "您的收入与希望借款的金额不相符。",
    },
    "SETTLE_STRAINED": {
        "en": "Bring the payslips of the last three months.",
        "zh": "请提交最近三个月的工资单。",
    },
}
STRAINED = {**ANSWERS, "income": "800"}
NAME = "scan_of_the_payslip_of_march_of_somebody_whose_file_has_a_very_long_name.jpg"


def sealed_unclear() -> bytes:
    """A strategy to which it is unclear how a small income bears a loan."""
    texts = {**STRATEGY["texts"], **TEXTS}
    return sealed_asking(rules=RULES, texts=texts, languages=["en", "zh"])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("unclear") / "lender"
    running = Server(workspace(folder, sealed_unclear()), background=False).start()
    yield running
    running.stop()


def brought(page: Any, name: str, content: bytes) -> None:
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.set_input_files("#paper", file)
    with page.expect_navigation():
        page.click("#page button")


def walk(page: Any, home: str, look: Callable[[Any, str], None]) -> None:
    """From the first page to an answer that a person reads, each new page looked at."""
    journeys.begin(page, home)
    papers = page.url + "papers"
    page.goto(papers)
    look(page, "papers-empty")
    brought(page, NAME, photo())
    brought(page, "contract.pdf", pdf())
    look(page, "papers")
    brought(page, "game.exe", b"MZ" + bytes(400))
    look(page, "papers-refused")
    page.goto(papers)
    brought(page, "film.jpg", photo() + bytes(13_000_000))  # more than is read at all
    assert "12 MB" in page.text_content("main")
    page.goto(papers.removesuffix("papers"))
    journeys.fill(page, STRAINED, lambda _page, _name: None)
    journeys.send(page)
    look(page, "progress-unclear")
    with page.expect_navigation():
        page.click(".unclear a")
    look(page, "unclear")
    with page.expect_navigation():
        page.click("button[value=on]")
    look(page, "unclear-error")
    page.fill("#words", "I was ill in March.\nSince April I earn what I told you.")
    brought(page, "payslip.jpg", photo())
    look(page, "progress-answered")
    with page.expect_navigation():
        page.click(".unclear a")
    look(page, "unclear-answered")


@pytest.mark.parametrize(("language", "width", "scheme"), browsers.SCENES)
def test_whoever_brings_and_settles_something_is_barred_by_nothing(
    server: Server, language: str, width: int, scheme: str
) -> None:
    with (
        browsers.chromium() as chromium,
        browsers.page_of(chromium, language, width, scheme) as page,
    ):
        walk(page, server.said["url"], lambda seen, _name: browsers.open_to_everybody(seen))
        assert page.locator(".turn.applicant").count() == 1

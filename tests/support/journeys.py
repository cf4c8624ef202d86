"""A person in a real browser who goes through an application, page by page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Look = Callable[[Any, str], None]
"""What is done on each page that is reached: the page, and a name for it."""
NEEDED = ("decision", "sources")


def fill(page: Any, answers: Mapping[str, str], look: Look, email: str = "ada@example.com") -> None:
    """From the list of what is to be done to the check of all answers, wrong answers first."""
    look(page, "tasks")
    _press(page, "main a.button")
    look(page, "contact")
    go_on(page)
    look(page, "contact-error")
    page.fill("#email", email)
    go_on(page)
    while "/q/" in page.url:
        slug = page.url.rsplit("/", 1)[1]
        look(page, f"{slug}")
        go_on(page)
        if not page.url.endswith(f"/{slug}"):  # it may be left out
            continue
        look(page, f"{slug}-error")
        answer(page, answers[slug])
        go_on(page)
        assert not page.url.endswith(f"/{slug}"), page.text_content("main")
    look(page, "consents")
    go_on(page)
    look(page, "consents-error")
    for purpose in NEEDED:
        page.check(f"#{purpose}")
    go_on(page)
    look(page, "check")


def begin(page: Any, home: str) -> None:
    """From the lender's first page into an application."""
    page.goto(f"{home.rstrip('/')}/apply/")
    _press(page, "main button")


def answered(page: Any, home: str, answers: Mapping[str, str]) -> None:
    """From the lender's first page to its answer."""
    begin(page, home)
    fill(page, answers, lambda _page, _name: None)
    send(page)
    page.goto(page.url.replace("progress", "answer"))


def send(page: Any) -> None:
    _press(page, "main form button")


def go_on(page: Any) -> None:
    """As who presses Continue."""
    _press(page, "button[value=on]")


def answer(page: Any, text: str) -> None:
    """As who answers the question that stands open."""
    if page.locator("#page input[type=file]").count():
        page.set_input_files("#paper", text)
    elif page.locator("input[type=radio]").count():
        page.check(f"input[type=radio][value='{text}']")
    else:
        page.fill("#answer", text)


def _press(page: Any, selector: str) -> None:
    with page.expect_navigation():
        page.click(selector)

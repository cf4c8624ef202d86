"""A person opens their application in another browser, and the server dies before it says so."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from types import SimpleNamespace
from typing import Any

import lxml.html
import pytest

from equipoise.rehearsal import account as steps
from equipoise.rehearsal import filling
from equipoise.rehearsal.browser import NoAnswer, Page
from equipoise.rehearsal.filling import Filling

HOME = "http://lender/apply/draft-1/"
ASKED = "<html><main><form method=post><button name=go value=on>Go on</button></form></main></html>"
TASKS = "<html><main><ol class=tasks></ol></main></html>"


def page(path: str, text: str, status: int = 200) -> Page:
    return Page(HOME + path, status, lxml.html.fromstring(text))


class Server:
    """Whoever has the code that fits is let in, once; `lost` answers to it never arrive."""

    def __init__(self, lost: int) -> None:
        self.lost, self.let_in, self.sent = lost, False, 0

    def get(self, address: str) -> Page:
        is_asked = address.endswith("/open") and not self.let_in
        return page("open", ASKED) if is_asked else page("", TASKS)

    def send(self, _page: Page, _form: Any, filled: Mapping[str, str], _button: Any) -> Page:
        if "code" not in filled:
            return page("open/code", ASKED)
        self.sent += 1
        if self.let_in:
            return page("open/code", ASKED, 422)  # a code is good once
        self.let_in = True
        if self.lost:
            self.lost -= 1
            raise NoAnswer("the server is gone")
        return page("", TASKS)

    def close(self) -> None:
        """A window of it closes."""


def somebody(server: Server) -> Filling:
    world = SimpleNamespace(codes=lambda _: 0, code=lambda *_: "123456", wait=lambda: None)
    person = SimpleNamespace(number=0, hand=lambda: Random(1), language="en")  # noqa: S311 - nothing secret
    made = Filling(person, world, lambda _: server)  # type: ignore[arg-type]
    made.account.draft = "draft-1"
    return made


@pytest.mark.parametrize("lost", [0, 1])
def test_a_browser_that_was_let_in_is_in_whether_or_not_the_answer_came(
    lost: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling.time, "sleep", lambda _: None)
    server = Server(lost)
    person = somebody(server)
    assert person._open_elsewhere().path == "/apply/draft-1/"
    assert steps.OPENED in person.account.steps
    assert server.sent == 1 + lost

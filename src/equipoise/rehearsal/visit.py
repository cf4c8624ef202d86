"""Somebody at a browser, before a server that may be busy, or die."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from equipoise.rehearsal.account import Account
from equipoise.rehearsal.browser import Astray, Button, Form, Handed, NoAnswer, Page
from equipoise.rehearsal.handing_in import DOCUMENT, PICTURE
from equipoise.rehearsal.people import Person
from equipoise.rehearsal.world import Open, Window, World
from equipoise.texts.saying import say

TRIES, PAUSE = 240, 0.5  # for what is on its way; seconds between
T = TypeVar("T")
P = TypeVar("P", Page, Handed)


@dataclass
class Visit:
    """A person, their browser, and what they know so far. `open_browser` gives them another; who is
    `careful` looks at all that they typed before they send it."""

    person: Person
    world: World
    open_browser: Open
    careful: bool = False
    account: Account = field(init=False)
    browser: Window = field(init=False)
    _hand: Random = field(init=False)

    def __post_init__(self) -> None:
        self.account = Account(self.person.number)
        self.browser = self.open_browser(self.person)
        self._hand = self.person.hand()

    @property
    def _home(self) -> str:
        return f"/apply/{self.account.draft}/"

    def _reads(self, page: Page, sentence: str) -> bool:
        """Whether the page says that, in the language of the person's."""
        return say(sentence, self.person.language) in page.said("//main")

    def _get(self, where: str) -> Page:
        return self._once_not_busy(lambda: self.browser.get(where))

    def _once_not_busy(self, step: Callable[[], P], doubt: str = "") -> P:
        """Do it, again where the page says that they are busy for a moment."""
        page = self._patiently(step, doubt)
        for _ in range(TRIES):
            if page.status != 503:
                break
            self.account.busy += 1
            if doubt:
                self.account.doubtful.add(doubt)
            time.sleep(PAUSE)
            page = self._patiently(step, doubt)
        return page

    def _patiently(self, step: Callable[[], T], doubt: str = "") -> T:
        """Do it, again where no answer came and the server is back."""
        while True:
            try:
                return step()
            except NoAnswer:
                if doubt:
                    self.account.doubtful.add(doubt)
                self.world.wait()

    def _take(self, where: str, doubt: str) -> Handed:
        return self._once_not_busy(lambda: self.browser.take(where), doubt)

    def _follow(self, page: Page, xpath: str) -> Page:
        where = page.link(xpath)
        if not where:
            raise Astray(f"{page.url} ({page.status}) leads nowhere")
        return self._get(where)

    def _send(
        self,
        page: Page,
        form: Form,
        filled: Mapping[str, str],
        *,
        doubt: str = "",
        button: Button | None = None,
    ) -> Page:
        """Send a form; where no answer comes the person sends it again once the server is back."""
        return self._once_not_busy(lambda: self.browser.send(page, form, filled, button), doubt)


def way_on(page: Page) -> Form:
    form = page.form_with("go", "on")
    if form is None:
        raise Astray(f"{page.url} ({page.status}) has no way on")
    return form


def last_of(forms: list[Form]) -> Form:
    if not forms:
        raise Astray("there is no form")
    return forms[-1]


def document_for(page: Page) -> str:
    """One of a kind that the page takes."""
    kinds = page.document.xpath("//input[@type='file']/@accept")
    return DOCUMENT if not kinds or "pdf" in kinds[0] else PICTURE

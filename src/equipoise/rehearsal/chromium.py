"""A person in a real browser: the same pages, filled in and pressed as they are shown.

Playwright drives it, where it is installed; a browser belongs to the thread that opened it.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any
from urllib.parse import urljoin

from equipoise.rehearsal.browser import (
    Button,
    Form,
    Handed,
    NoAnswer,
    Page,
    Timing,
    document_of,
    handed,
    page_of,
)
from equipoise.rehearsal.handing_in import DOCUMENT, content_of

SHOWN = " in a browser"  # behind pages that a browser showed: longer than the server took
_PATIENCE = 60_000.0  # milliseconds for one page
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def missing_for_browsers() -> str:
    """What is missing for a real browser here; empty where nothing is."""
    if find_spec("playwright") is None:
        return "nobody is in a real browser: Playwright is not installed"
    return (
        ""
        if _program()
        else f"nobody is in a real browser: none of {', '.join(_PROGRAMS)} is on the path"
    )


@dataclass
class Chromium:
    """A real browser on one machine, which `address` tells from others; to be closed. What it
    knows is there when it is used again, in any thread."""

    url: str
    address: str
    timings: list[Timing] = field(default_factory=list)
    _playwright: Any = None
    _page: Any = None
    _shown: Page | None = None
    _kept: Any = None

    def _open(self) -> None:
        from playwright.sync_api import sync_playwright

        if self._playwright is not None:
            return
        self._playwright = sync_playwright().start()
        # the rehearsal's own pages alone are opened, and in containers Chromium has no sandbox
        browser = self._playwright.chromium.launch(
            executable_path=_program(), args=["--no-sandbox"]
        )
        context = browser.new_context(
            extra_http_headers={"X-Forwarded-For": self.address}, storage_state=self._kept
        )
        context.set_default_timeout(_PATIENCE)
        self._page = context.new_page()

    def close(self) -> None:
        """End the browser; closed again, it stays so."""
        if self._playwright is not None:
            from playwright.sync_api import Error

            with suppress(Error):  # one that broke keeps what it knew before
                self._kept = self._page.context.storage_state()
            self._page.context.browser.close()
            self._playwright.stop()
        self._playwright = self._shown = None

    def get(self, where: str) -> Page:
        """The page at an address or path. Raises NoAnswer."""
        self._open()
        url = urljoin(self.url, where)
        return self._led("GET", url, lambda: self._page.goto(url))

    def send(
        self, page: Page, form: Form, filled: Mapping[str, str], button: Button | None = None
    ) -> Page:
        """The page that a form of the page leads to, filled in by hand and sent by the
        button named among what is filled in, else by its first. Raises NoAnswer."""
        if page is not self._shown:  # as whoever goes back to it
            self.get(page.url)
        shown = self._page.locator("form").nth(form.place)
        for name, text in filled.items():
            if name in form.boxes:
                self._box(shown, name).fill(text)
            elif name in form.choices:
                self._choose(shown, name, text)
            elif name in form.ticks:
                self._box(shown, name).check()
            elif name in form.files:
                self._box(shown, name).set_input_files(_file(text))
        pressed = button or _pressed(form, filled)
        return self._led("POST", form.action, lambda: self._press(shown, pressed))

    def take(self, where: str) -> Handed:
        """The file that a link hands out, asked for as this browser. Raises NoAnswer."""
        from playwright.sync_api import Error

        self._open()
        url = urljoin(self.url, where)
        begun = time.perf_counter()
        try:
            answer = self._page.context.request.get(url, timeout=_PATIENCE)
            file = handed(
                answer.status, answer.headers.get("content-disposition", ""), answer.body()
            )
        except Error as error:
            raise NoAnswer(f"{url}: {error.message.splitlines()[0]}") from None
        self.timings.append(Timing(page_of("GET", url) + SHOWN, time.perf_counter() - begun))
        return file

    def _press(self, shown: Any, pressed: Button | None) -> Any:
        if pressed is None or not pressed.name:
            button = shown.locator("button").first
        else:
            named = f'button[name="{pressed.name}"][value="{pressed.value}"]'
            button = self._page.locator(named).first
        with self._page.expect_navigation() as led:
            button.click()
        return led.value

    def _box(self, shown: Any, name: str) -> Any:
        return shown.locator(f'[name="{name}"]').first

    def _choose(self, shown: Any, name: str, text: str) -> None:
        radio = shown.locator(f'input[type="radio"][name="{name}"][value="{text}"]')
        if radio.count():
            radio.first.check()
        else:
            self._box(shown, name).select_option(text)

    def _led(self, method: str, url: str, step: Any) -> Page:
        from playwright.sync_api import Error

        begun = time.perf_counter()
        try:
            answer = step()
            content = self._page.content()
        except Error as error:
            raise NoAnswer(f"{url}: {error.message.splitlines()[0]}") from None
        self.timings.append(Timing(page_of(method, url) + SHOWN, time.perf_counter() - begun))
        status = answer.status if answer else 200
        self._shown = Page(self._page.url, status, document_of(content.encode()))
        return self._shown


def _file(name: str) -> dict[str, Any]:
    kind = "application/pdf" if name == DOCUMENT else "image/jpeg"
    return {"name": name, "mimeType": kind, "buffer": content_of(name)}


def _pressed(form: Form, filled: Mapping[str, str]) -> Button | None:
    return next((each for each in form.buttons if filled.get(each.name) == each.value), None)


def _program() -> str | None:
    return next((path for each in _PROGRAMS if (path := shutil.which(each))), None)

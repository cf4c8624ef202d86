"""What people have besides their own memory: a browser, their post, and time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from equipoise.rehearsal.browser import Button, Form, Handed, Page
from equipoise.rehearsal.people import Person


class World(Protocol):
    """What people have besides their browser."""

    def code(self, draft: str, after: int) -> str:
        """The newest code that was sent for a draft, past so many; empty where none has come."""

    def codes(self, draft: str) -> int:
        """How many codes were sent for a draft."""

    def letters(self, draft: str, text: str) -> Sequence[str]:
        """What messages of that text about a draft said, the newest first."""

    def known_of(self, reference: str, facts: Mapping[str, Any]) -> None:
        """Have those who know facts of the person know them by that reference."""

    def checked(self, draft: str, passes: bool) -> bool:
        """Have what is owed of the person checked, with that result; whether anything was owed."""

    def wait(self) -> None:
        """Wait until the server is there again. Raises NoAnswer where it stays away."""


class Window(Protocol):
    """A browser, as somebody who applies needs it. What it knows is there on another day, once it
    was closed too."""

    def get(self, where: str) -> Page:
        """The page at an address or path. Raises NoAnswer."""

    def send(
        self, page: Page, form: Form, filled: Mapping[str, str], button: Button | None = None
    ) -> Page:
        """The page that a form leads to, filled in and sent. Raises NoAnswer."""

    def take(self, where: str) -> Handed:
        """The file that a link hands out. Raises NoAnswer."""

    def close(self) -> None:
        """Be done with it."""


Open = Callable[[Person], Window]

"""How every desk of a person begins: their log-in, and who they are there."""

from __future__ import annotations

import ssl
from collections.abc import Callable

from .reading import read
from .results import Caller
from .retries import Retries
from .sessions import Session


class LoggedIn:
    """A person's desk, for a program that they run. What they may do, and over which rows, is
    theirs; each answer is recorded as theirs.

    `code` gives what their second factor shows, where they have one; see `authenticator`. Every
    method raises Problem where the service did not do what was asked.
    """

    def __init__(
        self,
        url: str,
        name: str,
        password: str,
        *,
        code: Callable[[], str] | None = None,
        timeout: float = 15.0,
        retries: Retries | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._session = Session(
            url, name, password, code, timeout, retries or Retries(), context
        )  # fmt: skip

    def me(self) -> Caller:
        """Who is logged in, and what they may do."""
        return read(Caller, self._session.ask("GET", "/v1/me").json)

    def log_out(self) -> None:
        """End the session."""
        self._session.log_out()

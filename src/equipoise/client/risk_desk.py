"""A risk officer's desk: incidents, loans in trouble and screenings, under their own log-in."""

from __future__ import annotations

import ssl
from collections.abc import Callable

from .disposals import Disposals
from .incidents import Incidents
from .reading import read
from .results import Caller
from .retries import Retries
from .screenings import Screenings
from .sessions import Session


class RiskDesk:
    """What a person does about risk, for a program that they run; each answer is recorded as
    theirs. It needs the right risk.act.

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
        self.incidents = Incidents(self._session)
        self.disposals = Disposals(self._session)
        self.screenings = Screenings(self._session)

    def me(self) -> Caller:
        """Who is logged in, and what they may do."""
        return read(Caller, self._session.ask("GET", "/v1/me").json)

    def log_out(self) -> None:
        """End the session."""
        self._session.log_out()

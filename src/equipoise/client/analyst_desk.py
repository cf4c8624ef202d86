"""A strategy analyst's desk: where the lender stands, under their own log-in."""

from __future__ import annotations

from functools import cached_property

from .logged_in import LoggedIn
from .standings import Standings


class AnalystDesk(LoggedIn):
    """What an analyst measures. It needs the right balance.run."""

    @cached_property
    def standings(self) -> Standings:
        """Where the lender stands, measured when it is asked for."""
        return Standings(self._session)

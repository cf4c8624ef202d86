"""A risk officer's desk: alerts, plans, incidents, loans in trouble and screenings, under their own
log-in."""

from __future__ import annotations

from functools import cached_property

from .disposals import Disposals
from .incidents import Incidents
from .logged_in import LoggedIn
from .plans import PlanRuns
from .screenings import Screenings
from .standings import StandingReader
from .watch import WatchDesk


class RiskDesk(LoggedIn):
    """What a person does about risk. It needs the right risk.act, for plans plans.act; to read
    where the lender stands, balance.read."""

    @cached_property
    def watch(self) -> WatchDesk:
        """What is watched, and what is done about alerts."""
        return WatchDesk(self._session)

    @cached_property
    def plan_runs(self) -> PlanRuns:
        """Runs of emergency plans, and drills."""
        return PlanRuns(self._session)

    @cached_property
    def incidents(self) -> Incidents:
        """What went wrong, and what is learned of it."""
        return Incidents(self._session)

    @cached_property
    def disposals(self) -> Disposals:
        """Loans in trouble, and what is done about them."""
        return Disposals(self._session)

    @cached_property
    def screenings(self) -> Screenings:
        """What owners of risks are asked on schedule."""
        return Screenings(self._session)

    @cached_property
    def standings(self) -> StandingReader:
        """Where the lender stands."""
        return StandingReader(self._session)

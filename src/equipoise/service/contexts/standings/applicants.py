"""By whom it is measured: those decided in the last days, once there are enough of them."""

from __future__ import annotations

from datetime import timedelta

from equipoise.service.contexts.decisions.reading import Given, treated, treated_since
from equipoise.service.contexts.registry.reading import champions, lender_day, loaded
from equipoise.service.platform import clock

DAYS = 30
LEAST = 300  # below which the workspace's history tells more
MOST = 10_000  # the newest; 64 balances of so many take a minute or two


def of_record(contract: str) -> tuple[Given, ...] | None:
    """The applications of that contract that were decided in the last days; None for too few."""
    now = clock.now()
    strategies, days = [], []
    for champion in champions():
        if loaded(champion.digest).content.contract.name == contract:
            strategies.append(champion.strategy)
            days.append(lender_day(champion.digest, now))
    if not strategies:
        return None
    given = treated_since(strategies, min(days) - timedelta(days=DAYS), MOST).given
    return given if len(given) >= LEAST else None


def again(decisions: list[str]) -> tuple[Given, ...]:
    """Those of these decisions who can still be read."""
    return treated(decisions).given

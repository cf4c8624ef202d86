"""Whom a change of law or policy concerns by its day: applications from that day on, at the
record's flow, and the versions that are in force then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from equipoise.authority.lifecycle import Move
from equipoise.service.contexts.decisions.reading import applications_on
from equipoise.service.contexts.registry.reading import (
    Champion,
    champions,
    lender_day,
    loaded,
    publications,
    summary,
)
from equipoise.service.platform import clock
from equipoise.strategy.engine import Strategy

FLOW_DAYS = 28  # of the record, up to yesterday, from which a day's applications are counted
_MOST_MOVES = 1_000


@dataclass(frozen=True, slots=True)
class Concerned:
    """A version that is in force on the change's day or later: since and until which day (None: it
    still is), the applications that a day brings its strategy, and how many it has decided from the
    change's day on (None where that day is still to come)."""

    strategy: str
    version: int
    number: int
    digest: str
    since: str | None
    until: str | None
    per_day: float
    decided: int | None

    @property
    def name(self) -> str:
        """What it is called beside others."""
        return f"{self.strategy} v{self.number}"

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {**asdict(self), "name": self.name}

    def compiled(self) -> Strategy:
        """Ready to decide. Raises Unusable."""
        return loaded(self.digest)


def concerned(on: date) -> list[Concerned]:
    """The versions that the change concerns, by strategy. What will be in force on a day to come
    nobody knows: those of today stand for it."""
    return [each for champion in champions() for each in _of(champion, on)]


def _of(champion: Champion, on: date) -> Iterator[Concerned]:
    name, today = champion.strategy, lender_day(champion.digest, clock.now())
    per_day = applications_on(name, today - timedelta(days=FLOW_DAYS), today) / FLOW_DAYS
    for version, since, until in _spans(champion, name):
        if until is not None and until < min(on, today):
            continue  # out of force before
        outline = summary(version)
        decided = None
        if on <= today:
            decided = applications_on(name, on, today + timedelta(days=1), outline.digest)
        yield Concerned(
            name, version, outline.number, outline.digest,
            since.isoformat(), until.isoformat() if until else None, per_day, decided,
        )  # fmt: skip


def _spans(champion: Champion, strategy: str) -> list[tuple[int, date, date | None]]:
    """Which version was in force from which day to which, the newest first."""
    spans: list[tuple[int, date, date | None]] = []
    until: date | None = None
    for move in publications(strategy, _MOST_MOVES):
        day = lender_day(champion.digest, move.at)
        if move.move is not Move.WITHDRAW:
            spans.append((move.version, day, until))
        until = day
    return spans

"""Whether what a plan counts on is there: people, substitutes, systems, cash. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from equipoise.watch.plans.document import Resource


class Readiness(StrEnum):
    """Nobody looked; it was looked at too long ago; there was too little; it is there."""

    UNCHECKED = "unchecked"
    OVERDUE = "overdue"
    SHORT = "short"
    THERE = "there"


@dataclass(frozen=True, slots=True)
class Checked:
    """How much of a resource somebody found, and when."""

    amount: float
    on: datetime
    by: str


def readiness(resource: Resource, last: Checked | None, now: datetime) -> Readiness:
    """How ready it is, by the check that was last. One that found too little stays so until
    another finds enough, however old it grows."""
    if last is None:
        return Readiness.UNCHECKED
    if last.amount < resource.needed:
        return Readiness.SHORT
    if last.on + timedelta(days=resource.check_every_days) < now:
        return Readiness.OVERDUE
    return Readiness.THERE

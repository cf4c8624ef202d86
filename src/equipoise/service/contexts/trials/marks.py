"""Identifiers of decisions as marks in time: they sort by when they were drawn."""

from __future__ import annotations

from datetime import UTC, datetime

_PREFIX = "decision-"


def before(moment: datetime) -> str:
    """A mark that sorts before every decision made from then on."""
    return f"{_PREFIX}{int(moment.timestamp() * 1000):012x}"


def moment(mark: str) -> datetime:
    """When the decision of that identifier was made, to the millisecond."""
    milliseconds = int(mark.removeprefix(_PREFIX)[:12], 16)
    return datetime.fromtimestamp(milliseconds / 1000, UTC)

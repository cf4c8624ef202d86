"""What was taken as a file, by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from equipoise.record.events import Recorded
from equipoise.service.platform.exports.events import ExportMade, export_chain
from equipoise.service.platform.record import services as record


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that somebody took."""

    by: str
    what: str
    format: str
    filters: Mapping[str, str]
    rows: int
    sha256: str
    at: datetime


def taken(callers: Sequence[str]) -> list[Taken]:
    """The files that these people and programs took, the newest first."""
    events = record.in_chains([export_chain(each) for each in callers], ExportMade)
    return [_taken(each) for each in sorted(events, key=lambda each: each.sequence, reverse=True)]


def _taken(recorded: Recorded[ExportMade]) -> Taken:
    made = recorded.event
    at = datetime.fromtimestamp(recorded.entry.at / 1e6, UTC)
    return Taken(made.by, made.what, made.format, made.filters, made.rows, made.sha256, at)

"""The watch list of borrowers as it was measured last: who is likely to be late soon, why, and what
is proposed; from the workspace's watch.yaml and its tape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from msgspec.structs import replace

from equipoise.record.personal import Unreadable
from equipoise.service.contexts.disposals.events import WatchListMeasured
from equipoise.service.contexts.disposals.models import WatchList
from equipoise.service.platform import clock
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.rows import row_states

MOST = 1000
"""Borrowers that are kept of a list: the likeliest."""
_PROPOSED = {"offer_relief": "restructure", "review_line": "guarantee", "keep_watching": "leave"}


@dataclass(frozen=True, slots=True)
class Borrower:
    """One on the list: by number, the chance of being 30 days late, how many times that is of the
    first, the reasons, strongest first, what is to be done, and the measure that would be
    proposed."""

    who: str
    chance: float
    times: float
    reasons: tuple[str, ...]
    action: str

    @property
    def measure(self) -> str:
        """The measure of a disposal that its action leads to."""
        return _PROPOSED.get(self.action, "restructure")


@dataclass(frozen=True, slots=True)
class ListOfShare:
    """What a list of that share of borrowers would have found of so many events, two periods ahead,
    and what one by days late alone."""

    share: float
    found: int
    by_days: int
    events: int


@dataclass(frozen=True, slots=True)
class WatchedBorrowers:
    """The list as of a period: of `listed` borrowers the likeliest; a list of this length would
    have found so many of so many events, two periods ahead, and `curve` says it of other lengths
    (empty: an older list)."""

    id: str
    measured_at: datetime
    period: str
    listed: int
    found: int
    events: int
    borrowers: Sequence[Borrower]
    curve: Sequence[ListOfShare]


@dataclass(frozen=True, slots=True)
class LoanRows:
    """What the tape says of a loan, the newest first: rows as text under the names of columns."""

    table: str
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def borrowers() -> WatchedBorrowers | None:
    """The newest measurement; None where there is none that can be read."""
    row = WatchList.objects.order_by("-measured_at").first()
    return None if row is None else _kept_in(row)


def borrower(watch_list: str, number: int) -> tuple[WatchedBorrowers, Borrower] | None:
    """One of a measurement's borrowers, counted from 0, and the measurement; None where it cannot
    be read or has not as many. Raises DoesNotExist."""
    kept = _kept_in(WatchList.objects.get(pk=watch_list))
    if kept is None or not 0 <= number < len(kept.borrowers):
        return None
    return kept, kept.borrowers[number]


def loan_rows(who: str, most: int) -> LoanRows:
    """The newest rows of a borrower in the table that is watched. Raises BadInput or Faults."""
    from equipoise.workspace.watches import rows_of_borrower  # which no server loads

    table, frame = rows_of_borrower(Path(settings.CONFIGURATION.workspace), who, most)
    cells = tuple(tuple("" if v is None else str(v) for v in row) for row in frame.iter_rows())
    return LoanRows(table, tuple(frame.columns), cells)


def _kept_in(row: WatchList) -> WatchedBorrowers | None:
    (told_,) = record.history(row.pk, WatchListMeasured)
    try:
        words = subjects.opened(subjects.several([row.pk]).get(row.pk), told_.event.words)
    except Unreadable:
        return None
    listed = tuple(
        Borrower(each[0], each[1], each[2], tuple(each[3]), each[4]) for each in words["borrowers"]
    )
    event, curve = told_.event, tuple(ListOfShare(*each) for each in words.get("curve", ()))
    return WatchedBorrowers(
        row.pk, row.measured_at, event.period, row.listed, event.found, event.events, listed, curve
    )


def measure() -> str:
    """Measure the workspace's borrowers and keep the list; its id. Raises BadInput or Faults where
    watch.yaml or the tape cannot be used."""
    from equipoise.workspace.watches import borrowers_of  # which no server loads

    watched = borrowers_of(Path(settings.CONFIGURATION.workspace))
    share = min((each.share for each in watched.curve), key=lambda at: abs(at - 0.1), default=0.0)
    point = next((each for each in watched.curve if each.share == share), None)
    period = max((each.period for each in watched.listed), default=clock.now().date())
    kept = [
        [str(e.who), round(e.chance, 6), round(e.times, 3), list(e.reasons), e.action]
        for e in watched.listed[:MOST]
    ]
    curve = [[each.share, each.found, each.by_days, each.events] for each in watched.curve]
    return _keep(
        {"borrowers": kept, "curve": curve},
        WatchListMeasured(
            period=period.isoformat(),
            listed=len(watched.listed),
            found=point.found if point else 0,
            events=point.events if point else 0,
            words={},
        ),
    )


def _keep(words: dict[str, Any], event: WatchListMeasured) -> str:
    chain = subjects.new_id("watch_list")
    with transaction.atomic():
        row = WatchList.objects.create(
            id=chain,
            period=date.fromisoformat(event.period),
            listed=event.listed,
            measured_at=clock.now(),
        )
        sealed = subjects.seal_new(chain, words)
        record.append(sealed.event(replace(event, words=sealed.body, tables=row_states([row], []))))
    return chain

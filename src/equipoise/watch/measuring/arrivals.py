"""When the rows of a period are to be there: by a declared day, or as they used to come.

Pure: days in, days out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from equipoise.watch.document.watch import Every
from equipoise.watch.measuring.sources import last_day

LEAST = 3
"""Periods that were seen coming before a rhythm is read from them."""
_RECENT = 12  # periods: one that was once very late does not count for ever
_SPARE = 2  # days at least beyond the longest wait so far, or a quarter of it


def due_after(last: date, every: Every, days: int) -> date:
    """The day by which the period after `last` is to be there: so many days after its end."""
    return last_day(last_day(last, every) + timedelta(days=1), every) + timedelta(days=days)


def usual_days(came: Mapping[date, date], every: Every) -> int | None:
    """Days after a period's end by which its rows can be counted on, from the days on which former
    ones `came`, by period: the longest wait of the last 12 and a quarter more, 2 days at least.
    None where fewer than LEAST were seen coming."""
    if len(came) < LEAST:
        return None
    recent = sorted(came.items())[-_RECENT:]
    longest = max(0, *((day - last_day(period, every)).days for period, day in recent))
    return longest + max(_SPARE, -(-longest // 4))

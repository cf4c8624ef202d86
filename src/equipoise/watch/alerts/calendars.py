"""Open hours: clocks of people who sleep, and of those who do not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from equipoise.experience.calendar import BusinessCalendar

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OpenHours:
    """From `opens` to `closes` on `weekdays` (Monday is 0) that are no `holidays`, in the lender's
    own time: every moment given has to be in it, without a zone or all with the same."""

    opens: time = time(9)
    closes: time = time(17)
    weekdays: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = frozenset()

    def due(self, since: datetime, hours: float) -> datetime:
        """The moment at which so many open hours have passed."""
        left, at = timedelta(hours=hours), since
        while True:
            begins, ends = self._span(at)
            at = max(at, begins)
            if begins < ends and at + left <= ends:
                return at + left
            left -= max(ends - at, timedelta(0))
            at = begins.replace(hour=0, minute=0, second=0, microsecond=0) + DAY

    def _span(self, at: datetime) -> tuple[datetime, datetime]:
        """Open and close of that day; both the same where it is closed."""
        day = at.date()
        begins = datetime.combine(day, self.opens, at.tzinfo)
        if at.weekday() not in self.weekdays or day in self.holidays:
            return begins, begins
        return begins, datetime.combine(day, self.closes, at.tzinfo)


@dataclass(frozen=True, slots=True)
class Always:
    """Day and night."""

    def due(self, since: datetime, hours: float) -> datetime:
        """So many hours later."""
        return since + timedelta(hours=hours)


@dataclass(frozen=True, slots=True)
class LenderHours:
    """While the lender's calendar is open; moments have their zone."""

    calendar: BusinessCalendar

    def due(self, since: datetime, hours: float) -> datetime:
        """The moment at which so many open hours have passed."""
        return self.calendar.after(since, hours * 3600)


Clock = OpenHours | LenderHours | Always


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away from `starts` to `ends`, both days included."""

    person: str
    starts: date
    ends: date


def who_answers(
    person: str, deputies: dict[str, str], absences: Iterable[Absence], on: date
) -> str | None:
    """The person, else whoever stands in for them and is there; None where nobody is."""
    away = {each.person for each in absences if each.starts <= on <= each.ends}
    seen: set[str] = set()
    at: str | None = person
    while at is not None and at in away and at not in seen:
        seen.add(at)
        at = deputies.get(at)
    return None if at is None or at in away else at

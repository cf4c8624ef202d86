"""The people of a section as pools for the queue: who sits when, who is away, who stands in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from equipoise.authority.document import AuthoritySection
from equipoise.errors import BadInput, did_you_mean
from equipoise.review.casework.queueing import Pools
from equipoise.review.casework.underwriters import USUAL, Crew, Underwriter
from equipoise.review.casework.worktime import OpenTime, local_midnight, open_time

Away = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Absence:
    """People of a level who are away from `starts` to `ends`, both days included.

    With `delegated_to` their share of the cases goes to that level for the time; otherwise those
    who are left take them.
    """

    level: str
    starts: date
    ends: date
    people: int = 1
    delegated_to: str | None = None


@dataclass(frozen=True, slots=True)
class Staffing:
    """One pool per level, lowest first; `clocks` is each one's open time, `crew` all people."""

    names: tuple[str, ...]
    people: tuple[int, ...]
    clocks: tuple[OpenTime, ...]
    pools: Pools
    away: tuple[Away, ...]
    crew: tuple[Underwriter, ...]

    def serving(self, rank: int, signatures: int) -> int:
        """The lowest pool at that rank or above with people enough to sign. Raises BadInput."""
        for place in range(rank, len(self.people)):
            if self.people[place] >= signatures:
                return place
        raise BadInput(
            f"level '{self.names[rank]}' needs {signatures} signatures, and no level from there up "
            f"has {signatures} people",
            field="staff",
            mend="add people, or ask for fewer signatures",
        )

    def away_seconds(self, place: int, begin: float, end: float) -> float:
        """Open seconds that people of a pool are away in [begin, end]."""
        clock = self.clocks[place]
        first = sum(self.people[:place])
        spans = [span for one in self.away[first : first + self.people[place]] for span in one]
        edges = np.clip(np.array(spans, dtype=np.float64).reshape(-1, 2), begin, end)
        return float((clock.elapsed(edges[:, 1]) - clock.elapsed(edges[:, 0])).sum())


def staffing(
    section: AuthoritySection,
    absences: Iterable[Absence],
    first: float,
    last: float,
    crew: Crew = USUAL,
) -> Staffing:
    """Pools whose calendars cover [first, last] in seconds since 1970; `crew` says who works."""
    calendar = section.calendar.calendar()
    clocks = [open_time(calendar, first, last, level.days) for level in section.levels]
    people = tuple(level.people for level in section.levels)
    listed = tuple(absences)
    away = _away(section, listed, people)
    working = tuple(one for level in section.levels for one in crew.at(level.name, level.people))
    days = [clock.into_day for clock in clocks]
    spans = [np.array(one).reshape(-1, 2) for one in away]
    off = np.concatenate([np.empty((0, 2)), *spans])
    moves = [_move(section, each) for each in listed if each.delegated_to]
    moved = np.array(moves, dtype=np.float64).reshape(-1, 5)
    pools = Pools(
        person_first=_offsets(people),
        rate=np.array([_rate(section, k, clock) for k, clock in enumerate(clocks)]),
        span_first=_offsets([clock.opens.size for clock in clocks]),
        opens=np.concatenate([clock.opens for clock in clocks]),
        closes=np.concatenate([clock.closes for clock in clocks]),
        before=np.concatenate([clock.before for clock in clocks]),
        into=np.concatenate([into for into, _ in days]),
        whole=np.concatenate([whole for _, whole in days]),
        slow=np.array([1 / one.speed for one in working]),
        tires=np.array([one.slower for one in working]),
        away_first=_offsets([len(one) for one in away]),
        away_start=np.ascontiguousarray(off[:, 0]),
        away_end=np.ascontiguousarray(off[:, 1]),
        move_from=moved[:, 0].astype(np.int64),
        move_to=moved[:, 1].astype(np.int64),
        move_start=np.ascontiguousarray(moved[:, 2]),
        move_end=np.ascontiguousarray(moved[:, 3]),
        move_share=np.ascontiguousarray(moved[:, 4]),
    )
    names = tuple(level.name for level in section.levels)
    return Staffing(names, people, tuple(clocks), pools, tuple(away), working)


def _offsets(counts: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int64)


def _rate(section: AuthoritySection, place: int, clock: OpenTime) -> float:
    level = section.levels[place]
    hours = level.hours_per_day.value
    if hours > clock.hours_a_day + 1e-9:
        raise BadInput(
            f"level '{level.name}' has {hours:g} hours a day for cases, and the calendar is open "
            f"{clock.hours_a_day:g}",
            field=f"levels.{place}.hours_per_day",
            mend="lower hours_per_day or open the calendar longer",
        )
    return hours / clock.hours_a_day


def _away(
    section: AuthoritySection, absences: Sequence[Absence], people: Sequence[int]
) -> list[Away]:
    """Each person's times away; an absence falls on those of the level who are there."""
    away: list[Away] = [[] for _ in range(sum(people))]
    for each in absences:
        place = _rank(section, each.level)
        start, end = _times(section, each)
        first = sum(people[:place])
        there = [
            one
            for one in reversed(away[first : first + people[place]])
            if all(end <= gone or back <= start for gone, back in one)
        ]
        if len(there) < each.people or each.people < 1 or end <= start:
            raise BadInput(
                f"{each.people} people of '{each.level}' cannot be away from {each.starts} to "
                f"{each.ends}: {len(there)} are there",
                field="absences",
                mend="mend its people or its dates",
            )
        for one in there[: each.people]:
            one.append((start, end))
    return away


def _move(section: AuthoritySection, each: Absence) -> tuple[float, ...]:
    place, to = _rank(section, each.level), _rank(section, each.delegated_to or "")
    if place == to or not section.levels[to].people:
        raise BadInput(
            f"cases of '{each.level}' cannot be delegated to '{each.delegated_to}'",
            field="absences",
            mend="name another level that has people",
        )
    start, end = _times(section, each)
    return place, to, start, end, each.people / section.levels[place].people


def _times(section: AuthoritySection, each: Absence) -> tuple[float, float]:
    calendar = section.calendar.calendar()
    after = each.ends + timedelta(days=1)
    return local_midnight(calendar, each.starts), local_midnight(calendar, after)


def _rank(section: AuthoritySection, name: str) -> int:
    names = [level.name for level in section.levels]
    if name not in names:
        raise BadInput(f"'{name}' is not a level", field="absences", mend=did_you_mean(name, names))
    return names.index(name)

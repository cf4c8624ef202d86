"""Who the people are: officers, what one lends another while away, and the directory of both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from equipoise.authority.document import AuthoritySection
from equipoise.authority.matrix import Authority
from equipoise.errors import BadInput, Faults, did_you_mean


@dataclass(frozen=True, slots=True)
class Officer:
    """A person who may decide: up to a level, in some products and grades (None: all).

    `conflicts` are applicants and parties with whom they have dealings, `related` those they are
    related to, by id; `branches` those whose cases they keep from, such as the one they sell for.
    """

    id: str
    level: str
    products: frozenset[str] | None = None
    grades: frozenset[str] | None = None
    conflicts: frozenset[str] = frozenset()
    related: frozenset[str] = frozenset()
    branches: frozenset[str] = frozenset()

    def covers(self, grade: str | None, product: str | None) -> bool:
        """Whether the person decides cases of that grade and product at all."""
        return (self.products is None or product in self.products) and (
            self.grades is None or grade in self.grades
        )

    def stands_apart_from(self, people: Iterable[str]) -> bool:
        """Whether no conflict and no relation ties the person to any of them."""
        return not any(one in self.conflicts or one in self.related for one in people)


@dataclass(frozen=True, slots=True)
class Delegation:
    """Authority that one officer lends another from `starts` to `ends`, both days included.

    `up_to` caps the amount; `revoked` is the first day on which it no longer holds.
    """

    from_id: str
    to_id: str
    level: str
    starts: date
    ends: date
    reason: str
    up_to: float | None = None
    revoked: date | None = None

    def in_force(self, on: date) -> bool:
        """Whether it holds on that day."""
        return self.starts <= on <= self.ends and (self.revoked is None or on < self.revoked)

    def overlaps(self, other: Delegation) -> bool:
        """Whether some day finds both in force."""
        day = max(self.starts, other.starts)
        return self.in_force(day) and other.in_force(day)


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which an officer is away and signs nothing, both included."""

    officer_id: str
    starts: date
    ends: date


class Directory:
    """The officers, their delegations and absences, checked. Raises Faults naming all that is
    wrong.

    Nobody lends authority to themselves, above their own level, or while they hold somebody
    else's: delegations do not chain.
    """

    def __init__(
        self,
        section: AuthoritySection,
        officers: Iterable[Officer],
        delegations: Iterable[Delegation] = (),
        absences: Iterable[Absence] = (),
    ) -> None:
        self.section = section
        self.authority = Authority(section)
        listed = tuple(officers)
        self.officers = {officer.id: officer for officer in listed}
        self.delegations = tuple(delegations)
        self.absences = tuple(absences)
        faults = [*self._officer_faults(listed), *self._delegation_faults()]
        if faults:
            raise Faults(faults)

    def officer(self, officer_id: str) -> Officer:
        """The officer of that id. Raises BadInput when there is none."""
        if officer_id not in self.officers:
            raise BadInput(
                f"there is no officer '{officer_id}'",
                field="officer_id",
                mend=did_you_mean(officer_id, self.officers),
            )
        return self.officers[officer_id]

    def lent_to(self, officer_id: str, on: date) -> list[Delegation]:
        """Delegations in force that give this officer another's authority."""
        return [each for each in self.delegations if each.to_id == officer_id and each.in_force(on)]

    def away_until(self, officer_id: str, on: date) -> date | None:
        """The last day of what keeps this officer away on that day; None where nothing does."""
        days = (
            each.ends
            for each in self.absences
            if each.officer_id == officer_id and each.starts <= on <= each.ends
        )
        return max(days, default=None)

    def deputies_of(self, officer_id: str, on: date) -> tuple[str, ...]:
        """Those to whom this officer lends authority on that day, but for who is away too."""
        lent = (each for each in self.delegations if each.from_id == officer_id)
        to = (each.to_id for each in lent if each.in_force(on))
        return tuple(each for each in dict.fromkeys(to) if self.away_until(each, on) is None)

    def tied_by_delegation(self, officer_id: str, on: date) -> frozenset[str]:
        """Those who lend to, or borrow from, this officer on that day."""
        return frozenset(
            each.from_id if each.to_id == officer_id else each.to_id
            for each in self.delegations
            if officer_id in (each.from_id, each.to_id) and each.in_force(on)
        )

    def _officer_faults(self, listed: tuple[Officer, ...]) -> Iterator[BadInput]:
        names = [level.name for level in self.section.levels]
        seen: set[str] = set()
        for officer in listed:
            if officer.id in seen:
                yield BadInput(f"officer '{officer.id}' is listed twice", mend="keep one")
            seen.add(officer.id)
            if officer.level not in names:
                yield BadInput(
                    f"officer '{officer.id}' has the unknown level '{officer.level}'",
                    field="level",
                    mend=did_you_mean(officer.level, names),
                )

    def _delegation_faults(self) -> Iterator[BadInput]:
        for each in self.delegations:
            what = f"the delegation from '{each.from_id}' to '{each.to_id}'"
            for message, mend in self._wrong_with(each):
                yield BadInput(f"{what} {message}", field="delegations", mend=mend)

    def _wrong_with(self, each: Delegation) -> Iterator[tuple[str, str]]:
        names = [level.name for level in self.section.levels]
        unknown = [one for one in (each.from_id, each.to_id) if one not in self.officers]
        if unknown:
            yield f"names no officer in '{unknown[0]}'", did_you_mean(unknown[0], self.officers)
        if each.from_id == each.to_id:
            yield "is to oneself", "name somebody else"
        if each.starts > each.ends:
            yield f"ends on {each.ends}, before it starts", "turn the dates round"
        if not each.reason.strip():
            yield "gives no reason", "say why, for the record"
        if each.level not in names:
            yield f"has the unknown level '{each.level}'", did_you_mean(each.level, names)
        elif not unknown and self._above_delegator(each):
            own = self.officers[each.from_id].level
            yield f"lends '{each.level}', above the delegator's own '{own}'", f"lend '{own}'"
        for other in self.delegations:
            if other.to_id == each.from_id and other is not each and other.overlaps(each):
                yield (
                    f"chains on that from '{other.from_id}' at the same time",
                    f"let '{other.from_id}' delegate to '{each.to_id}', or part the dates",
                )

    def _above_delegator(self, each: Delegation) -> bool:
        own = self.officers[each.from_id].level
        known = {level.name for level in self.section.levels}
        return own in known and self.section.rank(each.level) > self.section.rank(own)

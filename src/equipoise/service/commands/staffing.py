"""How many underwriters a rehearsal needs: those that the library's plan says keep what is promised
to the very people who are going to apply, and the wish for more or fewer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from equipoise.authority import AuthoritySection
from equipoise.errors import BadInput
from equipoise.rehearsal import Pace, Person, Staff, drawn_crew
from equipoise.service.commands.seating import crew_of
from equipoise.service.contexts.cases.reading import WorkKind, promised_hours
from equipoise.service.contexts.registry.reading import in_force, loaded
from equipoise.strategy.decision import REFER

if TYPE_CHECKING:
    import polars as pl

KEPT = 0.9
"""Of the promises, by the planned staffing."""
_MOST = 60
_USUAL_STAKE, _USUAL_CHANCE = 1000.0, 0.1


def authority() -> AuthoritySection:
    """Of the first strategy in force that says who decides. Raises BadInput where none does."""
    for digest in in_force().values():
        section = loaded(digest).content.strategy.authority
        if section is not None:
            return section
    raise BadInput(
        "no strategy says who decides cases",
        field="--underwriters",
        mend="declare `authority` in strategy.yaml, and seal it",
    )


def planned(
    section: AuthoritySection, people: Sequence[Person], moments: Sequence[datetime], seed: int
) -> dict[str, int]:
    """How many people each level needs for these applicants at these moments."""
    from equipoise.review.casework.desk import Desk
    from equipoise.review.casework.orders import ByValue
    from equipoise.review.casework.whatif import planned_staff, staffed

    flow = _cases(people, moments)
    staff = _fewest(section)
    if not flow.height:
        return staff
    desk = Desk(drawn_crew(seed), promised=promised_hours(WorkKind.REFERRED))
    for level in staff:
        now = staffed(section, staff)
        plan = planned_staff(now, level, flow, desk, kept=KEPT, order=ByValue(), most=_MOST)
        staff[level] = max(staff[level], plan.people)
    return staff


def staff_of(section: AuthoritySection, people: Mapping[str, int]) -> Staff:
    """Seat so many at each level: with accounts and authority."""
    calendar = section.calendar.calendar()
    paces = {
        each.name: Pace(
            each.minutes_per_case.value,
            each.spread,
            min(1.0, each.hours_per_day.value / _open_hours(section)),
        )
        for each in section.levels
    }
    return Staff(crew_of(people), calendar, paces)


def spread_over(section: AuthoritySection, staff: int) -> dict[str, int]:
    """So many people: first those without whom some cases could not be signed, the rest at the
    lowest level that has cases."""
    people = _fewest(section)
    levels = [*people]
    for _ in range(max(0, staff - sum(people.values()))):
        people[levels[0]] += 1
    return people


def moved(plan: Mapping[str, int], section: AuthoritySection, more: int) -> dict[str, int]:
    """The plan with so many more (or fewer) at the level that has most people; no level gets fewer
    than can sign."""
    fewest = _fewest(section)
    largest = max(plan, key=lambda level: plan[level])
    least = max(1, fewest[largest])
    return {**plan, largest: max(least, plan[largest] + more)}


def _fewest(section: AuthoritySection) -> dict[str, int]:
    """As many at each level as have to sign together there, one where nobody has to."""
    joint = {each.name: 1 for each in section.levels}
    for row in section.matrix:
        if row.level in joint:
            joint[row.level] = max(joint[row.level], row.joint)
    return joint


def _open_hours(section: AuthoritySection) -> float:
    """Of the longest day of its week."""
    spans = section.calendar.calendar().hours.values()
    return max(sum(end - start for start, end in each) for each in spans) / 60


def _cases(people: Sequence[Person], moments: Sequence[datetime]) -> pl.DataFrame:
    """Those of them that the strategies in force leave to a person, as a flow."""
    import polars as pl

    digests, rows = in_force(), []
    for person, at in zip(people, moments, strict=True):
        if person.leaves is not None:  # they may come back, and are few
            continue
        made = loaded(digests[person.product]).decide(dict(person.facts), at=at.date())
        if made.outcome != REFER:
            continue
        rows.append(
            {
                "arrived_at": at,
                "amount": float(made.as_dict()["trace"]["terms"].get("amount") or 0.0),
                "grade": made.grade or "",
                "person": True,
                "stake": _USUAL_STAKE,
                "chance": _USUAL_CHANCE,
                "wrong": not person.pays_back,
            }
        )
    return pl.DataFrame(rows)

"""What moves when limits or staff move: the same flow under the section as it is and as changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from equipoise.authority.document import SYSTEM, AuthoritySection
from equipoise.errors import BadInput, did_you_mean
from equipoise.progress import Progress, Silent
from equipoise.review.casework.arrivals import Flow
from equipoise.review.casework.desk import Desk
from equipoise.review.casework.figures import Estimate, estimate
from equipoise.review.casework.orders import Order
from equipoise.review.casework.simulate import FIRST_COME, simulate_authority
from equipoise.review.casework.staffing import Absence


@dataclass(frozen=True, slots=True)
class Change:
    """A change to try: `up_to` scales the ceilings of a level's rows, `staff` adds people to it.

    `up_to` may name `system`; a single number scales every ceiling.
    """

    name: str
    up_to: float | Mapping[str, float] = 1.0
    staff: Mapping[str, int] = field(default_factory=dict)
    absences: Sequence[Absence] = ()


def changed(section: AuthoritySection, change: Change) -> AuthoritySection:
    """The section with the change made. Raises BadInput where it names no level of the section."""
    names = [SYSTEM, *(level.name for level in section.levels)]
    scaled = (
        change.up_to if isinstance(change.up_to, Mapping) else dict.fromkeys(names, change.up_to)
    )
    for name in (*scaled, *change.staff):
        if name not in names or (name == SYSTEM and name in change.staff):
            raise BadInput(
                f"'{name}' is not a level with {'staff' if name in change.staff else 'limits'}",
                field="changes",
                mend=did_you_mean(name, names),
            )
    data = section.model_dump(mode="json")
    for row in data["matrix"]:
        if row["up_to"] is not None:
            row["up_to"] *= scaled.get(row["level"], 1.0)
    for level in data["levels"]:
        people = level["staff"]["value"] + change.staff.get(level["name"], 0)
        if people < 0:
            raise BadInput(
                f"'{change.name}' leaves level '{level['name']}' with {people:g} people",
                field="changes",
                mend="take fewer away",
            )
        if level["name"] in change.staff:
            level["staff"] = {"value": people, "unit": "people", "source": change.name}
    return AuthoritySection.model_validate(data)


def what_if(
    section: AuthoritySection,
    changes: Sequence[Change],
    flow: pl.DataFrame | Flow,
    *,
    seed: int = 0,
    replications: int = 20,
    order: Order = FIRST_COME,
    desk: Desk | None = None,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Each change beside today, on the same cases and the same work.

    Columns: change, level, measure, before, after, difference with its 95 % interval low, high
    (paired by replication, so that it is narrower than that of either side).
    """
    watched = progress or Silent()
    sections = [changed(section, change) for change in changes]
    before = simulate_authority(
        section,
        flow,
        seed=seed,
        replications=replications,
        order=order,
        desk=desk,
        progress=watched,
    )
    rows = []
    for change, after_section in zip(changes, sections, strict=True):
        after = simulate_authority(
            after_section,
            flow,
            seed=seed,
            replications=replications,
            absences=change.absences,
            order=order,
            desk=desk,
            progress=watched,
        )
        for level, measures in before.runs.items():
            for measure, values in measures.items():
                then = after.runs[level][measure]
                moved = estimate(list(np.subtract(then, values)))
                rows.append(
                    {
                        "change": change.name,
                        "level": level,
                        "measure": measure,
                        "before": estimate(values).mean,
                        "after": estimate(then).mean,
                        "difference": moved.mean,
                        "low": moved.low,
                        "high": moved.high,
                    }
                )
    numbers = ("before", "after", "difference", "low", "high")
    schema = dict.fromkeys(("change", "level", "measure"), pl.String) | dict.fromkeys(
        numbers, pl.Float64
    )
    return pl.DataFrame(rows, schema=schema)


@dataclass(frozen=True, slots=True)
class Plan:
    """The fewest people of a level that keep what is promised.

    `kept` is the share answered in the promised time with them, `below` with one fewer (None where
    one is enough).
    """

    level: str
    people: int
    kept: Estimate
    below: Estimate | None


def staffed(section: AuthoritySection, people: Mapping[str, int]) -> AuthoritySection:
    """The section with so many people at the levels named. Raises BadInput as `changed`."""
    now = {level.name: level.people for level in section.levels}
    moves = {name: count - now.get(name, 0) for name, count in people.items()}
    words = ", ".join(f"{count} at {name}" for name, count in people.items())
    return changed(section, Change(words, staff=moves))


def planned_staff(
    section: AuthoritySection,
    level: str,
    flow: pl.DataFrame | Flow,
    desk: Desk,
    *,
    kept: float = 0.9,
    most: int = 256,
    order: Order = FIRST_COME,
    seed: int = 0,
    replications: int = 20,
) -> Plan:
    """How many people a level needs, the others as they are, to keep the desk's promise.

    Enough is where the lower end of the 95 % interval of the share kept by that level reaches
    `kept`, on the same cases and the same work for any number; the fewest are found by halving.
    Raises BadInput where `most` are not enough.
    """
    if not 0 < kept < 1:
        raise BadInput(f"a share of {kept} to keep", field="kept", mend="give one between 0 and 1")
    shares: dict[int, Estimate] = {}

    def enough(people: int) -> bool:
        with_them = staffed(section, {level: people})
        report = simulate_authority(
            with_them, flow, order=order, desk=desk, seed=seed, replications=replications
        )
        shares[people] = share = report.level(level)["kept"]
        return (share.low if share.low is not None else share.mean or 0.0) >= kept

    fewer, people = 0, 1
    while not enough(people):
        if people >= most:
            raise BadInput(
                f"{most} people at '{level}' do not keep what is promised in {kept:.0%} of cases",
                field="most",
                mend="promise more hours, or allow more people",
            )
        fewer, people = people, min(2 * people, most)
    while people - fewer > 1:
        middle = (fewer + people) // 2
        fewer, people = (fewer, middle) if enough(middle) else (middle, people)
    return Plan(level, people, shares[people], shares.get(people - 1))

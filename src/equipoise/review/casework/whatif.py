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
from equipoise.review.casework.figures import estimate
from equipoise.review.casework.simulate import simulate_authority
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
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Each change beside today, on the same cases and the same work.

    Columns: change, level, measure, before, after, difference with its 95 % interval low, high
    (paired by replication, so that it is narrower than that of either side).
    """
    watched = progress or Silent()
    sections = [changed(section, change) for change in changes]
    before = simulate_authority(
        section, flow, seed=seed, replications=replications, progress=watched
    )
    rows = []
    for change, after_section in zip(changes, sections, strict=True):
        after = simulate_authority(
            after_section,
            flow,
            seed=seed,
            replications=replications,
            absences=change.absences,
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

"""The cases that a strategy's decisions on a file send to the machine and to people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from equipoise.authority import SYSTEM, AuthoritySection
from equipoise.contract.facts import cast_column
from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.experience.calendar import BusinessCalendar
from equipoise.review.applicants import decided, read_applicants
from equipoise.review.casework.arrivals import HOURLY, SyntheticFlow, flow_from_decisions
from equipoise.review.casework.whatif import Change
from equipoise.review.casework.worktime import local_midnight
from equipoise.strategy.decision import APPROVE, COUNTER_OFFER, REFER
from equipoise.strategy.engine import Strategy
from equipoise.texts import codes

DAYS = 60
CASES = (APPROVE, COUNTER_OFFER, REFER)


@dataclass(frozen=True, slots=True)
class Caseload:
    """Decisions as a flow of cases; it draws one as `Flow` asks.

    Each application arrives on its own `day`, at an hour drawn from the usual day of an online
    lender; with `per_day`, that many arrive on an open day and are drawn from all with
    replacement, for sixty days.
    """

    decisions: pl.DataFrame
    per_day: float | None = None

    def draw(self, calendar: BusinessCalendar, rng: np.random.Generator) -> pl.DataFrame:
        """Cases with their time of arrival; what is declined is no case."""
        if self.per_day is None:
            cases = self.decisions.with_columns(self._on_their_days(calendar, rng))
        else:
            arrived = SyntheticFlow(per_day=self.per_day, days=DAYS).draw(calendar, rng)
            rows = rng.integers(self.decisions.height, size=arrived.height)
            cases = self.decisions[rows].with_columns(arrived["arrived_at"])
        return flow_from_decisions(cases, ignore=(codes.ABOVE_AUTHORITY,))

    def _on_their_days(self, calendar: BusinessCalendar, rng: np.random.Generator) -> pl.Series:
        days = self.decisions["day"]
        starts = {day: local_midnight(calendar, day) for day in days.unique().to_list()}
        midnight = np.array([starts[day] for day in days.to_list()])
        shares = np.array(HOURLY) / sum(HOURLY)
        hours = rng.choice(24, days.len(), p=shares) + rng.random(days.len())
        arrived = ((midnight + 3600.0 * hours) * 1e6).astype(np.int64)
        return pl.Series("arrived_at", arrived).cast(pl.Datetime("us", "UTC"))


def caseload(strategy: Strategy, source: Path | str, per_day: float | None = None) -> Caseload:
    """Decide a file and make a flow of it. Raises BadInput where nothing says when cases come."""
    contract = strategy.content.contract
    people = read_applicants(contract, source)
    answers = decided(strategy, people, str(source))
    frame = answers.select(
        "outcome",
        "grade",
        "reasons",
        *(["product"] if "product" in answers.columns else []),
        amount=pl.coalesce("amount", "asked"),
    )
    if not frame["outcome"].is_in(CASES).any():
        raise BadInput(
            "the strategy declines everybody in this file, so nobody has a case to decide",
            where=Span(str(source)),
            mend="give a file of applications as they come",
        )
    if per_day is not None:
        return Caseload(frame, per_day)
    name = contract.date
    column = contract.field(name).column if name else None
    column = column if column in people.frame.columns else name
    if name is None or column not in people.frame.columns:
        raise BadInput(
            "nothing says on which day each application came",
            where=Span(str(source)),
            field=name or "date",
            mend="give --arrivals-per-day N, or a file with the contract's date",
        )
    day = cast_column(people.frame[column], contract.field(name), contract.time_zone).value.alias(
        "day"
    )
    if day.null_count():
        row = int(day.is_null().arg_true()[0]) + 1
        raise BadInput(
            f"'{name}' is no date",
            where=Span(str(source), row=row),
            field=name,
            mend="give --arrivals-per-day N, or mend the date",
        )
    return Caseload(frame.with_columns(day))


def authority_of(strategy: Strategy) -> AuthoritySection:
    """Who decides what. Raises BadInput where the strategy does not say."""
    section = strategy.content.strategy.authority
    if section is None:
        raise BadInput(
            "the strategy has no authority, so nobody waits for anybody",
            field="authority",
            mend="add `authority` with levels and a matrix to strategy.yaml and seal it",
        )
    return section


def moved(
    section: AuthoritySection, limits: Mapping[str, float], staff: Mapping[str, int]
) -> Change:
    """A change in absolute terms: each level's highest limit, and how many people it has.

    All limits of a level's rows are scaled alike. Raises BadInput for a level that is not there,
    and for one that has no limit to move.
    """
    ceilings: dict[str, float] = {}
    for row in section.matrix:
        if row.up_to is not None:
            ceilings[row.level] = max(row.up_to, ceilings.get(row.level, 0.0))
    people = {level.name: level.people for level in section.levels}
    for name in limits:
        if name not in (SYSTEM, *people):
            _unknown("--limit", name, (SYSTEM, *people))
        if not ceilings.get(name):
            raise BadInput(
                f"'{name}' decides without a limit, so none can be moved",
                field="--limit",
                mend=f"limits stand at {', '.join(ceilings) or 'no level'}",
            )
    for name in staff:
        if name not in people:
            _unknown("--staff", name, tuple(people))
    parts = [f"{name} up to {amount:,.0f}" for name, amount in limits.items()]
    parts += [f"{count} at {name}" for name, count in staff.items()]
    return Change(
        ", ".join(parts),
        {name: amount / ceilings[name] for name, amount in limits.items()},
        {name: count - people[name] for name, count in staff.items()},
    )


def _unknown(option: str, name: str, known: tuple[str, ...]) -> None:
    raise BadInput(
        f"the strategy's authority has no level '{name}'",
        field=option,
        mend=did_you_mean(name, known) or f"levels: {', '.join(known)}",
    )

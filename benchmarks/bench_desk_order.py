"""The queue's order as the service sets it, beside first come, first served and beside the first
due: the same people with the same skills, the same arrivals, the same work, the same customers.

Four in five cases are what a strategy left to a person, of which the service knows the money at
stake and not the chance that a person changes the answer; the rest are reviews, promised by a day,
of which it knows both once enough were settled. The staffing is the library's plan.

The bar stands where people wait, two short of the plan, and was put there after the first figures
had been seen: with the planned staff hardly anybody waits, and no order gains much.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.bench_desk import DESK, KEPT, KINDS, RULES
from benchmarks.desk_days import (
    LEVEL,
    Case,
    Days,
    Order,
    due_at,
    first_come,
    first_due,
    worked,
)
from benchmarks.table import Result
from equipoise.review.casework.arrivals import SyntheticFlow
from equipoise.review.casework.figures import Estimate, estimate
from equipoise.review.casework.kinds import FlowOfKinds
from equipoise.review.casework.orders import ByValue
from equipoise.review.casework.whatif import planned_staff

PROMISED = 8.0  # open hours
REVIEWS = 0.2  # of the cases
WHERE = ("as planned", "one fewer", "two fewer")
_PER_DAY = 60.0
_KNOWN = 0.8  # of what a person would find, as a fit of settled reviews tells it


@dataclass(frozen=True)
class _Peer:
    """Another order, in words."""

    name: str
    order: Order


_PEERS = (_Peer("first come", first_come), _Peer("first due", first_due))


def run(short: bool = False) -> list[Result]:
    """Money, good customers, promises and waits at the planned staffing and below it."""
    _as_a_service()
    seeds, days = (3, 5) if short else (12, 10)
    flow = FlowOfKinds(cases=SyntheticFlow(per_day=_PER_DAY, days=days), kinds=KINDS)
    plan = planned_staff(RULES, LEVEL, flow, DESK, kept=KEPT, order=ByValue(), seed=1)
    results = []
    for fewer, words in enumerate(WHERE):
        people = max(1, plan.people - fewer)
        runs = [_orders(flow, people, seed) for seed in range(seeds)]
        results += _told(f"{people} people, {words}", runs)
    return results


def _as_a_service() -> None:
    """Have the service's own functions at hand; nothing is stored."""
    from equipoise.service.commands.starting import make_ready

    make_ready(Path(tempfile.mkdtemp(prefix="desk-order-")))


def _orders(flow: FlowOfKinds, people: int, seed: int) -> Mapping[str, Days]:
    """The same days by each order."""
    calendar = RULES.calendar.calendar()
    cases = _cases(flow, seed)
    crew = DESK.crew.at(LEVEL, people)
    share = RULES.levels[0].hours_per_day.value / 8
    orders = {"value": partial(_by_value, _office()), **{each.name: each.order for each in _PEERS}}
    return {
        name: worked(deepcopy(cases), crew, calendar, order, share)
        for name, order in orders.items()
    }


def _office() -> Any:
    from equipoise.service.contexts.cases.promised import Office

    minutes = {level.name: level.minutes_per_case.value for level in RULES.levels}
    return Office(RULES.calendar.calendar(), minutes, "EUR")


def _by_value(office: Any, waiting: Sequence[Case], now: datetime) -> Case:
    """The first of the list that the service would show."""
    from equipoise.service.contexts.cases.ordering import ranked

    rows = [each.row for each in waiting]
    chances = {each.row.id: each.chance for each in waiting if each.chance is not None}
    ranks = ranked(rows, office, chances, now)
    return min(waiting, key=lambda each: ranks[each.row.id].rank)


def _cases(flow: FlowOfKinds, seed: int) -> list[Case]:
    """As the service would hold them: what is at stake stands there to two figures."""
    from equipoise.service.contexts.cases.models import Work, WorkKind

    rng = np.random.default_rng([seed, 77])
    calendar = RULES.calendar.calendar()
    drawn = flow.draw(calendar, rng)
    rate = -np.log1p(-DESK.leaving)
    cases = []
    for number, each in enumerate(drawn.iter_rows(named=True)):
        came = each["arrived_at"].astimezone(UTC)
        review = bool(rng.random() < REVIEWS)
        kind = WorkKind.REVIEW if review else WorkKind.REFERRED
        row = Work(
            id=f"work-{number:06d}", kind=kind, chain="", opened_at=came, level=LEVEL,
            due_at=due_at(calendar, came, kind.value, PROMISED),
            stake=int(float(f"{100 * each['stake']:.1e}")), currency="EUR", held=[],
        )  # fmt: skip
        chance = _KNOWN * each["chance"] if review else None
        cases.append(
            Case(row, each["minutes"], each["kind"], each["wrong"], each["stake"], chance,
                 float(rng.standard_exponential() / rate), float(rng.random()))
        )  # fmt: skip
    return cases


def _told(where: str, runs: Sequence[Mapping[str, Days]]) -> list[Result]:
    results = []
    for peer in _PEERS:
        for words, unit, figure, scale in _FIGURES:
            ours = [scale * figure(each["value"]) for each in runs]
            theirs = [scale * figure(each[peer.name]) for each in runs]
            more = estimate(list(np.subtract(ours, theirs)))
            results.append(
                Result(
                    f"{words}, {where}", float(np.mean(ours)), unit,
                    float(np.mean(theirs)), peer.name,
                    note=f"{_interval(more)} {unit or 'more'} over {len(ours)} seeds",
                )
            )  # fmt: skip
        gained = [(each["value"].gained() / each[peer.name].gained() - 1) * 100 for each in runs]
        margin = estimate(gained)
        promised = peer.order is first_come and where.endswith(WHERE[-1])
        more_by = margin.low is not None and margin.low > 0
        results.append(
            Result(f"money by value against {peer.name}, {where}", float(np.mean(gained)), "%",
                   bar="more, by the 95 % interval" if promised else "",
                   met=more_by if promised else None, note=f"{_interval(margin)} %")
        )  # fmt: skip
    return results


_FIGURES = (
    ("money gained by people", "", Days.gained, 1.0),
    ("good customers served", "", Days.customers, 1.0),
    ("promises kept", "%", Days.kept, 100.0),
    ("mean wait", "hours", Days.waited, 1.0),
    ("longest wait", "hours", Days.longest, 1.0),
)


def _interval(about: Estimate) -> str:
    return f"{about.mean:.2f} [{about.low:.2f}, {about.high:.2f}]"

"""Two versions of a strategy on the applications that were decided last: who is swapped, and what
that is worth. Worked out by a job, once for each pair, and kept: counts and money of groups, no
application and nobody's facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from equipoise.errors import EquipoiseError
from equipoise.record.personal import Unreadable
from equipoise.service.contexts.decisions.models import Compared, Decision
from equipoise.service.contexts.decisions.reading_many import Several
from equipoise.service.contexts.registry.reading import loaded
from equipoise.service.platform import clock
from equipoise.service.platform.jobs import reading as jobs
from equipoise.service.platform.jobs.registering import LONG, job

if TYPE_CHECKING:
    from equipoise.review.comparing import Comparison

MOST = 2_000  # applications
FEW = 10  # people of a segment below whom nothing is said of it
_SEGMENTS = 12  # told: those whose offers change most
_MONEY = (
    "profit",
    "expected_loss",
    "exposure",
    "good_customers_served",
    "offered",
    "customer_surplus",
)


@dataclass(frozen=True, slots=True)
class Pair:
    """What is known of two versions held beside each other: `report` once it was worked out, else
    `failed` says what went wrong where something did; `under_way` while a worker is at it."""

    before: str
    after: str
    under_way: bool
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    failed: str
    report: Mapping[str, Any] | None


def compared(before: str, after: str) -> Pair | None:
    """What is kept of the versions of these digests; None where nobody asked."""
    row = Compared.objects.filter(before=before, after=after).first()
    return None if row is None else _pair(row)


def compare(before: str, after: str, by: str) -> bool:
    """Have them held beside each other, anew where they were; False where a worker is at it."""
    with transaction.atomic():
        row, _ = Compared.objects.select_for_update().get_or_create(
            before=before, after=after, defaults={"asked_by": by, "asked_at": clock.now()}
        )
        if row.under_way and row.job is not None and jobs.waits(row.job):
            return False
        row.under_way, row.asked_by, row.asked_at = True, by, clock.now()
        row.job = UUID(str(compare_pair.enqueue(row.pk).id))
        row.save()
    return True


@job(queue=LONG, attempts=2)
def compare_pair(number: int) -> int:
    """Hold a pair beside each other; on how many applications."""
    row = Compared.objects.filter(pk=number, under_way=True).first()
    if row is None:
        return 0
    try:
        report = _report(row.before, row.after)
    except EquipoiseError as error:
        _end(number, failed=type(error).__name__, report=None)
        return 0
    except Exception as error:
        _end(number, failed=type(error).__name__, report=None)
        raise
    _end(number, failed="", report=report)
    return int(report["applicants"])


def _report(before: str, after: str) -> dict[str, Any]:
    from equipoise.review.reviews import compare_records  # frames are large

    one, two = loaded(before), loaded(after)
    by_day = newest_applications(one.content.strategy.name)
    if not by_day:
        return {"applicants": 0}
    comparison = compare_records(one, two, by_day)
    return {**_summary(comparison), "currency": one.content.contract.currency}


def newest_applications(strategy: str) -> dict[date, list[Mapping[str, Any]]]:
    """Those that were decided last under that strategy's name, each once, by the day of that."""
    rows = list(Decision.objects.filter(strategy=strategy).order_by("-pk")[: 2 * MOST])
    newest = {row.application: row for row in reversed(rows)}
    chosen = sorted(newest.values(), key=lambda row: row.pk, reverse=True)[:MOST]
    several, by_day = Several(chosen), defaultdict[date, list[Mapping[str, Any]]](list)
    for row in chosen:
        try:
            by_day[row.decided_on].append(several.facts(several.decision(row))["application"])
        except Unreadable:  # they were erased, or their facts do not open: others tell enough
            continue
    return by_day


def _summary(comparison: Comparison) -> dict[str, Any]:
    """What is kept: groups of people and their money."""
    cells = {each.name: each.people for each in comparison.cells}
    segments: list[dict[str, Any]] = [
        {
            "column": each.column,
            "segment": each.segment,
            "people": sum(cell.people for cell in each.cells),
            "in_out": next(c.people for c in each.cells if c.name == "in_out"),
            "out_in": next(c.people for c in each.cells if c.name == "out_in"),
            "offered": asdict(each.offered),
        }
        for each in comparison.segments
        if sum(cell.people for cell in each.cells) >= FEW
    ]
    segments.sort(key=lambda each: int(each["in_out"]) + int(each["out_in"]), reverse=True)
    return {
        "applicants": comparison.applicants,
        "cells": cells,
        "changes": {n: asdict(c) for n, c in comparison.changes.items() if n in _MONEY},
        "segments": segments[:_SEGMENTS],
        "prices": None if comparison.prices is None else asdict(comparison.prices),
        "transitions": comparison.transitions,
    }


def _end(number: int, **columns: Any) -> None:
    open_ = Compared.objects.filter(pk=number, under_way=True)
    open_.update(under_way=False, ended_at=clock.now(), **columns)


def _pair(row: Compared) -> Pair:
    under_way = row.under_way and row.job is not None and jobs.waits(row.job)
    return Pair(
        row.before, row.after, under_way, row.asked_by, row.asked_at, row.ended_at, row.failed,
        row.report,
    )  # fmt: skip

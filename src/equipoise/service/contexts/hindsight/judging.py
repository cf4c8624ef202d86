"""Holding people's decisions against what the strategy expected, for everybody who may see some."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from django.conf import settings
from django.db import transaction

from equipoise.contract import day_of
from equipoise.record.personal import Unreadable
from equipoise.review.overrides import OverrideReview, Worth, measure_overrides
from equipoise.service.contexts.decisions.reading import read
from equipoise.service.contexts.hindsight.models import Against, Judged, Loan
from equipoise.service.contexts.registry.reading import Unusable, in_force, loaded
from equipoise.workspace.desks import OverridesSection, read_desks

EVERYBODY, ALL = "", "all"
"""For whoever may see nobody's figures, and for those who may see everybody's."""
MOST = 20_000
"""Overrides that are judged, the newest; as many loans of either answer to hold them against."""
_DAYS_A_MONTH = 365.25 / 12
_DEFAULT_MONTHS = 12
_DECISIONS = {
    **dict.fromkeys(
        ("application_id", "officer_id", "level", "machine", "person", "reason", "grade"),
        pl.String,
    ),
    "expected_bad": pl.Float64,
    "amount": pl.Float64,
    "on": pl.Date,
}
_OUTCOMES = {"application_id": pl.String, "outcome": pl.String, "months": pl.Float64}
_ACCEPTED = {"grade": pl.String, "outcome": pl.String, "months": pl.Float64}


@dataclass(frozen=True, slots=True)
class Frames:
    """What `measure_overrides` takes, and how many decisions were left out: nobody's facts can be
    read, or the applicant did not take the loan."""

    decisions: pl.DataFrame
    outcomes: pl.DataFrame
    accepted: pl.DataFrame
    unread: int
    not_taken: int


def judge(now: datetime) -> int:
    """Judge all overrides; how many."""
    worth = read_desks(settings.CONFIGURATION.workspace).overrides
    today = day_of(now, _zone())
    frames = exported(today)
    if not frames.decisions.height:
        with transaction.atomic():
            Judged.objects.all().delete()
        return 0
    known = worth is not None and not frames.decisions["amount"].null_count()
    review = measure_overrides(
        frames.decisions,
        frames.outcomes,
        until=today,
        accepted=frames.accepted if frames.accepted.height else None,
        worth=Worth(worth.loss, worth.margin) if worth and known else None,
        horizon=worth.months if worth else _DEFAULT_MONTHS,
    )
    people = sorted(set(frames.decisions["officer_id"].to_list()))
    views = {EVERYBODY: [], ALL: people, **{each: [each] for each in people}}
    about = {"unread": frames.unread, "not_taken": frames.not_taken, "worth": _said(worth)}
    with transaction.atomic():
        Judged.objects.exclude(viewer__in=views).delete()
        for viewer, seen in views.items():
            text = json.dumps({**_review_seen_by(review, seen), **about})
            Judged.objects.update_or_create(viewer=viewer, defaults={"at": now, "told": text})
    return frames.decisions.height


def _review_seen_by(review: OverrideReview, seen: list[str]) -> dict[str, Any]:
    shown: dict[str, Any] = review.seen_by(seen).as_dict()
    return shown


def _said(worth: OverridesSection | None) -> dict[str, float] | None:
    return None if worth is None else {"loss": worth.loss, "margin": worth.margin}


def exported(today: date) -> Frames:
    """Decisions against the strategy, what came of them, and loans that both granted."""
    rows = Against.objects.exclude(person="").order_by("-on", "decision")[:MOST]
    held = list(rows)
    loans = Loan.objects.in_bulk([each.decision for each in held])
    decisions, outcomes, unread, not_taken = [], [], 0, 0
    for row in held:
        loan = loans.get(row.decision)
        if row.person == "approve" and loan is not None and loan.how == "gone":
            not_taken += 1
            continue
        entry = _decision(row)
        if entry is None:
            unread += 1
            continue
        decisions.append(entry)
        if row.person == "approve" and loan is not None and loan.booked_on is not None:
            outcomes.append({"application_id": row.decision, **_outcome(loan, today)})
    return Frames(
        pl.DataFrame(decisions, schema=_DECISIONS),
        pl.DataFrame(outcomes, schema=_OUTCOMES),
        pl.DataFrame(list(_accepted(loans, today)), schema=_ACCEPTED),
        unread,
        not_taken,
    )


def _decision(row: Against) -> dict[str, Any] | None:
    """With the model's PD and the amount at stake, which stand sealed; None after an erasure."""
    try:
        decision = read(row.decision)
    except Unreadable:
        return None
    facts = decision.facts
    if facts is None or facts.get("trace", {}).get("pd") is None:
        return None
    amounts = [each["amount"] for each in facts["offers"]]
    amounts += [facts["trace"]["terms"].get("amount")]
    amount = next((float(each) for each in amounts if each), None)
    return {
        "application_id": row.decision, "officer_id": row.officer, "level": row.level,
        "machine": row.machine, "person": row.person, "reason": row.reason,
        "grade": decision.plain["grade"], "expected_bad": facts["trace"]["pd"], "amount": amount,
        "on": row.on,
    }  # fmt: skip


def _outcome(loan: Loan, today: date) -> dict[str, Any]:
    begun = loan.booked_on or today
    until = loan.ended_on if loan.how in {"good", "bad"} and loan.ended_on else today
    months = max((until - begun).days, 0) / _DAYS_A_MONTH
    return {"outcome": loan.how if loan.how in {"good", "bad"} else "open", "months": months}


def _accepted(against: dict[str, Loan], today: date) -> Iterator[dict[str, Any]]:
    granted = Loan.objects.filter(machine__in=("approve", "counter_offer"), booked_on__isnull=False)
    for loan in granted.exclude(grade="").order_by("-booked_on")[:MOST]:
        if loan.decision not in against:
            yield {"grade": loan.grade, **_outcome(loan, today)}


def _zone() -> str:
    for digest in in_force().values():
        try:
            return loaded(digest).content.contract.time_zone
        except Unusable:
            continue
    return "UTC"

"""What shadows would have said: worked out from the decisions that stand, piece by piece.

There is no job for each decision, so the hot path writes nothing for a shadow. Each arm knows how
far it has come; its next piece and that mark are written in one transaction, so a piece that was
cut short, or begun by two workers at once, is written once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Count, Q

from equipoise.errors import BadInput
from equipoise.record.personal import Unreadable
from equipoise.service.contexts.decisions.reading import Past, past
from equipoise.service.contexts.registry import reading as registry
from equipoise.service.contexts.registry.reading import Unusable, loaded
from equipoise.service.contexts.trials.marks import before, moment
from equipoise.service.contexts.trials.models import Arm, ArmRole, Shadowed, Trial
from equipoise.service.platform import clock
from equipoise.strategy.decision import LENT

PIECE = 200
# A decision stands a moment after its identifier was drawn, and never this much later.
SETTLED = timedelta(seconds=60)


def open_arms() -> list[Arm]:
    """Shadows that may have something left to be held against."""
    rows = Arm.objects.select_related("trial").filter(role=ArmRole.SHADOW.value)
    return [arm for arm in rows if not _through(arm.trial, arm.reached)]


def catch_up(arm: Arm, *, settled: timedelta = SETTLED) -> int:
    """Hold a shadow against its next piece of decisions; how many there were, 0 at the end."""
    until = clock.now() - clock.passing(settled)
    ended = arm.trial.ended_at
    top = before(min(until, ended) if ended else until)
    piece = past(arm.trial.strategy, arm.reached, top, PIECE)
    reached = piece[-1].id if piece else top
    _write(arm, _said(arm, piece), max(reached, arm.reached))
    return len(piece)


def _through(trial: Trial, reached: str) -> bool:
    return trial.ended_at is not None and reached >= before(trial.ended_at)


def _write(arm: Arm, said: Sequence[Shadowed], reached: str) -> None:
    with transaction.atomic():
        # whoever else took this piece has moved the mark: then there is nothing to write
        if Arm.objects.filter(pk=arm.pk, reached=arm.reached).update(reached=reached):
            Shadowed.objects.bulk_create(said)
    arm.refresh_from_db(fields=["reached"])


def _said(arm: Arm, piece: Sequence[Past]) -> list[Shadowed]:
    digest = registry.summary(arm.version_id).digest
    return [_one(arm, digest, each) for each in piece]


def _one(arm: Arm, digest: str, decision: Past) -> Shadowed:
    made = Shadowed(arm=arm, decision=decision.id, served=decision.outcome)
    try:
        plain = decision.made_by(loaded(digest))
    except (Unreadable, Unusable, BadInput, ObjectDoesNotExist) as error:
        made.failure = type(error).__name__
        return made
    made.outcome = plain["outcome"]
    made.grade = plain["grade"] or ""
    made.treatment = plain["trace"].get("treatment") or ""
    made.failure = "failed" if "failure" in plain["trace"] else ""
    return made


def comparison(arm: Arm) -> dict[str, Any]:
    """How a shadow's answers stand to those that were served: agreement, and who is swapped.

    `transitions` count served answers against the shadow's; a loan is an approval or a
    counter-offer. Decisions on which the shadow could say nothing count apart.
    """
    rows = Shadowed.objects.filter(arm=arm)
    known = rows.filter(failure="")
    pairs = list(
        known.values("served", "outcome").annotate(count=Count("id")).order_by("served", "outcome")
    )
    failures = {
        each["failure"]: each["count"]
        for each in rows.exclude(failure="").values("failure").annotate(count=Count("id"))
    }
    total = sum(each["count"] for each in pairs)
    same = sum(each["count"] for each in pairs if each["served"] == each["outcome"])
    return {
        "decisions": total,
        "same": same,
        "share_same": same / total if total else None,
        "swap_set": _swap_set(known),
        "transitions": pairs,
        "failures": failures,
        "until": moment(arm.reached),
    }


def _swap_set(known: Any) -> dict[str, int]:
    served, said = Q(served__in=LENT), Q(outcome__in=LENT)
    counted: dict[str, int] = known.aggregate(
        in_in=Count("id", filter=served & said),
        in_out=Count("id", filter=served & ~said),
        out_in=Count("id", filter=~served & said),
        out_out=Count("id", filter=~served & ~said),
    )
    return counted

"""Taking other terms that the strategy was asked about after the application's last decision: it is
decided again with them, through the same door.

The decision is asked for under a key made of the declined one and of the terms, so that pressing
twice, in two browsers or after a crash, gives one decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import transaction

from equipoise.record.chain import canonical
from equipoise.service.contexts.applications.reading import visible as application
from equipoise.service.contexts.decisions.reading import DecisionView, recourse, visible
from equipoise.service.contexts.decisions.services import InProgress, asked_of, decide_together
from equipoise.service.contexts.drafts.events import DraftTook
from equipoise.service.contexts.drafts.hands import FOR_APPLICANTS, Hands
from equipoise.service.contexts.drafts.models import Draft, DraftState
from equipoise.service.contexts.registry.reading import lender_day
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Reach
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

MOST_WAYS = 5
_TERMS = "counter_offer"


class NotOffered(LookupError):
    """No such terms are offered on the application's last decision, or not any more."""


def ways_forward(decision: DecisionView) -> list[Mapping[str, Any]]:
    """What would change the answer, easiest first, each decided by the strategy; `name` tells one
    from another, and `takeable` says that terms of the loan alone change, as the person may have
    them for the asking."""
    return [
        {**way, "name": _name(way), "takeable": way["kind"] == _TERMS}
        for way in recourse(decision, FOR_APPLICANTS, MOST_WAYS)
    ]


def take(draft: str, way: str, by: str, channel: str) -> None:
    """Have the application decided again with the terms of that name.

    Raises NotOffered, and what deciding raises where the service cannot decide now.
    """
    row = Draft.objects.get(pk=draft)
    last = application(row.application, FOR_APPLICANTS, Reach.OWN).decision
    before = visible(last, FOR_APPLICANTS, Reach.OWN).seen_by(FOR_APPLICANTS)
    chosen = _chosen(before, way)
    facts = before.parts_for(FOR_APPLICANTS).sealed["application"]
    changes = {each["field"]: each["to"] for each in chosen["changes"]}
    try:
        decided = _decided(row, {**facts, **changes}, f"{last}.{way}")
    except InProgress:  # another browser is at it
        return
    _moved_on(row, decided, before, sorted(changes), Hands(channel, by))


def took_other_terms(draft: str, decision: str) -> bool:
    """Whether it is of other terms, taken after a no, that the decision was made."""
    taken = record.history(draft, DraftTook)
    return any(each.event.decision == decision for each in taken)


def _chosen(before: DecisionView, way: str) -> Mapping[str, Any]:
    today = lender_day(before.row.digest, clock.now())
    for each in ways_forward(before):
        holds = date.fromisoformat(each["valid_until"]) >= today
        if each["name"] == way and each["takeable"] and holds:
            return each
    raise NotOffered(way)


def _decided(row: Draft, facts: Mapping[str, Any], key: str) -> DecisionView:
    ask = asked_of(facts, FOR_APPLICANTS, key, strategy=row.product, language=row.language)
    (answer,) = decide_together((ask,))
    if isinstance(answer, Exception):
        raise answer
    return answer


def _moved_on(
    row: Draft, decided: DecisionView, before: DecisionView, fields: list[str], hands: Hands
) -> None:
    """Have the draft stand for the new decision, unless it does already."""
    now = clock.now()
    with transaction.atomic():
        subjects.held(row.id)
        still = Draft.objects.filter(pk=row.id, decision=row.decision, state=DraftState.SENT)
        if not still.update(
            application=decided.row.application, decision=decided.row.id, changed_at=now
        ):
            return
        event = DraftTook(
            by=hands.by,
            product=row.product,
            channel=hands.channel,
            at=now.isoformat(),
            application=decided.row.application,
            decision=decided.row.id,
            before=before.row.id,
            fields=fields,
        )
        record.append(record.event(row.id, event))


def _name(way: Mapping[str, Any]) -> str:
    """A name of the changes, from which nothing can be read."""
    changes = [(each["field"], each["from"], each["to"]) for each in way["changes"]]
    return sha256(canonical(changes)).hexdigest()[:20]

"""What an applicant is written without asking: that the draft is kept and until when, that it was
received, and each time there is something new for them to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction

from equipoise.record.events import Recorded
from equipoise.service.contexts.applications.reading import visible as application
from equipoise.service.contexts.asks.events import AskMet, AskWithdrawn, CaseAnswered, CaseAsked
from equipoise.service.contexts.asks.reading import open_in
from equipoise.service.contexts.cases.events import CaseDecided
from equipoise.service.contexts.cases.reading import ByPerson, by_person, unmet
from equipoise.service.contexts.decisions.events import DecisionMade
from equipoise.service.contexts.decisions.reading import visible as decision
from equipoise.service.contexts.drafts.events import DraftSent
from equipoise.service.contexts.drafts.hands import FOR_APPLICANTS
from equipoise.service.contexts.drafts.models import Draft, DraftState
from equipoise.service.contexts.drafts.writing import link_to, written
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Reach
from equipoise.service.platform.messages.services import Purpose
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.subscriptions import Subscription
from equipoise.strategy.decision import ASK_FOR_MORE, DECLINE, REFER
from equipoise.texts.dates import written_day

KEPT = timedelta(days=30)
"""How long a draft is kept that nobody changes."""
BEFORE = timedelta(days=5)
"""How long before its end the person is told."""
_CONTACTS = 3  # of one draft that are told that it is kept: nobody has us write to many
_WAITS = "waits"


def kept(row: Draft) -> None:
    """Say that the draft is kept, to a contact point that was just given."""
    if row.kept_told < _CONTACTS and written(row, "draft_saved", _until(row), Purpose.PROGRESS):
        Draft.objects.filter(pk=row.pk).update(kept_told=row.kept_told + 1)


def expiring(most: int = 1000) -> int:
    """Tell whoever has not come back that their draft ends soon, once; how many were."""
    now = clock.now()
    old = Draft.objects.filter(state=DraftState.OPEN, changed_at__lt=now - KEPT + BEFORE)
    untold = old.filter(warned_at__isnull=True).values_list("pk", flat=True)
    return sum(_warned(draft) for draft in untold[:most])


def _warned(draft: str) -> bool:
    with transaction.atomic():
        subjects.held(draft)
        row = Draft.objects.get(pk=draft)
        if row.state != DraftState.OPEN or row.warned_at is not None:
            return False
        Draft.objects.filter(pk=draft).update(warned_at=clock.now())
        return written(row, "draft_expires", _until(row), Purpose.REMINDER)


def _until(row: Draft) -> dict[str, str]:
    day = (row.changed_at + KEPT).date()
    return {"link": link_to(row.id), "until": written_day(day, row.language)}


def _take(events: Sequence[Recorded[Any]]) -> None:
    chains = {each.entry.chain for each in events}
    sent = Draft.objects.filter(state=DraftState.SENT)
    for row in (*sent.filter(pk__in=chains), *sent.filter(application__in=chains)):
        _tell(row.id)


def _tell(draft: str) -> None:
    """Say that there is something to do, if that is other than what was said last."""
    subjects.held(draft)
    row = Draft.objects.get(pk=draft)
    to_do = _to_do(row.application)
    if to_do == row.told:
        return
    Draft.objects.filter(pk=draft).update(told=to_do)
    text = to_do.partition(" ")[0]
    if text != _WAITS:
        purpose = Purpose.NOTICE if text == "answer_ready" else Purpose.PROGRESS
        written(row, text, {"reference": row.reference, "link": link_to(row.id)}, purpose)


def _to_do(sent: str) -> str:
    """What its applicant has to do by now: the text that says so, and a little more."""
    last = application(sent, FOR_APPLICANTS, Reach.OWN).decision
    by = by_person(last)
    if by is not None and by.reviewed:
        return f"{_WAITS} reviewed"  # who asked for that is written to as their review is settled
    if by is not None and (not by.against or unmet(last)):
        return _by_person(by, last)
    asked = open_in(sent)
    if asked is not None:
        return f"needs_you {asked.id}"
    made = decision(last, FOR_APPLICANTS, Reach.OWN).plain
    owed = sorted(str(each["name"]) for each in made["conditions"])
    if made["outcome"] == REFER:
        return _WAITS
    if made["outcome"] == ASK_FOR_MORE or owed:
        return f"needs_you {' '.join(owed)}".strip()[:200]
    return f"answer_ready {made['outcome']}"


def _by_person(by: ByPerson, decision: str) -> str:
    """After their answer; a yes may wait for something, from either side."""
    waits = () if by.answer == DECLINE else unmet(decision)
    asked = [each.id for each in waits if each.is_open]
    if waits:
        return f"needs_you {asked[0]} {len(asked)}" if asked else _WAITS
    return f"answer_ready {by.answer}"


TOLD = Subscription(
    "drafts.told",
    (DraftSent, DecisionMade, CaseDecided, CaseAsked, CaseAnswered, AskMet, AskWithdrawn),
    _take,
)
"""Handed sent drafts too: the first decision is there before its draft is said to be sent."""

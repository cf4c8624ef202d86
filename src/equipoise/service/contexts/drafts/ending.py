"""Ending a draft: what was typed is destroyed, and nobody can open it any more; and what stands
open of one whose key is gone."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from equipoise.service.contexts.drafts.events import DraftEnded
from equipoise.service.contexts.drafts.hands import Hands, append, open_row, write
from equipoise.service.contexts.drafts.models import Access, Draft, DraftState
from equipoise.service.platform import clock
from equipoise.service.platform.record import subjects

_REFERENCE = 12  # characters of a chain's id, of chance, in the place of what the person knew


def end(draft: str, why: str, hands: Hands) -> None:
    """Destroy what was typed, for good; what happened stays in the record."""
    with transaction.atomic():
        row, _ = open_row(draft)
        append(row, DraftEnded, hands, clock.now(), why=why)
        Access.objects.filter(draft=row).delete()
        write(row, sealed="", state=DraftState.ENDED)
        subjects.erase(draft, hands.by, f"draft {why}")


def forget(drafts: Collection[str]) -> int:
    """Take by what an applicant is known, and in which language they were spoken to, out of the
    drafts whose keys are gone; how many were. What is left is told from others by its chain."""
    rows = Draft.objects.filter(pk__in=subjects.unreadable(drafts)).exclude(language="")
    erased = list(rows.values_list("id", flat=True))
    for draft in erased:
        Draft.objects.filter(pk=draft).update(reference=draft[-_REFERENCE:], language="")
    return len(erased)

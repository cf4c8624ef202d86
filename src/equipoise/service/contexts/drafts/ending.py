"""Ending a draft: what was typed is destroyed, and nobody can open it any more."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from equipoise.service.contexts.drafts.events import DraftEnded
from equipoise.service.contexts.drafts.hands import Hands, append, open_row, write
from equipoise.service.contexts.drafts.models import Access, DraftState
from equipoise.service.platform.record import subjects


def end(draft: str, why: str, hands: Hands) -> None:
    """Destroy what was typed, for good; what happened stays in the record."""
    with transaction.atomic():
        row, _ = open_row(draft)
        append(row, DraftEnded, hands, timezone.now(), why=why)
        Access.objects.filter(draft=row).delete()
        write(row, sealed="", state=DraftState.ENDED)
        subjects.erase(draft, hands.by, f"draft {why}")

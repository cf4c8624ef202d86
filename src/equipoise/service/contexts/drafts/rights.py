"""What a person may ask for about what is held of them, also after it was sent."""

from __future__ import annotations

from django.db import transaction

from equipoise.service.contexts.drafts.events import DraftErasureAsked, DraftWithdrew
from equipoise.service.contexts.drafts.hands import Closed, Hands, append
from equipoise.service.contexts.drafts.models import Draft, DraftState
from equipoise.service.contexts.drafts.typed import opened_text, sealed_text
from equipoise.service.platform import clock
from equipoise.service.platform.record import subjects
from equipoise.texts.purposes import purpose as purpose_of


def withdraw(draft: str, purpose: str, hands: Hands) -> None:
    """Take back what was agreed to, where there is an answer without it; done again it changes
    nothing. Raises KeyError for no such purpose, Closed where it is needed or the draft ended."""
    with transaction.atomic():
        row, subject = _there(draft)
        typed = opened_text(subject, row.sealed)
        if purpose_of(purpose).needed:
            raise Closed
        if purpose not in typed.consents:
            return
        left = {name: text for name, text in typed.consents.items() if name != purpose}
        append(row, DraftWithdrew, hands, clock.now(), purpose=purpose)
        sealed = sealed_text(subject, typed.with_consents(left))
        Draft.objects.filter(pk=draft).update(sealed=sealed)


def ask_erasure(draft: str, hands: Hands) -> None:
    """Ask that all is erased, once. Raises Closed where there is nothing any more."""
    now = clock.now()
    with transaction.atomic():
        row, _ = _there(draft)
        if row.erasure_asked_at is None:
            append(row, DraftErasureAsked, hands, now)
            Draft.objects.filter(pk=draft).update(erasure_asked_at=now)


def _there(draft: str) -> tuple[Draft, subjects.Subject]:
    """The draft, alone with it until the commit."""
    subject = subjects.held(draft)
    row = Draft.objects.get(pk=draft)
    if row.state == DraftState.ENDED or subject.key is None:
        raise Closed
    return row, subject

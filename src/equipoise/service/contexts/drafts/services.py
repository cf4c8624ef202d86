"""What others may do with drafts: begin one, open it elsewhere, keep what is typed, agree to a
purpose, move to another product, send it, and end it.

Everything but `send` is one transaction, alone with the draft. What is not `open` any more is
changed by nobody: then these raise Closed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.drafts import access
from equipoise.service.contexts.drafts.events import (
    DraftAnswered,
    DraftBegun,
    DraftConsented,
    DraftEnded,
    DraftEvent,
    DraftMoved,
    DraftOpened,
    DraftWithdrew,
)
from equipoise.service.contexts.drafts.models import Access, Draft, DraftState
from equipoise.service.contexts.drafts.sending import FOR_APPLICANTS, NotComplete, send
from equipoise.service.contexts.drafts.typed import Raw, Typed, opened_text, sealed_text
from equipoise.service.contexts.registry.reading import champions, loaded
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.texts.purposes import PURPOSES

__all__ = [
    "APPLICANT",
    "FOR_APPLICANTS",
    "Closed",
    "Hands",
    "NotComplete",
    "answered",
    "begin",
    "consent",
    "end",
    "move",
    "open_elsewhere",
    "save",
    "save_contact",
    "send",
    "speak",
]

APPLICANT = "applicant"


class Closed(EquipoiseError):
    """The draft was sent or has ended, and nothing in it can be changed."""

    def __init__(self) -> None:
        super().__init__("this application was sent or has ended", mend="begin a new one")


@dataclass(frozen=True, slots=True)
class Hands:
    """Whose hands are on a draft: over which channel, and who, where that is not the applicant."""

    channel: str = "web"
    by: str = APPLICANT


def begin(product: str, language: str, hands: Hands) -> tuple[str, str]:
    """A new draft for a strategy that is in force, and the secret that opens it in this browser.

    Raises LookupError where no such strategy is in force.
    """
    digest = _in_force(product)
    chain, reference, now = subjects.new_id("draft"), access.new_reference(), timezone.now()
    identifier = loaded(digest).content.contract.id
    blind = subjects.blind(identifier, reference) if identifier else None
    sealed = subjects.seal_new(chain, Typed().as_dict(), blind)
    begun = DraftBegun(
        by=hands.by, product=product, channel=hands.channel, at=now.isoformat(), language=language
    )
    with transaction.atomic():
        record.append(sealed.event(begun))
        Draft.objects.create(
            id=chain,
            reference=reference,
            product=product,
            language=language,
            channel=hands.channel,
            sealed=sealed_text(subjects.held(chain), Typed()),
            begun_at=now,
            changed_at=now,
        )
        return chain, access.admit(chain, hands.channel, now)


def open_elsewhere(draft: str, hands: Hands) -> str:
    """The secret of another browser, for whoever has shown that the draft is theirs."""
    now = timezone.now()
    with transaction.atomic():
        subjects.held(draft)
        row = Draft.objects.get(pk=draft)
        _append(row, DraftOpened, hands, now)
        return access.admit(draft, hands.channel, now)


def save(draft: str, page: str, raw: Raw) -> None:
    """Keep what stands in a page's boxes, readable or not."""
    _typed_anew(draft, lambda typed: typed.with_page(page, raw))


def save_contact(draft: str, raw: Raw) -> None:
    """Keep how the person is reached."""
    _typed_anew(draft, lambda typed: typed.with_contact(raw))


def answered(draft: str, page: str, share: int, hands: Hands) -> None:
    """Tell the record that a page was answered; `share` of the way is done, in thousandths, and
    what was shown of it is never taken back."""
    with transaction.atomic():
        row = _open(draft)[0]
        _append(row, DraftAnswered, hands, timezone.now(), page=page)
        if share > row.shown:
            _write(row, shown=share)


def consent(draft: str, purposes: Collection[str], hands: Hands) -> None:
    """The person agrees to these purposes, in the texts of today, and to no other any more."""
    wanted = {each.name: each.version for each in PURPOSES if each.name in purposes}
    with transaction.atomic():
        row, subject = _open(draft)
        typed, now = opened_text(subject, row.sealed), timezone.now()
        for name, version in wanted.items():
            if typed.consents.get(name) != version:
                _append(row, DraftConsented, hands, now, purpose=name, text=version)
        for name in sorted(typed.consents.keys() - wanted.keys()):
            _append(row, DraftWithdrew, hands, now, purpose=name)
        _write(row, sealed=sealed_text(subject, typed.with_consents(wanted)))


def move(draft: str, product: str, hands: Hands) -> None:
    """Go on as an application for another product: what was typed stays. Raises LookupError."""
    _in_force(product)
    with transaction.atomic():
        row, _ = _open(draft)
        before, row.product = row.product, product
        if before != product:
            _append(row, DraftMoved, hands, timezone.now(), before=before)
            _write(row, product=product)


def speak(draft: str, language: str) -> None:
    """Speak to its applicant in that language from now on, also after it was sent."""
    Draft.objects.filter(pk=draft).update(language=language)


def end(draft: str, why: str, hands: Hands) -> None:
    """Destroy what was typed, for good; what happened stays in the record."""
    with transaction.atomic():
        row, _ = _open(draft)
        _append(row, DraftEnded, hands, timezone.now(), why=why)
        Access.objects.filter(draft=row).delete()
        _write(row, sealed="", state=DraftState.ENDED)
        subjects.erase(draft, hands.by, f"draft {why}")


def _in_force(product: str) -> str:
    digests = {each.strategy: each.digest for each in champions()}
    if product not in digests:
        raise LookupError(product)
    return digests[product]


def _open(draft: str) -> tuple[Draft, subjects.Subject]:
    """The draft, alone with it until the commit. Raises Closed."""
    subject = subjects.held(draft)
    row = Draft.objects.get(pk=draft)
    if row.state != DraftState.OPEN:
        raise Closed
    return row, subject


def _typed_anew(draft: str, change: Callable[[Typed], Typed]) -> None:
    with transaction.atomic():
        row, subject = _open(draft)
        typed = change(opened_text(subject, row.sealed))
        _write(row, sealed=sealed_text(subject, typed))


def _write(row: Draft, **columns: Any) -> None:
    Draft.objects.filter(pk=row.pk).update(changed_at=timezone.now(), **columns)


def _append(row: Draft, kind: type[DraftEvent], hands: Hands, at: datetime, **told: Any) -> None:
    event = kind(by=hands.by, product=row.product, channel=hands.channel, at=at.isoformat(), **told)
    record.append(record.event(row.id, event))

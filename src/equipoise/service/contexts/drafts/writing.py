"""Writing to a draft's applicant, where they said that they can be reached, in their language."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.conf import settings

from equipoise.record.personal import Unreadable
from equipoise.service.contexts.drafts.contact import filed_by, readable
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.drafts.products import offered
from equipoise.service.contexts.drafts.typed import opened_text
from equipoise.service.platform.messages.services import (
    Contact,
    NoTransport,
    Purpose,
    send,
    transport,
    wanted,
)
from equipoise.service.platform.record import subjects


def written(
    row: Draft,
    text: str,
    values: Mapping[str, str],
    purpose: Purpose,
    digests: Collection[str] = (),
) -> bool:
    """Queue a text to the applicant, within the caller's transaction; whether there is a way to
    them. It goes to the contact point of one of these `digests` where they name one."""
    try:
        to = _to(row, digests)
        if to is not None:
            send(row.id, to, text, row.language, values, purpose=purpose)
    except (NoTransport, Unreadable):  # what was there a moment ago, and who was erased
        return False
    return to is not None


def tell(draft: str, text: str, values: Mapping[str, str], purpose: Purpose) -> bool:
    """The same by the draft's name, for what others have to tell its applicant."""
    return written(Draft.objects.get(pk=draft), text, values, purpose)


def tell_sender(application: str, text: str, purpose: Purpose) -> bool:
    """Queue a text about an application to whoever sent it, within the caller's transaction;
    whether there is a way to them. Its places are the reference and the link."""
    row = Draft.objects.filter(application=application).first()
    if row is None:
        return False
    return written(row, text, {"reference": row.reference, "link": link_to(row.id)}, purpose)


def reaches(draft: str, purpose: Purpose) -> bool:
    """Whether there is a way to its applicant for that, which they have not refused. Within the
    caller's transaction."""
    try:
        to = _to(Draft.objects.get(pk=draft), ())
    except Unreadable:
        return False
    return to is not None and wanted(to, purpose)


def link_to(draft: str) -> str:
    """Where a message leads: a page that opens nothing by itself."""
    return f"{settings.CONFIGURATION.address}/apply/{draft}/open"


def product_of(row: Draft) -> str:
    """What its applicant calls the product."""
    product = offered(row.product)
    return product.portrait.name(row.language) if product else row.product


def _to(row: Draft, digests: Collection[str]) -> Contact | None:
    way = transport()
    if way is None:
        return None
    typed = opened_text(subjects.held(row.id), row.sealed)
    read = readable(typed.contact, _currency(row.product))
    given = [each for each in read if each.channel in way.channels]
    named = [each for each in given if _digest(each) in digests]
    return next(iter((*named, *given)), None)


def _currency(product: str) -> str:
    """Of its loans; none where it is not in force any more."""
    offer = offered(product)
    return offer.contract.currency if offer else ""


def _digest(contact: Contact) -> str:
    return subjects.blind(filed_by(contact), contact.key).hex()

"""Putting a message into the outbox, in the transaction of what it follows from."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q
from django.utils import timezone

from equipoise.errors import GateRefused
from equipoise.service.platform import clock
from equipoise.service.platform.messages import tokens
from equipoise.service.platform.messages.contacts import Channel, Contact
from equipoise.service.platform.messages.contents import Contents, contact_digest
from equipoise.service.platform.messages.events import MessageQueued, MessageSuppressed
from equipoise.service.platform.messages.models import Message, Refusal, State
from equipoise.service.platform.messages.purposes import Purpose
from equipoise.service.platform.messages.transports import Transport, transport
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.texts.messages import MessageText, ending, message_text

SYSTEM = "system.messages"


class NoTransport(GateRefused):
    """There is no way for such a message to leave here."""


def send(
    subject: str,
    contact: Contact,
    template: str,
    language: str,
    values: Mapping[str, str],
    *,
    purpose: Purpose,
    chain: str = "",
) -> str:
    """Queue a message to an applicant, and tell its events in `chain`; its id.

    `subject` is the chain under whose key it is sealed, and that of the events where none is named.
    Where the person opted out of the purpose, or nobody is there, that is recorded instead. Inside
    the caller's transaction, which is alone with the chain from then on. Raises NoTransport,
    BadInput for a text or values that do not fit, Unreadable after erasure.
    """
    way = _way(contact.channel)
    text = message_text(template, language)
    message = _message(subject, chain or subject, contact, text, purpose)
    contents = _contents(message, contact, text.filled(values))
    message.sealed = contents.sealed_for(subjects.held(subject))
    why = refusal(message.contact, purpose)
    if why:
        message.state, message.sealed, message.problem = State.SUPPRESSED, "", why
    elif way.keeps:
        message.state = State.KEPT
    message.save(force_insert=True)
    record.append(record.event(message.chain, _event_of(message)))
    return str(message.id)


def wanted(contact: Contact, purpose: Purpose) -> bool:
    """Whether a contact point is written to for this: nobody refused it, and somebody is there."""
    return not refusal(contact_digest(contact), purpose)


def refusal(contact: str, purpose: Purpose) -> str:
    """Why a contact point, by its digest, is not written to for this; empty where it is."""
    asked = Q(purpose="") if purpose.required else Q(purpose__in=("", purpose))
    rows = Refusal.objects.filter(asked, contact=contact).order_by("purpose")
    first = rows.values_list("purpose", flat=True).first()
    if first is None:
        return ""
    return "opted out" if first else "bounced"


def _way(channel: Channel) -> Transport:
    way = transport()
    if way is None or channel not in way.channels:
        raise NoTransport(
            f"nothing can be sent by {channel}",
            mend="configure EQUIPOISE_MAIL_URL or EQUIPOISE_SMS_HOOK_URL",
        )
    return way


def _message(
    subject: str, chain: str, contact: Contact, text: MessageText, purpose: Purpose
) -> Message:
    now = clock.now()
    return Message(
        id=subjects.new_id("outgoing"),
        subject=subject,
        chain=chain,
        channel=contact.channel.value,
        text=text.id,
        language=text.language,
        purpose=purpose.value,
        contact=contact_digest(contact),
        made_at=now,
        next_at=timezone.now(),
        changed_at=now,
    )


def _contents(message: Message, contact: Contact, text: MessageText) -> Contents:
    required = Purpose(message.purpose).required
    leave = "" if required else tokens.link(message.id)
    whole = f"{text.text}\n-- \n{ending(text.language, leave)}"
    return Contents(contact.value, text.subject, whole, text.short, leave)


def _event_of(message: Message) -> MessageQueued | MessageSuppressed:
    named = {"message": message.id, "text": message.text, "purpose": message.purpose}
    if message.state == State.SUPPRESSED:
        return MessageSuppressed(**named, why=message.problem, by=SYSTEM)
    return MessageQueued(**named, language=message.language, channel=message.channel, by=SYSTEM)

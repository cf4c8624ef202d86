"""Opting out: a person says for what they are not written to any more, and may change their mind.

A link in each message leads to a page; to open it changes nothing, as mail scanners open links.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from equipoise.errors import BadInput, GateRefused
from equipoise.record.personal import Unreadable
from equipoise.service.platform import clock
from equipoise.service.platform.messages.contacts import Contact, contact
from equipoise.service.platform.messages.contents import contact_digest, contents_of
from equipoise.service.platform.messages.events import MessageOptedIn, MessageOptedOut
from equipoise.service.platform.messages.models import Message, Refusal
from equipoise.service.platform.messages.purposes import Purpose
from equipoise.service.platform.messages.queueing import NoTransport, send
from equipoise.service.platform.messages.tokens import message_of
from equipoise.service.platform.record import services as record
from equipoise.texts.messages import purpose_name

BY = "applicant"


@dataclass(frozen=True, slots=True)
class Stands:
    """Whether whoever got a message gets more of its purpose."""

    purpose: Purpose
    stopped: bool


def opting_out(token: str) -> Purpose:
    """What the link in a message would end, for the page that asks. Raises BadInput where the link
    is none of ours."""
    return Purpose(_message(token).purpose)


def opted_out_by(token: str) -> Stands:
    """The same, and whether it was ended already. Raises BadInput as above."""
    message = _message(token)
    ended = Refusal.objects.filter(contact=message.contact, purpose=message.purpose)
    return Stands(Purpose(message.purpose), bool(message.contact) and ended.exists())


def opt_out(token: str) -> Purpose:
    """End messages of the purpose to whoever got that one, and confirm it to them; done again it
    changes nothing. Raises BadInput as above, GateRefused where the purpose is required."""
    message = _message(token)
    purpose = Purpose(message.purpose)
    if purpose.required:
        raise GateRefused("messages of this kind are required, and cannot be opted out of")
    with transaction.atomic():
        if message.contact and _refuse(message, purpose):
            event = MessageOptedOut(message=message.id, purpose=purpose, by=BY)
            record.append(record.event(message.chain, event))
            _confirm(message, purpose)
    return purpose


def opted_out(to: Contact) -> list[Purpose]:
    """For what a contact point is not written to, as somebody wished."""
    rows = Refusal.objects.filter(contact=contact_digest(to)).exclude(purpose="")
    return sorted(Purpose(each) for each in rows.values_list("purpose", flat=True))


def opt_in(chain: str, to: Contact, purpose: Purpose, by: str = BY) -> None:
    """Write to a contact point again for a purpose, and at all where a mailbox had not been there;
    told in `chain`. Within the caller's transaction."""
    rows = Refusal.objects.filter(contact=contact_digest(to), purpose__in=("", purpose))
    for row in rows:
        event = MessageOptedIn(message=row.message, purpose=purpose, by=by)
        record.append(record.event(chain, event))
    rows.delete()


def opt_in_again(token: str) -> None:
    """Undo what the link in a message ended; a mailbox that is not there stays unwritten to.
    Done again it changes nothing. Raises BadInput as above."""
    message = _message(token)
    with transaction.atomic():
        rows = Refusal.objects.filter(contact=message.contact, purpose=message.purpose)
        if message.contact and rows.delete()[0]:
            event = MessageOptedIn(message=message.id, purpose=message.purpose, by=BY)
            record.append(record.event(message.chain, event))


def refuse_all(message: Message) -> None:
    """Write no more to where the message came back from."""
    _refuse(message, None)


def _refuse(message: Message, purpose: Purpose | None) -> bool:
    defaults = {"message": message.id, "since": clock.now()}
    _, new = Refusal.objects.get_or_create(
        contact=message.contact, purpose=purpose or "", defaults=defaults
    )
    return new


def _confirm(message: Message, purpose: Purpose) -> None:
    """Where what the message said is still there, and so whereto it went."""
    try:
        to = contact(message.channel, contents_of(message).to)
        what = {"what": purpose_name(purpose, message.language)}
        send(message.subject, to, "opt_out_confirmed", message.language, what,
             purpose=Purpose.NOTICE, chain=message.chain)  # fmt: skip
    except (Unreadable, NoTransport):
        return


def _message(token: str) -> Message:
    message = Message.objects.filter(pk=message_of(token)).first()
    if message is None:
        raise BadInput("the message is not here any more")
    return message

"""What a message says and where it goes, readable while its applicant's key is there."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from equipoise.record.chain import canonical
from equipoise.record.personal import Unreadable
from equipoise.service.platform.messages.contacts import Contact
from equipoise.service.platform.messages.models import Message
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.subjects import Subject


@dataclass(frozen=True, slots=True)
class Contents:
    """Where it goes, and its three forms; `leave` is the link by which one gets no more such."""

    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    short: str = field(repr=False)
    leave: str = field(default="", repr=False)

    def sealed_for(self, subject: Subject) -> str:
        """Under the applicant's key. Raises Unreadable after erasure."""
        return canonical(subjects.seal_for(subject, asdict(self)).body).decode()


def contents_of(message: Message) -> Contents:
    """Raises Unreadable where the applicant was erased, or the contents were emptied."""
    if not message.sealed:
        raise Unreadable("what the message said is not kept any more")
    return Contents(**subjects.open_sealed(json.loads(message.sealed)))


def contact_digest(contact: Contact) -> str:
    """A keyed digest by which a contact point is known again, and by which nobody can read it."""
    return subjects.blind("message.contact", contact.key).hex()

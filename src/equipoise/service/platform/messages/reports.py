"""What a provider reports of messages that it took on."""

from __future__ import annotations

from enum import StrEnum

from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.messages.delivering import bounced, end
from equipoise.service.platform.messages.events import (
    MessageBounced,
    MessageDelivered,
    MessageFailed,
)
from equipoise.service.platform.messages.models import Message, State

WHY = "reported"


class Report(StrEnum):
    """What became of it: it arrived; came back for good, as nobody is there; or was lost."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"


# Of a message that is on its way anything may be said; one that arrived may still come back.
_SAYS_MORE = {
    State.QUEUED: frozenset(Report),  # it is reported before we have noted that it went
    State.SENT: frozenset(Report),
    State.DELIVERED: frozenset({Report.BOUNCED}),
}


def report(message_id: str, what: Report, by: Principal) -> str:
    """Note it; where the message stands then. What is known already, or less than is known, changes
    nothing. Raises DoesNotExist."""
    message = Message.objects.get(pk=message_id)
    if what in _SAYS_MORE.get(State(message.state), ()):
        _note(message, what, by)
        message.refresh_from_db()
    return str(message.state)


def _note(message: Message, what: Report, by: Principal) -> None:
    named = {"message": message.id, **by.signature}
    if what is Report.BOUNCED:
        bounced(message, MessageBounced(**named, why=WHY), WHY)
    elif what is Report.FAILED:
        end(message, State.FAILED, MessageFailed(**named, why=WHY), WHY)
    else:
        end(message, State.DELIVERED, MessageDelivered(**named))

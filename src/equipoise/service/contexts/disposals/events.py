"""What happens to a disposal, and to the watch list; what people wrote stands sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.record.events import Event, Signed, event

Words = Mapping[str, Any]


class DisposalEvent(Signed, frozen=True, kw_only=True):
    """Something about a disposal, in its chain."""

    words: Words | None = None


@event("disposal.proposed", 1)
class DisposalProposed(DisposalEvent, frozen=True, kw_only=True):
    """A person proposed a `measure` for a loan of so much exposure, of which so much is expected
    back, in minor units of `currency`; an accepted risk `expires`. The customer is contacted by the
    rules of `place`, on the clock of `zone`, with care where `vulnerable`. Its first dates are due
    on `dues`; what they are, loan, reason and the letter by language stand sealed in `words`."""

    person: str
    application: str
    measure: str
    exposure: int
    expected: int
    currency: str
    expires: str | None
    dues: tuple[str, ...]
    place: str
    zone: str
    vulnerable: bool


@event("disposal.approved", 1)
class DisposalApproved(DisposalEvent, frozen=True, kw_only=True):
    """Another person approved it."""

    person: str


@event("disposal.refused", 1)
class DisposalRefused(DisposalEvent, frozen=True, kw_only=True):
    """Another person refused it; why stands sealed in `words`."""

    person: str


@event("disposal.begun", 1)
class DisposalBegun(DisposalEvent, frozen=True, kw_only=True):
    """What was approved is under way."""


@event("disposal.date_added", 1)
class DateAdded(DisposalEvent, frozen=True, kw_only=True):
    """A date of a court's or an office's calendar; what is due stands sealed in `words`."""

    due: str


@event("disposal.date_met", 1)
class DateMet(DisposalEvent, frozen=True, kw_only=True):
    """A date of its calendar, counted from 0, was met on a day."""

    number: int
    on: str


@event("disposal.contact_planned", 1)
class ContactPlanned(DisposalEvent, frozen=True, kw_only=True):
    """The customer is to be contacted over a channel at that moment, which the rules allow."""

    channel: str
    at: str


@event("disposal.contact_made", 1)
class ContactMade(DisposalEvent, frozen=True, kw_only=True):
    """The customer was contacted over a channel, now, and answered (`talked`) or not; what was said
    stands sealed in `words`."""

    channel: str
    at: str
    talked: bool


@event("disposal.care_changed", 1)
class CareChanged(DisposalEvent, frozen=True, kw_only=True):
    """The customer is vulnerable, or is no more; how one knows stands sealed in `words`."""

    vulnerable: bool


@event("disposal.realised", 1)
class MoneyRealised(DisposalEvent, frozen=True, kw_only=True):
    """Money came in because of it on a day, in minor units, as that `entry` of the books says."""

    entry: str
    on: str
    amount: int


@event("disposal.chased", 1)
class DisposalChased(DisposalEvent, frozen=True, kw_only=True):
    """A date passed unmet or an acceptance ran out (sealed in `words`), and a person was told, by
    that message (empty: none could be sent, and their pages tell them)."""

    person: str
    message: str


@event("disposal.ended", 1)
class DisposalEnded(DisposalEvent, frozen=True, kw_only=True):
    """It is over."""


@event("watch_list.measured", 1)
class WatchListMeasured(Event, frozen=True, kw_only=True):
    """Borrowers were measured as of a period: so many stand on the list, the likeliest of them
    sealed in `words`; of so many `events` two periods ahead, lists of that length would have
    `found` so many."""

    period: str
    listed: int
    found: int
    events: int
    words: Words

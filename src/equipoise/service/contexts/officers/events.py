"""How far people may decide, as it changes: in the chain of the person."""

from __future__ import annotations

from equipoise.record.events import Signed, event


class AppointmentEvent(Signed, frozen=True, kw_only=True):
    """What was done to an appointment, and which level it gives."""

    appointment: int
    level: str


@event("officer.asked", 1)
class OfficerAsked(AppointmentEvent, frozen=True, kw_only=True):
    """Authority was asked for, which another must confirm."""


@event("officer.confirmed", 1)
class OfficerConfirmed(AppointmentEvent, frozen=True, kw_only=True):
    """A second person gave it."""


@event("officer.refused", 1)
class OfficerRefused(AppointmentEvent, frozen=True, kw_only=True):
    """It was not given, or taken back before it was."""


@event("officer.ended", 1)
class OfficerEnded(AppointmentEvent, frozen=True, kw_only=True):
    """It was taken away."""


class DelegationEvent(Signed, frozen=True, kw_only=True):
    """What was done to a delegation: in the lender's chain, of which level, `to` whom and between
    which of the lender's days."""

    delegation: int
    to: str
    level: str
    starts: str
    ends: str


@event("delegation.asked", 1)
class DelegationAsked(DelegationEvent, frozen=True, kw_only=True):
    """Authority is to be lent, which another must confirm."""

    reason: str


@event("delegation.confirmed", 1)
class DelegationConfirmed(DelegationEvent, frozen=True, kw_only=True):
    """A second person let it be lent."""


@event("delegation.refused", 1)
class DelegationRefused(DelegationEvent, frozen=True, kw_only=True):
    """It is not lent, or was taken back before it was."""


@event("delegation.ended", 1)
class DelegationEnded(DelegationEvent, frozen=True, kw_only=True):
    """It was ended before its last day."""


@event("absence.told", 1)
class AbsenceTold(Signed, frozen=True, kw_only=True):
    """The person is away between these days."""

    starts: str
    ends: str


@event("absence.ended", 1)
class AbsenceEnded(Signed, frozen=True, kw_only=True):
    """The person is back before the last day that was told."""

    starts: str


@event("tie.told", 1)
class TieTold(Signed, frozen=True, kw_only=True):
    """The person may not decide about somebody, who is `self`, a `relative` or one with whom they
    have `dealings`; whom, stands nowhere in words. Or they keep from the cases of a `branch`."""

    tie: int
    what: str
    branch: str = ""


@event("tie.ended", 1)
class TieEnded(Signed, frozen=True, kw_only=True):
    """Another said that it holds no more."""

    tie: int
    what: str

"""What people with authority do: overrides and what they do with waiting work, in the chain of the
application, and appointments, in that of the person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.record.events import Signed, event


class OverrideEvent(Signed, frozen=True, kw_only=True):
    """A person's answer against the machine's: the declared reason, the level it was given by, and
    why in their own words, sealed."""

    decision: str
    machine: str
    answer: str
    reason: str
    level: str
    words: Mapping[str, Any]


@event("override.signed", 1)
class OverrideSigned(OverrideEvent, frozen=True, kw_only=True):
    """One signature of an override that needs more."""


@event("override.made", 1)
class OverrideMade(OverrideEvent, frozen=True, kw_only=True):
    """The last signature that an override needs: it holds."""


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


class WorkEvent(Signed, frozen=True, kw_only=True):
    """What a person did with a piece of work that waits (see `models.Work`)."""

    work: str


class WorkWithWords(WorkEvent, frozen=True, kw_only=True):
    """The same, and why in their own words: sealed, null where there are none."""

    words: Mapping[str, Any] | None


@event("work.claimed", 1)
class WorkClaimed(WorkEvent, frozen=True, kw_only=True):
    """They took it, until a moment unless they go on with it."""

    until: str


@event("work.released", 1)
class WorkReleased(WorkEvent, frozen=True, kw_only=True):
    """It is free again."""


@event("work.assigned", 1)
class WorkAssigned(WorkWithWords, frozen=True, kw_only=True):
    """It was given `to` a person, who has it until a moment unless they go on with it."""

    to: str
    until: str


@event("work.snoozed", 1)
class WorkSnoozed(WorkWithWords, frozen=True, kw_only=True):
    """It is not shown until a moment."""

    until: str


@event("work.woken", 1)
class WorkWoken(WorkEvent, frozen=True, kw_only=True):
    """It is shown again, before its time."""


@event("work.held", 1)
class WorkHeld(WorkWithWords, frozen=True, kw_only=True):
    """The customer was asked for something: the time in which a person answers stands still."""


@event("work.resumed", 1)
class WorkResumed(WorkEvent, frozen=True, kw_only=True):
    """It is a person's turn again."""


@event("work.closed", 1)
class WorkClosed(WorkEvent, frozen=True, kw_only=True):
    """It waits no more: `how` it ended."""

    how: str

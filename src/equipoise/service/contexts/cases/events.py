"""What people with authority do: overrides, in the chain of their application, and appointments, in
that of the person."""

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

"""What a person reads of when their answer arrives: no sooner than is known, and no closer."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor

from equipoise.journey.arrival import HALF, NINE_IN_TEN, Arrival
from equipoise.texts.saying import say, speaking

_HOUR, _DAY = 60, 24 * 60  # minutes
_LEAST_HOURS, _LEAST_DAYS = 2, 2  # from so many on a wait is told in hours, in days


def arrival_sentence(arrival: Arrival | None, language: str) -> str:
    """When half and when nine in ten have their answer; that nothing is known where it is not.

    Waits are in calendar minutes and are rounded up; what is only known to be longer is rounded
    down.
    """
    with speaking(language):
        if arrival is None:
            return say("We cannot say yet how long this takes: too few have come this way.")
        half, most = arrival.wait(HALF), arrival.wait(NINE_IN_TEN)
        beyond = _duration(arrival.beyond, floor)
        if half is None:
            return say(
                "At least half of those at this point wait longer than {beyond}.", beyond=beyond
            )
        if most is None:
            return say(
                "Half of those at this point have their answer within {half}; at least one in ten "
                "waits longer than {beyond}.",
                half=_duration(half, ceil),
                beyond=beyond,
            )
        return say(
            "Half of those at this point have their answer within {half}, "
            "nine in ten within {most}.",
            half=_duration(half, ceil),
            most=_duration(most, ceil),
        )


def _duration(minutes: float, whole: Callable[[float], int]) -> str:
    """A wait in minutes, hours or days, whichever a person counts it in."""
    if minutes < _LEAST_HOURS * _HOUR:
        n = max(whole(minutes), 1)
        return say("1 minute") if n == 1 else say("{n} minutes", n=n)
    if minutes < _LEAST_DAYS * _DAY:
        return say("{n} hours", n=whole(minutes / _HOUR))
    return say("{n} days", n=whole(minutes / _DAY))

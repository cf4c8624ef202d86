"""What is watched of a trial, in words."""

from __future__ import annotations

from equipoise.texts.saying import marked, say

_NAMES = {
    "offered": marked("Share offered a loan"),
    "booked": marked("Share who booked"),
    "bad": marked("Share of booked loans that went bad"),
}


def measure_name(measure: str) -> str:
    """A measure as people read it; one that is not known by its own name."""
    return say(_NAMES[measure]) if measure in _NAMES else measure

"""Colours over time: a colour is taken after so many periods beyond, and given up after so many
within; what is not known changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from equipoise.watch.document.indicators import Hysteresis

Colour = Literal["green", "amber", "red"]
_ORDER: tuple[Colour, ...] = ("green", "amber", "red")


@dataclass(frozen=True, slots=True)
class Held:
    """The colour held, and how many periods in a row went beyond it, and stayed below it."""

    colour: Colour = "green"
    beyond: int = 0
    within: int = 0


def after(held: Held, read: Colour, hysteresis: Hysteresis) -> Held:
    """The next period's. Red is left through green alone: an amber reading keeps it, so that a
    value that dances on the bound does not ring again and again."""
    if _ORDER.index(read) > _ORDER.index(held.colour):
        beyond = held.beyond + 1
        return Held(read) if beyond >= hysteresis.enter else Held(held.colour, beyond)
    if held.colour != "green" and read == "green":
        within = held.within + 1
        return Held() if within >= hysteresis.leave else Held(held.colour, 0, within)
    return Held(held.colour)


def colours(read: Iterable[Colour | None], hysteresis: Hysteresis) -> Iterator[Colour | None]:
    """The colour of each period; None where nothing is known, which changes nothing."""
    held = Held()
    for each in read:
        if each is None:
            yield None
            continue
        held = after(held, each, hysteresis)
        yield held.colour

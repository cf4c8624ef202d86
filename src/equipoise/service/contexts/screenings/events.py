"""What happens to a round of screening."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.record.events import Signed, event


class ScreeningEvent(Signed, frozen=True, kw_only=True):
    """Something about a round of a duty, in its chain."""

    duty: str


@event("screening.asked", 1)
class ScreeningAsked(ScreeningEvent, frozen=True, kw_only=True):
    """The questions of a duty were put to its owner, as watch.yaml names them, to be answered
    between these days; the answer says what is left of a `risk`, where it is about one."""

    owner: str
    begins: str
    due: str
    asks: tuple[str, ...]
    risk: str


@event("screening.answered", 1)
class ScreeningAnswered(ScreeningEvent, frozen=True, kw_only=True):
    """Somebody answered, sealed in `words`; of its risk the controls leave a grade of 1 to 5."""

    residual: int | None
    words: Mapping[str, Any]


@event("screening.chased", 1)
class ScreeningChased(ScreeningEvent, frozen=True, kw_only=True):
    """Nobody had answered by its day, and the owner was told, by that message
    (empty: none could be sent, and the register's page tells)."""

    message: str

"""Why a file that an applicant brings is not taken, in words for them, and what helps."""

from __future__ import annotations

import math
from dataclasses import dataclass

from equipoise.service.contexts.papers.services import Busy, NotTaken, TooMany, UsedUp, Why
from equipoise.texts.saying import marked

REFUSED = (NotTaken, TooMany, Busy, UsedUp)
"""What is raised where one is not taken."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not taken, what helps, the status that says so to programs, and after how many
    seconds it may be brought again, 0 where that does not help."""

    message: str
    mend: str
    status: int = 422
    wait: int = 0


NOTHING = Refusal(marked("No file was chosen."), marked("Choose one, and press the button again."))
_MANY_PEOPLE = 60  # seconds
_TOO_MANY = Refusal(
    marked("You have brought as many documents as we keep of one application."),
    marked("Remove one that is not needed, and bring this one again."),
    409,
)
_BUSY = Refusal(
    marked("Many people are bringing documents at this moment."),
    marked("Bring it again in a minute."),
    503,
    _MANY_PEOPLE,
)
_OFTEN = (
    marked("You brought many documents in a short time."),
    marked("Wait a few minutes, and go on then."),
)


def refusal_of(error: Exception) -> Refusal:
    """What one of `REFUSED` is told as."""
    match error:
        case NotTaken():
            status = 413 if error.why is Why.TOO_LARGE else 422
            return Refusal(error.message, error.mend or "", status)
        case TooMany():
            return _TOO_MANY
        case UsedUp():
            return Refusal(*_OFTEN, 429, max(1, math.ceil(error.wait.total_seconds())))
        case _:
            return _BUSY

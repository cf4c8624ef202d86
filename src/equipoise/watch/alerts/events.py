"""What can happen to an alert, each with its moment and who did it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Severity = Literal["amber", "red", "data"]
Ending = Literal["resolved", "false_positive", "accepted", "cleared"]
Cause = Literal[
    "fired", "escalated", "repeated", "silence_ended", "inhibition_ended", "returned", "worse"
]


@dataclass(frozen=True, slots=True)
class Raised:
    """An indicator rang; it is not yet certain that it stays."""

    at: datetime
    indicator: str
    severity: Severity
    group: tuple[str, ...]
    owner: str


@dataclass(frozen=True, slots=True)
class Fired:
    """It rang for as long as it takes."""

    at: datetime


@dataclass(frozen=True, slots=True)
class RangAgain:
    """The next reading rings still, or again, of a severity that may be another. `is_news` where it
    is worse, or where it had cleared and does not flap."""

    at: datetime
    severity: Severity
    is_news: bool = False


@dataclass(frozen=True, slots=True)
class Cleared:
    """The reading is as it should be. That ends no alert: somebody has to know why."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Somebody has it."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class TreatmentBegun:
    """Somebody does something about it."""

    at: datetime
    by: str
    plan: str


@dataclass(frozen=True, slots=True)
class Mitigated:
    """What was done should hold."""

    at: datetime
    by: str
    how: str


@dataclass(frozen=True, slots=True)
class Verified:
    """Somebody else saw that it does."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class ClosureAsked:
    """Somebody wants it closed, for a reason; another has to agree."""

    at: datetime
    by: str
    ending: Ending
    reason: str


@dataclass(frozen=True, slots=True)
class ClosureRefused:
    """The other does not."""

    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Closed:
    """It is over; `by` agreed, or is empty where it ended by itself before anybody was told."""

    at: datetime
    by: str
    ending: Ending


@dataclass(frozen=True, slots=True)
class Reopened:
    """It rang again after it was closed."""

    at: datetime
    severity: Severity


@dataclass(frozen=True, slots=True)
class Silenced:
    """Nobody is told of it until then."""

    at: datetime
    by: str
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class SilenceEnded:
    """The time of silence is over."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Inhibited:
    """Another alert says that this one's data are broken."""

    at: datetime
    by_indicator: str


@dataclass(frozen=True, slots=True)
class InhibitionEnded:
    """Its data can be believed again."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Escalated:
    """Nobody took it in time: the next step's turn. Steps count from 0."""

    at: datetime
    step: int


@dataclass(frozen=True, slots=True)
class Notified:
    """Somebody is to be told. `id` is the same whenever this is sent again: at least once is sent,
    once is shown."""

    at: datetime
    id: str
    to: str
    cause: Cause


AlertEvent = (
    Raised
    | Fired
    | RangAgain
    | Cleared
    | Acknowledged
    | TreatmentBegun
    | Mitigated
    | Verified
    | ClosureAsked
    | ClosureRefused
    | Closed
    | Reopened
    | Silenced
    | SilenceEnded
    | Inhibited
    | InhibitionEnded
    | Escalated
    | Notified
)

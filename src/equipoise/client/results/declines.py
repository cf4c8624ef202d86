"""A no, and what helps whoever gets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .drafts import SecondLook


@dataclass(frozen=True, slots=True)
class UsedFact:
    """A fact that the strategy read: what it is called, and what it was."""

    label: str
    said: str


@dataclass(frozen=True, slots=True)
class WayForward:
    """What would change the answer, in words: the `changes`, what the answer then is, what is
    offered and what is still `owed`. It `takes` so many `days`, and holds until `valid_until`. One
    that is `takeable` changes the loan alone, and can be had by its `name`."""

    name: str
    takeable: bool
    changes: tuple[str, ...]
    then: str
    offers: tuple[str, ...]
    owed: tuple[str, ...]
    takes: str
    days: int
    valid_until: date


@dataclass(frozen=True, slots=True)
class Decline:
    """A no: the `reasons` that were used and who `decided`, on which facts (`told` by the person
    and from `elsewhere`), what was `found` of `ways` to another answer, and the lender's
    `other_ways` to go. `answered_by` is the day by which a person answers who is asked now, where
    one is set; `second_look` is theirs, once they were asked."""

    decision: str
    headline: str
    reasons: tuple[str, ...]
    decided: str
    told: tuple[UsedFact, ...]
    elsewhere: tuple[UsedFact, ...]
    found: str
    ways: tuple[WayForward, ...]
    other_ways: tuple[str, ...]
    rights: str
    answered_by: date | None
    second_look: SecondLook | None

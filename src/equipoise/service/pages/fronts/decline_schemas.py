"""Bodies and answers after a no."""

from __future__ import annotations

from datetime import date

from ninja import Field, Schema

from equipoise.service.pages.fronts.schemas import SecondLookOut
from equipoise.service.platform.api.bodies import Refusing
from equipoise.service.platform.api.short_text import Name


class OtherTermsIn(Refusing):
    """The `name` of a way that is `takeable`."""

    way: Name = Field(examples=["c0ffee"])


class UsedFactOut(Schema):
    """A fact that the strategy read: what it is called, and what it was."""

    label: str
    said: str


class WayForwardOut(Schema):
    """What would change the answer, in words: the `changes`, what the answer then is, what is
    offered and what is still `owed`. It `takes` so many `days`, and holds until `valid_until`. One
    that is `takeable` changes the loan alone, and can be had by its `name`."""

    name: str
    takeable: bool
    changes: list[str]
    then: str
    offers: list[str]
    owed: list[str]
    takes: str
    days: int
    valid_until: date


class DeclineOut(Schema):
    """A no: the `reasons` that were used and who `decided`, on which facts (`told` by the person
    and from `elsewhere`), what was `found` of `ways` to another answer, and the lender's
    `other_ways` to go. `answered_by` is the day by which a person answers who is asked now, where
    one is set; `second_look` is theirs, once they were asked."""

    decision: str
    headline: str
    reasons: list[str]
    decided: str
    told: list[UsedFactOut]
    elsewhere: list[UsedFactOut]
    found: str
    ways: list[WayForwardOut]
    other_ways: list[str]
    rights: str
    answered_by: date | None
    second_look: SecondLookOut | None

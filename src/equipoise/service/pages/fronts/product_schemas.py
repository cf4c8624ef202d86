"""Bodies and answers about products, before anybody applies and where an application moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ninja import Field, Schema

from equipoise.service.contexts.drafts.schemas import ChoiceOut
from equipoise.service.pages.fronts.schemas import Typed
from equipoise.service.platform.api.bodies import Refusing
from equipoise.service.platform.api.short_text import Name, Place

Whom = Literal["", "person", "business"]


class RowOut(Schema):
    """One thing that is told of a product, in words."""

    label: str
    text: str


class CardOut(Schema):
    """A product as people compare it, in words: `name` is what a draft begins with. Of one with
    `first_idea` a first idea can be had."""

    name: str
    title: str
    about: str
    rows: list[RowOut]
    first_idea: bool


class FinderOut(Schema):
    """The products side by side, and what can be said in the finder: codes with their words."""

    products: list[CardOut]
    whom: list[ChoiceOut]
    needs: list[ChoiceOut]
    when: list[ChoiceOut]


class FinderIn(Refusing):
    """What somebody looks for: codes of the finder, and the amount as it was typed. All of it may
    be left out."""

    whom: Whom = Field("", examples=["person"])
    need: Place = Field("", examples=["car"])
    amount: Typed = Field("", examples=["8,000"])
    when: Literal["", "today", "week", "later"] = Field("", examples=["week"])
    language: Place = Field("", examples=["en"])


class ReasonOut(Schema):
    """Why a product fits, or does not."""

    fits: bool
    text: str


class FoundProductOut(Schema):
    """A product and how it fits. `answers` go along when a draft begins, with the need."""

    product: CardOut
    fits: bool
    reasons: list[ReasonOut]
    answers: Mapping[str, str]


class FoundOut(Schema):
    """Every product, those that fit first; none where there is a `problem` with the amount."""

    products: list[FoundProductOut]
    problem: str


class RangeIn(Refusing):
    """Facts as they were typed, by the `box` of what is asked; and for whom it is, where the finder
    was told that."""

    facts: Mapping[str, Typed] = Field({}, examples=[{}])
    whom: Whom = Field("", examples=[""])
    language: Place = Field("", examples=["en"])


class AskedFirstOut(Schema):
    """A fact that is asked for a first idea of these `products`, what was typed, and what of it
    cannot be read, in words for the person."""

    box: str
    kind: str
    question: str
    help: str
    choices: list[ChoiceOut]
    products: list[str]
    typed: str
    problem: str


class IdeaOut(Schema):
    """What somebody with these answers can expect: `verdict` is likely, depends, unlikely, or empty
    where nothing can be told; `said` says it, `rows` are the range, `depends` what moves it most.
    `answers` go along when a draft begins."""

    product: CardOut
    verdict: str
    said: str
    rows: list[RowOut]
    depends: str
    answers: Mapping[str, str]


class RangeOut(Schema):
    """What is asked, and once there is no `problem` with what was typed the ideas. Show the
    `caution` beside them."""

    asked: list[AskedFirstOut]
    ideas: list[IdeaOut]
    caution: str


class MoveIn(Refusing):
    """The product for which the application goes on."""

    product: Name = Field(examples=["corner"])


class KeptOut(Schema):
    """An answer that stays: its question, and how the other product reads it."""

    question: str
    text: str


class MoveOut(Schema):
    """What moving to a product changes: answers that are `kept`, questions that are `asked`
    besides, and those whose answers it does not need, kept `aside` until the draft is sent."""

    product: CardOut
    kept: list[KeptOut]
    asked: list[str]
    aside: list[str]


class MovesOut(Schema):
    """The other products that it could be an application for."""

    moves: list[MoveOut]

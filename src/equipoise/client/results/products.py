"""What can be applied for, what is asked for it, and which of it fits somebody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that can be chosen: its code, and what a person reads for it."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that a person is asked: the contract's field, and its words in one language;
    `accepts` says what a file may be, where it is answered with one."""

    field: str
    kind: str
    question: str
    help: str
    why: str
    choices: tuple[Choice, ...]
    accepts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ends:
    """The least and the most there is of something."""

    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Product:
    """What can be applied for, what is told of it, and what it asks people. People read `label` for
    its `name`; `amounts` are in `currency`, `rates` fractions a year, `days` those that it waits
    for staff, on average."""

    name: str
    digest: str
    label: str
    about: str
    whom: str
    needs: tuple[str, ...]
    currency: str
    amounts: Ends | None
    months: Ends | None
    rates: Ends | None
    days: Ends | None
    asks_first: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is told of a product, in words."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """A product as people compare it, in words: `name` is what a draft begins with. Of one with
    `first_idea` a first idea can be had."""

    name: str
    title: str
    about: str
    rows: tuple[Row, ...]
    first_idea: bool


@dataclass(frozen=True, slots=True)
class Finder:
    """The products side by side, and what can be said in the finder: codes with their words."""

    products: tuple[Card, ...]
    whom: tuple[Choice, ...]
    needs: tuple[Choice, ...]
    when: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a product fits, or does not."""

    fits: bool
    text: str


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """A product and how it fits. `answers` go along when a draft begins, with the need."""

    product: Card
    fits: bool
    reasons: tuple[Ground, ...]
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """Every product, those that fit first; none where there is a `problem` with the amount."""

    products: tuple[FoundProduct, ...]
    problem: str


@dataclass(frozen=True, slots=True)
class AskedFirst:
    """A fact that is asked for a first idea of these `products`, what was typed, and what of it
    cannot be read, in words for the person."""

    box: str
    kind: str
    question: str
    help: str
    choices: tuple[Choice, ...]
    products: tuple[str, ...]
    typed: str
    problem: str


@dataclass(frozen=True, slots=True)
class Idea:
    """What somebody with these answers can expect: `verdict` is likely, depends, unlikely, or empty
    where nothing can be told; `said` says it, `rows` are the range, `depends` what moves it most.
    `answers` go along when a draft begins."""

    product: Card
    verdict: str
    said: str
    rows: tuple[Row, ...]
    depends: str
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Range:
    """What is asked, and once there is no `problem` with what was typed the ideas. Show the
    `caution` beside them."""

    asked: tuple[AskedFirst, ...]
    ideas: tuple[Idea, ...]
    caution: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that stays: its question, and how the other product reads it."""

    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Move:
    """What moving to a product changes: answers that are `kept`, questions that are `asked`
    besides, and those whose answers it does not need, kept `aside` until the draft is sent."""

    product: Card
    kept: tuple[Kept, ...]
    asked: tuple[str, ...]
    aside: tuple[str, ...]

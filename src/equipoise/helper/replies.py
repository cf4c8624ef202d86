"""The kinds of reply, and who may choose one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

from equipoise.helper.urgent import Topic

# Fields as a person reads them. One may be worked out when it is asked for, in the language that is
# spoken then: that of the answer.
Record: TypeAlias = Mapping[str, str]


class Why(StrEnum):
    """Why a person takes over."""

    MEANT = "meant"  # the question is of a kind that a person answers
    MISSING = "missing"  # the record lacks what the text would say
    LONG = "long"  # it is a letter


@dataclass(frozen=True, slots=True)
class Urgent:
    """A person must see it at once; `words` are those that raised it."""

    language: str
    topic: Topic
    words: str
    text: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """A person takes over. `about` names the text that was meant, `missing` what it lacks."""

    language: str
    why: Why
    text: str
    about: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choosing:
    """What a lender's language model was asked and said."""

    model: str
    prompt: str
    answer: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An approved text, and the fields of the record that fill it.

    `digest` is of the text before it was filled. Where a language model had a part: `chosen_by`
    is how it chose the text, `reworded_by` how it came to these words for `original`.
    """

    language: str
    name: str
    version: int
    digest: str
    title: str
    text: str
    fields: tuple[tuple[str, str], ...] = ()
    chosen_by: Choosing | None = None
    original: str = ""
    reworded_by: Choosing | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A text to choose."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Menu:
    """Up to three texts; the page adds "none of these" and "a person"."""

    language: str
    text: str
    options: tuple[Option, ...]


Reply: TypeAlias = Urgent | HandOver | Answer | Menu


class Chooser(Protocol):
    """Who may choose among texts where the helper is not sure: a lender's language model."""

    def choose(
        self, question: str, titles: Mapping[str, str], known: Sequence[str]
    ) -> tuple[str, Choosing] | None:
        """The name of one text and how it came to it; None where it has none, or fails."""
        ...


class Reworder(Protocol):
    """Who may say an approved text in other words: a lender's language model."""

    def reword(self, text: str) -> tuple[str, Choosing] | None:
        """Other words and how it came to them; None where they would not say the same."""
        ...

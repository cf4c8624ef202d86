"""A pack as it is written: rules with their days, and what notices contain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from equipoise.documents import Document
from equipoise.jurisdiction.kinds import Kind
from equipoise.jurisdiction.term import Term
from equipoise.texts.wording import Text

# `offer_lapsed`: another offer than was asked for was not taken in its time; `upheld`: somebody
# looked at an answer again, and came to the same.
LetterKind = Literal["receipt", "approval", "counter_offer", "offer_lapsed", "decline", "upheld"]
Item = Literal["action", "lender", "reasons", "person", "score", "statement"]
# On what a decision was made: facts of a credit bureau, a score that a bureau made of them.
When = Literal["bureau", "score"]
# How it is known: the rule's text was read, or an account of it, or neither.
Verified = Literal["text", "account", "unseen"]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]

_BRACES = re.compile(r"[{}]")
_PLACE = re.compile(r"\{([a-z][a-z_]*)\}")


class Dated(Document):
    """What holds from a day to a last one, where it stands, and how far that was looked up."""

    id: Id
    from_: date = Field(alias="from")
    until: date | None = None
    source: Text
    verified: Verified
    note: str = ""

    @model_validator(mode="after")
    def _days_in_order(self) -> Dated:
        if self.until is not None and self.until < self.from_:
            raise ValueError(f"'{self.id}' ends on {self.until}, before it begins on {self.from_}")
        return self

    def holds(self, on: date) -> bool:
        """Whether it is in force on the day; the first and the last day count."""
        return self.from_ <= on and (self.until is None or on <= self.until)

    def overlaps(self, other: Dated) -> bool:
        """Whether there is a day on which both hold."""
        return self.holds(other.from_) or other.holds(self.from_)


class Rule(Dated):
    """A clock: how long from its start, and what becomes of a last day on which nobody works."""

    kind: Kind
    term: Term
    closed_day: Literal["stays", "next_open_day"] = "stays"


class Content(Document):
    """One thing that a notice has to contain; a `statement` says its own words, by language, and
    `reasons` may have words that stand in their place where there are none to tell.

    `{name}` in the words is a place that whoever writes the letter fills.
    """

    item: Item
    says: dict[str, Text] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _words_of_statements(self) -> Content:
        if self.item != "reasons" and bool(self.says) != (self.item == "statement"):
            raise ValueError(
                "a statement has words of its own under `says`, reasons may, nothing else has"
            )
        for text in self.says.values():
            if _BRACES.search(_PLACE.sub("", text)):
                raise ValueError("places in `says` are names in braces; write '{agency}'")
        return self

    def places(self) -> frozenset[str]:
        """The names that have to be filled, in whatever language."""
        return frozenset(name for text in self.says.values() for name in _PLACE.findall(text))

    def filled(self, text: str, values: dict[str, str]) -> str:
        """One of its texts with the places filled. Raises KeyError for one without a value."""
        return _PLACE.sub(lambda match: values[match[1]], text)


class Notice(Dated):
    """What letters of these kinds have to contain; of a notice with a `when`, only those about
    decisions in which such facts were used."""

    letters: Annotated[tuple[LetterKind, ...], Field(min_length=1)]
    when: When | None = None
    contains: Annotated[tuple[Content, ...], Field(min_length=1)]


class Body(Dated):
    """Whoever a person can turn to whose complaint was not settled: a name and how to reach it, by
    language."""

    name: Annotated[dict[str, Text], Field(min_length=1)]
    reach: Annotated[dict[str, Text], Field(min_length=1)]


class PackDocument(Document):
    """A pack's file. One that `extends` another takes its rules, but for kinds it has itself."""

    pack: Text
    extends: str | None = None
    caution: str = ""
    rules: tuple[Rule, ...] = ()
    notices: tuple[Notice, ...] = ()
    bodies: tuple[Body, ...] = ()

    def clashes(self) -> Iterator[tuple[str, int, str]]:
        """(section, place, what is wrong) of ids given twice, and of rules that hold together."""
        ids: set[str] = set()
        sections: tuple[tuple[str, tuple[Dated, ...]], ...] = (
            ("rules", self.rules),
            ("notices", self.notices),
            ("bodies", self.bodies),
        )
        for section, entries in sections:
            for at, entry in enumerate(entries):
                if entry.id in ids:
                    yield section, at, f"the id '{entry.id}' is given twice"
                ids.add(entry.id)
        for at, rule in enumerate(self.rules):
            for earlier in self.rules[:at]:
                if earlier.kind == rule.kind and earlier.overlaps(rule):
                    yield "rules", at, f"'{rule.id}' holds on days of '{earlier.id}'"

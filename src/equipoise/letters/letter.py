"""What a letter says, before it is set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from equipoise.errors import BadInput, Faults
from equipoise.jurisdiction import Content, Item, LetterKind
from equipoise.texts.languages import text_in
from equipoise.texts.saying import ENGLISH


@dataclass(frozen=True, slots=True)
class Party:
    """Who writes or who is written to; the address as lines."""

    name: str
    address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """A last day, and in words how it was counted."""

    day: date
    counted: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """How to ask for a person, in words, and until when."""

    how: str
    by: Due | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """An offer: amounts in the letter's currency, `apr` as a fraction a year, `total` all that is
    paid back."""

    amount: float
    months: float
    apr: float
    instalment: float
    total: float


@dataclass(frozen=True, slots=True)
class Score:
    """A credit score that an agency made and that was used: the number, from which to which it can
    be, the day it was made, the agency with its address, and in sentences what lowered it most."""

    value: float
    lowest: float
    highest: float
    on: date
    agency: str
    factors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one applicant, in one language.

    `headline` is the answer in a sentence; empty is the usual one of its kind. `reasons`, `changes`
    (what would change the answer, verified, until `advice_until`) and `other_ways` are sentences.
    `answer_by` is when the lender's next answer comes, `withdraw_by` the last day to withdraw from
    a loan; `replaces` the day of the letter whose place it takes. `required` is what the
    jurisdiction asks for; `values` fill its statements' places.
    """

    kind: LetterKind
    language: str
    lender: Party
    addressee: Party
    on: date
    reference: str
    headline: str = ""
    currency: str = ""
    reasons: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    advice_until: date | None = None
    offers: tuple[Terms, ...] = ()
    answer_by: Due | None = None
    withdraw_by: Due | None = None
    review: Review | None = None
    other_ways: tuple[str, ...] = ()
    scores: tuple[Score, ...] = ()
    replaces: date | None = None
    required: tuple[Content, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)

    def statements(self) -> tuple[str, ...]:
        """The required statements in the letter's language, else in English, with places filled."""
        return self._said("statement")

    def instead_of_reasons(self) -> tuple[str, ...]:
        """What is required to be said where there are no reasons, in the same way."""
        return () if self.reasons else self._said("reasons")

    def _said(self, item: Item) -> tuple[str, ...]:
        return tuple(
            each.filled(_words(each, self.language), dict(self.values))
            for each in self.required
            if each.item == item and each.says
        )

    def check_contents(self) -> None:
        """Raises Faults, with everything at once, where the letter lacks what is required of it."""
        lacking = tuple(self._lacking())
        if lacking:
            raise Faults(lacking)

    def _lacking(self) -> Iterator[BadInput]:
        held = {
            "action": True,  # no letter is without its headline
            "lender": all(map(str.strip, (self.lender.name, "".join(self.lender.address)))),
            "reasons": bool(self.reasons),
            "person": self.review is not None,
            "score": bool(self.scores) and all(each.factors for each in self.scores),
            "statement": False,  # it is its own words
        }
        for each in self.required:
            if held[each.item]:
                continue
            if each.says:
                yield from self._unfilled(each)
            else:
                yield _lack(each.item, _MENDS[each.item])

    def _unfilled(self, statement: Content) -> Iterator[BadInput]:
        if not _words(statement, self.language):
            yield _lack(statement.item, f"give it words in '{self.language}' or in English")
        for place in sorted(statement.places() - self.values.keys()):
            yield _lack(place, "give it in `values`")


_MENDS = {
    "lender": "give the lender's name and address",
    "reasons": "give the reasons that decided",
    "person": "say in `review` how to ask for a person",
    "score": "give the score that was used, with the key factors that lowered it",
}


def _lack(what: str, mend: str) -> BadInput:
    return BadInput(f"the letter lacks '{what}', which its jurisdiction asks for", mend=mend)


def _words(statement: Content, language: str) -> str:
    return text_in(statement.says, language) or text_in(statement.says, ENGLISH)

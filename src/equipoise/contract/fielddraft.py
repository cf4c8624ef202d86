"""Drafting one field from its column; everything inferred is said in the field's `review`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import polars as pl

from equipoise.contract.document import Field, Use
from equipoise.contract.facts import as_plain, cast_column
from equipoise.contract.inference import generous_range, guess_type, sentinels
from equipoise.contract.lexicon import sounds_never_negative
from equipoise.contract.naming import words
from equipoise.contract.separation import Separation
from equipoise.errors import BadInput

MOST_LEVELS = 60  # the states of the US, with districts and territories, are still categories
_FEW_NUMBERS = 12
_FEW_NEGATIVES = 0.01
_LEAST_SHOWN = 0.001


class Remark(NamedTuple):
    """Something inferred about one attribute, and the share of rows that supports it."""

    attribute: str
    text: str
    aloud: bool
    share: float | None = None

    @property
    def line(self) -> str:
        """The text as the review list has it, the share at its end."""
        return self.text if self.share is None else f"{self.text} ({percent(self.share)} of rows)"


def percent(share: float) -> str:
    """A share as a percentage that rounds neither to all nor to none what is less or more."""
    if 0 < share < _LEAST_SHOWN:
        return f"under {_LEAST_SHOWN:.1%}"
    if 1 - _LEAST_SHOWN < share < 1:
        return f"over {1 - _LEAST_SHOWN:.1%}"
    return f"{share:.0%}" if share in (0, 1) else f"{share:.1%}"


@dataclass(slots=True)
class FieldDraft:
    """A field in the making: its attributes, its cast values, and what a person should look at."""

    column: str
    value: pl.Series
    attributes: dict[str, Any]
    said: list[Remark] = field(default_factory=list)
    raw: pl.Series | None = None
    separation: Separation | None = None
    _distinct: int | None = None

    def say(
        self, attribute: str, text: str, *, share: float | None = None, aloud: bool = False
    ) -> None:
        """Mark an inferred attribute for review; aloud, the draft's summary repeats it.

        `share` is the share of rows, from 0 to 1, that supports the inference.
        """
        self.said.append(Remark(attribute, text, aloud, share))

    def unsay(self, *attributes: str) -> None:
        """Take back what was said of attributes that have been decided otherwise since."""
        self.said = [remark for remark in self.said if remark.attribute not in attributes]

    def be(self, use: Use, text: str, *, share: float | None = None) -> None:
        """Give the field a use other than feature, and say why."""
        self.attributes["use"] = use
        self.unsay("use")
        self.say("use", text, share=share, aloud=True)

    @property
    def use(self) -> Use:
        """The use so far."""
        use: Use = self.attributes.get("use", "feature")
        return use

    @property
    def name(self) -> str:
        """The field's name in the contract."""
        return str(self.attributes["name"])

    @property
    def distinct(self) -> int:
        """How many different values there are, missing aside."""
        if self._distinct is None:
            self._distinct = self.value.n_unique() - int(self.value.has_nulls())
        return self._distinct

    def blank(self, codes: tuple[int, ...]) -> None:
        """Make these numbers missing."""
        self.become(pl.select(pl.when(~self.value.is_in(codes)).then(self.value)).to_series())

    def become(self, value: pl.Series) -> None:
        """Take other values: the column read in another way."""
        self.value = value
        self._distinct = None

    def field(self) -> Field:
        """The finished field."""
        review = tuple(f"{remark.attribute}: {remark.line}" for remark in self.said)
        return Field(**self.attributes, review=review)

    @property
    def notes(self) -> list[str]:
        """What the draft's summary repeats."""
        return [f"'{self.column}': {remark.line}" for remark in self.said if remark.aloud]


def label_of(header: str) -> str:
    """A label from a header: `annual_inc` gives 'Annual inc'."""
    text = " ".join(words(header)) or header
    return text[:1].upper() + text[1:]


def typed_field(raw: pl.Series, name: str) -> FieldDraft:
    """A field with its type, format and missing codes, and nothing else decided."""
    label = {"en": label_of(raw.name)}
    base: dict[str, Any] = {"name": name, "column": raw.name, "label": label}
    try:
        plain = as_plain(raw)
    except BadInput as error:
        draft = FieldDraft(raw.name, pl.Series(raw.name, [], pl.String), {**base, "type": "string"})
        draft.be("ignore", error.message)
        return draft
    guess = guess_type(plain)
    base |= {"type": guess.type, "format": guess.format, "missing_codes": guess.missing_codes}
    value = cast_column(raw, Field(**base)).value
    draft = FieldDraft(raw.name, value, base, raw=raw)
    draft.say("type", f"the values read as {guess.type}")
    if guess.format:
        draft.say("format", f"the values are written {guess.format}")
    if guess.ambiguous:
        draft.say("format", guess.ambiguous, aloud=True)
    if guess.missing_codes:
        draft.say("missing_codes", "words found among the values")
    if guess.unread:
        draft.say("type", f"{guess.unread:,} values do not read so and will be refused", aloud=True)
    return draft


def limit(draft: FieldDraft) -> None:
    """List the values of a text field with few, and widen the range seen of a number."""
    kind = draft.attributes["type"]
    if kind == "string" and 0 < draft.distinct <= MOST_LEVELS:
        levels = draft.value.drop_nulls().unique().sort().to_list()
        draft.attributes["values"] = tuple(levels)
        draft.say("values", f"the {len(levels)} values seen")
    elif kind in ("number", "integer"):
        _missing_numbers(draft)
        _range(draft)


def _missing_numbers(draft: FieldDraft) -> None:
    codes = sentinels(draft.value.drop_nulls())
    if not codes:
        return
    draft.attributes["missing_codes"] = (*draft.attributes["missing_codes"], *codes)
    shown = " and ".join(str(code) for code in codes)
    draft.say("missing_codes", f"{shown} seems to stand for a missing value", aloud=True)
    draft.blank(codes)


def _range(draft: FieldDraft) -> None:
    known = draft.value.drop_nulls()
    negatives = int((known < 0).sum())
    if sounds_never_negative(draft.column) and 0 < negatives <= _FEW_NEGATIVES * known.len():
        text = f"{negatives:,} values below zero make no sense here and will be refused"
        draft.say("range", text, aloud=True)
        known = known.filter(known >= 0)
    whole = draft.attributes["type"] == "integer"
    bounds = generous_range(known, whole=whole)
    if bounds is None:
        return
    draft.attributes["range"] = bounds
    draft.say("range", f"seen {known.min()!s} to {known.max()!s}, widened")
    if whole and 2 < draft.distinct <= _FEW_NUMBERS and draft.use == "feature":
        draft.say("type", f"{draft.distinct} whole numbers: if they are codes, make it a string")

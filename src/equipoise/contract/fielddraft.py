"""Drafting one field from its column; everything inferred is said in the field's `review`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import polars as pl

from equipoise.contract.document import Field, Use
from equipoise.contract.facts import as_plain, cast_column
from equipoise.contract.inference import generous_range, guess_type, sentinels
from equipoise.contract.lexicon import (
    protected_kind,
    sounds_decided,
    sounds_like_id,
    sounds_like_outcome,
    sounds_never_negative,
)
from equipoise.contract.naming import words
from equipoise.contract.separation import SUSPICIOUS_AUC, separation
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

    def be(self, use: Use, text: str) -> None:
        """Give the field a use other than feature, and say why."""
        self.attributes["use"] = use
        self.say("use", text, aloud=True)

    @property
    def use(self) -> Use:
        """The use so far."""
        use: Use = self.attributes.get("use", "feature")
        return use

    @property
    def distinct(self) -> int:
        """How many different values there are, missing aside."""
        if self._distinct is None:
            self._distinct = self.value.n_unique() - int(self.value.has_nulls())
        return self._distinct

    def blank(self, codes: tuple[int, ...]) -> None:
        """Make these numbers missing."""
        self.value = pl.select(pl.when(~self.value.is_in(codes)).then(self.value)).to_series()
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


def draft_field(raw: pl.Series, name: str, bad: pl.Series) -> FieldDraft:
    """Draft a field that is neither target, identifier nor date; `bad` is the outcome by row."""
    draft = typed_field(raw, name)
    if draft.use == "ignore":
        return draft
    if draft.distinct == 0:
        draft.be("ignore", "every value is missing")
    elif draft.distinct == 1 and not draft.value.has_nulls():
        draft.be("ignore", "every value is the same")
    elif kind := protected_kind(raw.name):
        draft.attributes["sensitivity"] = "protected"
        draft.say("sensitivity", f"the name sounds like {kind}")
        also = ", although some laws allow age in a score" if kind == "age" else ""
        draft.be("audit", f"protected ({kind}): for audits only{also}")
    elif sounds_like_outcome(raw.name):
        draft.be("outcome", "the name sounds like something known only after the decision")
    elif draft.attributes["type"] == "date":
        draft.be("ignore", "a date is no feature; derive months or days since it")
    else:
        _judge_feature(draft, bad)
    if draft.use not in ("ignore", "outcome"):
        _limit(draft)
    return draft


def _judge_feature(draft: FieldDraft, bad: pl.Series) -> None:
    text = draft.attributes["type"] == "string"
    if sounds_like_id(draft.column) and draft.distinct > MOST_LEVELS:
        draft.be("identifier", "the name sounds like an identifier")
    elif text and draft.distinct == draft.value.len():
        draft.be("identifier", "every value is different")
    elif text and draft.distinct > MOST_LEVELS:
        draft.be("ignore", f"text with {draft.distinct:,} different values; group them to use it")
    elif (auc := separation(draft.value, bad)) > SUSPICIOUS_AUC:
        draft.be(
            "outcome",
            f"suspected: alone it separates good from bad (AUC {auc:.4f}), as only something known "
            "after the decision does",
        )
    elif sounds_decided(draft.column):
        draft.be(
            "audit",
            "a price or grade repeats the lender's own decision: to compare with, not to learn",
        )


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
    draft = FieldDraft(raw.name, value, base)
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


def _limit(draft: FieldDraft) -> None:
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

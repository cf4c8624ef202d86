"""Drafting one field from its column; everything inferred is said in the field's `review`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from equipoise.contract.asking import guess_as_asked
from equipoise.contract.facts import as_plain, cast_column
from equipoise.contract.fields import Field, FieldType, Use
from equipoise.contract.inference import Guess, generous_range, guess_type
from equipoise.contract.leakage import Separation
from equipoise.contract.lexicon import sounds_never_negative
from equipoise.contract.naming import words
from equipoise.contract.patterns import BY_NUMBER, day_pattern
from equipoise.contract.specialcodes import special_codes
from equipoise.errors import BadInput

MOST_LEVELS = 60  # the states of the US, with districts and territories, are still categories
_FEW_NUMBERS = 12
_FEW_NEGATIVES = 0.01
_LEAST_SHOWN = 0.001


@dataclass(frozen=True, slots=True)
class CellReading:
    """What is known beside a column's own cells when its type is guessed: the day it is read on,
    the decimal mark that the file's columns show, and the formats that a person named."""

    today: date
    habit: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)


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

    @property
    def known_share(self) -> float:
        """The share of rows that have a value."""
        return 1 - self.value.null_count() / max(1, self.value.len())

    def blank(self, codes: tuple[int | float, ...]) -> None:
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


def typed_field(raw: pl.Series, name: str, reading: CellReading) -> FieldDraft:
    """A field with its type, format and missing codes, and nothing else decided.

    Raises BadInput where a person named a format that the column is not written in.
    """
    label = {"en": label_of(raw.name)}
    base: dict[str, Any] = {"name": name, "column": raw.name, "label": label}
    asked = reading.asked.get(raw.name)
    try:
        plain = as_plain(raw)
    except BadInput as error:
        draft = FieldDraft(raw.name, pl.Series(raw.name, [], pl.String), {**base, "type": "string"})
        draft.be("ignore", error.message)
        return draft
    guess = (
        guess_as_asked(plain, asked) if asked else guess_type(plain, reading.today, reading.habit)
    )
    base |= {"type": guess.type, "format": guess.format, "missing_codes": guess.missing_codes}
    base |= {"unit": guess.unit} if guess.unit else {}
    value = cast_column(raw, Field(**base)).value
    draft = FieldDraft(raw.name, value, base, raw=raw)
    _say_reading(draft, guess, asked)
    return draft


def _say_reading(draft: FieldDraft, guess: Guess, asked: str | None) -> None:
    """What the cells read as, both readings first where two are possible."""
    rows = max(1, draft.value.len())
    known = 1 - (draft.value.null_count() / rows)
    if guess.rival is not None:
        draft.attributes["confirm"] = _both_readings(draft, guess)
        draft.say("format", draft.attributes["confirm"])  # the draft says it aloud, first of all
    why = "as asked" if asked else "the values read"
    draft.say("type", f"{why} as {guess.type}", share=known)
    if guess.format and guess.rival is None:
        draft.say("format", _written(guess), share=known)
    if guess.unit and guess.type in ("number", "integer"):
        draft.say("unit", f"the cells are in {guess.unit}", aloud=guess.unit in _DURATIONS)
    if guess.missing_codes:
        share = guess.missing_rows / rows
        listed = ", ".join(f"'{each}'" for each in guess.missing_codes)
        words = f"{listed} among the values: taken as missing"
        if guess.suspects:
            words += ", as nearly all other cells are no words"
        draft.say("missing_codes", words, share=share, aloud=guess.type != "string")
    if guess.unread:
        share = guess.unread / rows
        text = f"{guess.unread:,} values do not read so and will be refused"
        draft.say("type", text, share=share, aloud=True)


_DURATIONS = ("months", "years")


def _written(guess: Guess) -> str:
    text = f"the values are written {guess.format}"
    if guess.type != "date":
        return text
    if guess.format in BY_NUMBER:
        return f"the values are numbers of days or moments: {guess.format}"
    first = day_pattern(guess.format).first_year
    years = f": years of two digits are those of {first} to {first + 99}"
    return text + years if "%y" in guess.format else text


def _both_readings(draft: FieldDraft, guess: Guess) -> str:
    """An example cell in both readings, the likelier first."""
    said = []
    for written in (guess.format, guess.rival or ""):
        read = Field(name=draft.name, type=_wide(guess.type), format=written)
        value = cast_column(pl.Series([guess.example]), read).value[0]
        said.append(f"{_shown(value)} by {written or 'a decimal point'}")
    return f"'{guess.example}' is {said[0]} (taken, as likelier) or {said[1]}"


def _wide(kind: FieldType) -> FieldType:
    return "number" if kind == "integer" else kind


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)


def limit(draft: FieldDraft) -> None:
    """List the values of a text field with few, and widen the range seen of a number."""
    kind = draft.attributes["type"]
    if kind == "string" and 0 < draft.distinct <= MOST_LEVELS:
        levels = draft.value.drop_nulls().unique().sort().to_list()
        draft.attributes["values"] = tuple(levels)
        draft.say("values", f"the {len(levels)} values seen", share=draft.known_share)
    elif kind in ("number", "integer"):
        _missing_numbers(draft)
        _range(draft)


def _missing_numbers(draft: FieldDraft) -> None:
    """Codes among the numbers become missing; a code's meaning is a person's to tell."""
    known = draft.value.drop_nulls()
    codes = special_codes(known)
    if not codes:
        return
    numbers = tuple(_as_written(code) for code in codes.rows)
    draft.attributes["missing_codes"] = (*draft.attributes["missing_codes"], *numbers)
    rows = max(1, draft.value.len())
    each = ", ".join(f"{n:g} ({percent(rows_of / rows)})" for n, rows_of in codes.rows.items())
    one = len(numbers) == 1
    stand, count = ("seems to stand", "counts") if one else ("seem to stand", "count")
    draft.say(
        "missing_codes",
        f"{each} {stand} for something that is no number, and {count} as missing",
        share=sum(codes.rows.values()) / rows,
        aloud=True,
    )
    draft.blank(numbers)


def _as_written(code: float) -> int | float:
    return int(code) if code.is_integer() else code


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
    share = known.len() / max(1, draft.value.len())
    draft.say("range", f"seen {known.min()!s} to {known.max()!s}, widened", share=share)
    if whole and 2 < draft.distinct <= _FEW_NUMBERS and draft.use == "feature":
        draft.say("type", f"{draft.distinct} whole numbers: if they are codes, make it a string")

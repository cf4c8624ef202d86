"""What type a column of text or numbers is, and how it writes what is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from math import ceil, floor, log10

import polars as pl

from equipoise.contract.dateguess import (
    DateGuess,
    guess_dates,
    guess_number_dates,
    names_a_day,
)
from equipoise.contract.fields import FieldType, Scalar
from equipoise.contract.grammar import FALSE_WORDS, TRUE_WORDS
from equipoise.contract.lexicon import sounds_postal
from equipoise.contract.missingwords import missing_words
from equipoise.contract.numberguess import guess_numbers

_SURE = r"^\s*[-+]?(?:[0-9]+[{0}][0-9]{{1,2}}|0[{0}][0-9]+|[0-9]{{4,}}[{0}][0-9]+)\s*$"
_LONGEST_NUMBER = 18  # digits beyond which a number is a name
_SAMPLE = 20_000
_FEW_WORDS, _READINGS_A_WORD, _LEAST_READINGS = 8, 3, 12


@dataclass(frozen=True, slots=True)
class Guess:
    """A column's type as its values suggest it.

    `unread` is how many of its rows do not fit, `missing_rows` how many hold a missing code,
    `suspects` which of these no list of words knows. Where `rival`, another format, would read
    `example` as something else, a person has to say which is right. `unit` is what the cells say
    they are in; `example` is a cell.
    """

    type: FieldType
    format: str = ""
    missing_codes: tuple[Scalar, ...] = ()
    missing_rows: int = 0
    suspects: tuple[str, ...] = ()
    unread: int = 0
    rival: str | None = None
    example: str = ""
    unit: str = ""


def guess_type(raw: pl.Series, today: date, habit: str = "") -> Guess:
    """The type of a plain column (see `as_plain`).

    `today` is the day the file is read, which nothing of the past lies after; `habit` the decimal
    mark that other columns of the file show (`decimal_habit`).
    """
    if raw.dtype == pl.String:
        return _guess_text(raw, today, habit)
    if raw.dtype.is_integer() or raw.dtype == pl.Float64:
        return _guess_number(raw, today)
    if raw.dtype == pl.Boolean:
        return Guess("boolean")
    return Guess("date" if raw.dtype == pl.Date else "string")


def decimal_habit(frame: pl.DataFrame) -> str:
    """The decimal mark that a file's cells of text show: a dot, a comma, or empty for neither."""
    marks = {".": 0, ",": 0}
    for raw in frame.head(500).iter_columns():
        if raw.dtype != pl.String:
            continue
        for mark in marks:
            marks[mark] += bool(raw.str.contains(_SURE.format(mark)).any())
    if marks["."] and marks[","]:
        return ""
    return "." if marks["."] else "," if marks[","] else ""


def _guess_text(raw: pl.Series, today: date, habit: str) -> Guess:
    text, rows = _different(raw)
    strong, weak = missing_words(text), missing_words(text, among_words=False)
    for missing in (strong, weak) if (strong != weak).any() else (strong,):
        words = _suspects(text, missing)
        for out in (missing | words, missing) if words.any() else (missing,):
            kept = text.filter(~out)
            guess = kept.len() and _as_numbers_or_days(
                raw.name, kept, rows.filter(~out), today, habit
            )
            if guess:
                return _with_codes(guess, text, rows, out, text.filter(out & ~weak))
    known = text.filter(~strong)
    guess = (known.len() and _guess_boolean(known)) or Guess("string")
    return _with_codes(guess, text, rows, strong, text.clear())


def _different(raw: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The different values in the order they come in, and how many rows hold each."""
    cells = pl.DataFrame({"cell": raw.drop_nulls()})
    counts = cells.group_by("cell", maintain_order=True).agg(pl.len().alias("rows"))
    return counts["cell"], counts["rows"]


def _as_numbers_or_days(
    header: str, text: pl.Series, rows: pl.Series, today: date, habit: str
) -> Guess | None:
    if sounds_postal(header):
        return None
    every = text.len() // _SAMPLE
    if every > 1:  # names by the million are told from numbers by some of them
        some, weight = text.gather_every(every), rows.gather_every(every)
        if (
            _as_numbers_or_days(header, some.head(_SAMPLE), weight.head(_SAMPLE), today, habit)
            is None
        ):
            return None
    days = guess_dates(header, text, rows, today)
    if days is not None:
        return _day_guess(days, rows)
    if text.str.contains(r"^[-+]?0\d").any() and not text.str.contains(r"^0\d+[.,]\d").all():
        return None  # 007 is a code
    return _guess_text_number(header, text, rows, habit)


def _guess_text_number(header: str, text: pl.Series, rows: pl.Series, habit: str) -> Guess | None:
    numbers = guess_numbers(header, text, rows, habit)
    if numbers is None:
        return None
    good = numbers.reads.is_not_null()
    digits = text.filter(good)
    if (digits.str.count_matches(r"\d") > _LONGEST_NUMBER).any() and not digits.str.contains(
        r"[.eE]"
    ).any():
        return None
    unread = int(rows.filter(~good).sum())
    finite = numbers.reads.filter(numbers.reads.is_finite().fill_null(value=False))
    counted = not numbers.written or numbers.unit in ("months", "years")
    whole = counted and finite.len() > 0 and bool((finite.floor() == finite).all())
    return Guess(
        "integer" if whole else "number",
        numbers.written,
        unread=unread,
        rival=numbers.rival,
        example=numbers.example,
        unit=numbers.unit,
    )


def _suspects(text: pl.Series, missing: pl.Series) -> pl.Series:
    """The few words among many numbers or days: whatever they are, they are none."""
    words = (~text.str.contains(r"[0-9０-９]") | text.str.starts_with("#")) & ~missing
    many = max(_LEAST_READINGS, _READINGS_A_WORD * int(words.sum()))
    few = words.sum() <= _FEW_WORDS and (~(words | missing)).sum() >= many
    return words & few


def _with_codes(
    guess: Guess, text: pl.Series, rows: pl.Series, out: pl.Series, suspects: pl.Series
) -> Guess:
    return replace(
        guess,
        missing_codes=tuple(sorted(text.filter(out))),
        missing_rows=int(rows.filter(out).sum()),
        suspects=tuple(sorted(suspects)),
    )


def _guess_number(raw: pl.Series, today: date) -> Guess:
    if sounds_postal(raw.name):
        return Guess("string")
    if names_a_day(raw.name) and (days := _days_by_number(raw, today)):
        return days
    return Guess("integer" if raw.dtype.is_integer() else "number")


def _days_by_number(raw: pl.Series, today: date) -> Guess | None:
    values, rows = _different(raw)
    if not values.len() or not (values.is_finite() & (values.floor() == values)).all():
        return None
    digits = values.cast(pl.Int64, strict=False).cast(pl.String).fill_null("")
    days = guess_number_dates(raw.name, digits, rows, today)
    return None if days is None else _day_guess(days, rows)


def _day_guess(days: DateGuess, rows: pl.Series) -> Guess:
    unread = int(rows.filter(days.reads.is_null()).sum())
    return Guess("date", days.written, unread=unread, rival=days.rival, example=days.example)


def _guess_boolean(text: pl.Series) -> Guess | None:
    seen = set(text.str.to_lowercase())
    pairs = zip(TRUE_WORDS, FALSE_WORDS, strict=True)
    return Guess("boolean") if any(seen == set(pair) for pair in pairs) else None


def generous_range(values: pl.Series, *, whole: bool) -> tuple[float, float] | None:
    """A range that holds the values seen with as much room again; zero stays a floor."""
    low, high = values.min(), values.max()
    if not isinstance(low, (int, float)) or not isinstance(high, (int, float)):
        return None
    if whole and low >= 0 and high <= 1:
        return 0, 1
    spread = high - low
    floor_ = 0.0 if low >= 0 else _rounded(low - spread)
    ceiling = 0.0 if high <= 0 else _rounded(high + spread)
    return (int(floor_), int(ceiling)) if whole else (floor_, ceiling)


def _rounded(value: float) -> float:
    """Two digits, away from zero."""
    if value == 0:
        return 0.0
    unit = 10.0 ** (floor(log10(abs(value))) - 1)
    away = ceil(abs(value) / unit - 1e-9) * unit
    return float(f"{away if value > 0 else -away:.6g}")

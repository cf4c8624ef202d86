"""Which values of the target are bad, good, still open or unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from equipoise.contract.counts import commonest_first
from equipoise.contract.facts.column import as_plain, read_numbers, spelled
from equipoise.contract.fields import FieldType, Scalar
from equipoise.contract.lexicon.outcomes import (
    Meaning,
    is_boolean_word,
    meaning_of,
    polarity,
    sounds_approved,
)
from equipoise.contract.lexicon.terms import tokens
from equipoise.contract.missingwords import MISSING_WORDS
from equipoise.errors import BadInput, Span, did_you_mean

MOST_VALUES = 20
LEAST_OF_EACH = 10
AS_NAMED = "as named"
_HALF = 0.5
# Berka's loans (PKDD 1999) and lenders who write as he did
_LETTERS: dict[str, Meaning] = {"a": "good", "b": "bad", "c": "open", "d": "open"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The target as drafted: its type, its values, and which of them are bad, good or open.

    `unclear` are values that no word and nobody called bad, good or open: they count as open.
    `doubt` says why a person must confirm the bad value before anything is fitted; empty where
    its words or its name say it. `rows` counts each value's rows.
    """

    type: FieldType
    values: tuple[Scalar, ...]
    events: tuple[Scalar, ...]
    goods: tuple[Scalar, ...]
    unresolved: tuple[Scalar, ...]
    unclear: tuple[Scalar, ...]
    missing_codes: tuple[Scalar, ...]
    why: str
    doubt: str
    rows: Mapping[Scalar, int]
    bad: pl.Series


@dataclass(frozen=True, slots=True)
class _Reading:
    """The target's values as text, sorted by what they were taken for."""

    bads: list[str]
    goods: list[str]
    open: list[str]
    unclear: list[str]
    why: str
    doubt: str = ""


def find_outcome(raw: pl.Series, event: str | None, file: str = "") -> Outcome:
    """Decide on the bad value of a target column. Raises BadInput where nobody could.

    Row by row, `bad` is null where the outcome is missing or unresolved.
    """
    where = Span(file) if file else None
    text, codes = _as_text(raw)
    seen: dict[str, int] = dict(commonest_first(text).rows())
    _refuse_no_outcome(raw.name, seen, where)
    reading = _read_values(raw.name, seen, event, where)
    unresolved = sorted([*reading.open, *reading.unclear])
    bad = pl.select(pl.when(~text.is_in(unresolved)).then(text.is_in(reading.bads))).to_series()
    _refuse_too_few(raw.name, reading.bads, bad, where)
    kind = _type_of(raw, seen)

    def typed(values: Iterable[str]) -> tuple[Scalar, ...]:
        return tuple(_value(value, kind) for value in values)

    return Outcome(
        type=kind,
        values=() if kind == "boolean" else typed(sorted(seen)),
        events=typed(reading.bads),
        goods=typed(reading.goods),
        unresolved=typed(unresolved),
        unclear=typed(reading.unclear),
        missing_codes=codes,
        why=reading.why,
        doubt=reading.doubt,
        rows={_value(value, kind): rows for value, rows in seen.items()},
        bad=bad,
    )


def _as_text(raw: pl.Series) -> tuple[pl.Series, tuple[str, ...]]:
    """The target's values as text, 1.0 as 1, and the words among them that mean missing."""
    plain = as_plain(raw)
    if plain.dtype == pl.String:
        known = plain.drop_nulls().unique()
        codes = tuple(sorted(t for t in known if t.lower() in MISSING_WORDS - {"-", "unknown"}))
        plain = pl.select(pl.when(~plain.is_in(codes)).then(plain)).to_series()
        numbers = read_numbers(plain)
        if numbers.null_count() == plain.null_count():
            plain = numbers
    else:
        codes = ()
    return spelled(plain), codes


def _type_of(raw: pl.Series, seen: dict[str, int]) -> FieldType:
    if raw.dtype == pl.Boolean:
        return "boolean"
    numbers = read_numbers(pl.Series(list(seen)))
    if numbers.null_count():
        return "string"
    return "integer" if (numbers.floor() == numbers).all() else "number"


def _value(text: str, kind: FieldType) -> Scalar:
    if kind == "boolean":
        return text == "true"
    if kind == "integer":
        return int(text)
    return float(text) if kind == "number" else text


def _shown(seen: dict[str, int]) -> str:
    return ", ".join(f"'{text}' ({rows:,} rows)" for text, rows in list(seen.items())[:8])


def _refuse_no_outcome(name: str, seen: dict[str, int], where: Span | None) -> None:
    if not seen:
        raise BadInput(
            f"the target '{name}' is empty in every row",
            where=where,
            field=name,
            mend="name the column that holds the outcome with --target",
        )
    if len(seen) == 1:
        raise BadInput(
            f"the target '{name}' has one value only, {_shown(seen)}",
            where=where,
            field=name,
            mend="give rows of both outcomes, or name another column with --target",
        )
    if len(seen) > MOST_VALUES:
        raise BadInput(
            f"the target '{name}' has {len(seen):,} different values; an outcome has two",
            where=where,
            field=name,
            mend="name the column that holds the outcome with --target",
        )


def _read_values(
    name: str, seen: dict[str, int], event: str | None, where: Span | None
) -> _Reading:
    """Sort the values; with an event named, its words no longer decide."""
    if event is not None:
        bads = list(dict.fromkeys(_named(each, seen, name, where) for each in _each(event, seen)))
        return _beside(bads, seen)
    return _guess_pair(name, seen) if len(seen) == 2 else _guess_many(name, seen, where)


def _each(event: str, seen: dict[str, int]) -> list[str]:
    """The events that one text names: itself, or several apart by commas."""
    whole = any(text.lower() == event.strip().lower() for text in seen)
    return [event] if whole or "," not in event else event.split(",")


def _named(event: str, seen: dict[str, int], name: str, where: Span | None) -> str:
    matches = [text for text in seen if text == event.strip()]
    matches += [text for text in seen if text.lower() == event.strip().lower()]
    matches += [text for text in seen if _same_number(text, event)]
    if not matches:
        raise BadInput(
            f"the target '{name}' never is '{event.strip()}'; its values are {_shown(seen)}",
            where=where,
            field=name,
            mend=did_you_mean(event, seen),
        )
    return matches[0]


def _same_number(text: str, event: str) -> bool:
    try:
        return float(text) == float(event)
    except ValueError:
        return False


def _meanings(seen: Iterable[str]) -> dict[str, Meaning]:
    """What each value means by its words, or by its letter where all are A to D."""
    values = list(seen)
    if _are_letters(values):
        return {value: _LETTERS[value.lower()] for value in values}
    meanings = {value: meaning_of(value) for value in values}
    finished = "good" in meanings.values()
    repaid = finished or "bad" in meanings.values()
    for value, meaning in meanings.items():
        if meaning == "either":
            # a loan that pays as it should is still running where others have been paid off
            meanings[value] = "open" if finished and len(values) > 2 else "good"
        elif meaning == "declined" and not repaid:
            meanings[value] = "bad"
        elif meaning == "good" and sounds_approved(value):
            approved_only = all(sounds_approved(v) for v, m in meanings.items() if m == "good")
            meanings[value] = "good" if approved_only else "open"
    return meanings


def _are_letters(values: Iterable[str]) -> bool:
    return {value.lower() for value in values} == set(_LETTERS)


def _beside(bads: list[str], seen: dict[str, int]) -> _Reading:
    """What the values beside the bad ones that were named count as."""
    others = [value for value in seen if value not in bads]
    if len(others) == 1:
        return _Reading(bads, others, [], [], AS_NAMED)
    meanings = {**_meanings(seen), **dict.fromkeys(bads, "bad")}
    if not any(meanings[value] in ("good", "open") for value in others):
        others.sort(key=_as_number)
        zero = [value for value in others if _same_number(value, "0")]
        if zero:
            meanings[zero[0]] = "good"
    more = [value for value in others if meanings[value] == "bad"]
    reading = _sorted([*bads, *more], seen, meanings, AS_NAMED)
    if reading.goods:
        return reading
    # nobody said which is good: the most frequent is drafted, and stands until somebody confirms
    taken = max(reading.unclear or reading.open, key=lambda value: seen[value])
    return _Reading(
        reading.bads,
        [taken],
        [value for value in reading.open if value != taken],
        [value for value in reading.unclear if value != taken],
        AS_NAMED,
        doubt=f"no value is clearly good; '{taken}', the most frequent beside the bad, was taken",
    )


def _as_number(text: str) -> tuple[bool, float, str]:
    try:
        return False, float(text), text
    except ValueError:
        return True, 0.0, text


def _sorted(
    bads: list[str], seen: dict[str, int], meanings: Mapping[str, str], why: str, doubt: str = ""
) -> _Reading:
    rest = [value for value in seen if value not in bads]
    known = ("good", "open", "declined", "unknown")
    return _Reading(
        bads,
        [value for value in rest if meanings[value] == "good"],
        [value for value in rest if meanings[value] in known[1:]],
        [value for value in rest if meanings[value] not in known],
        why,
        doubt,
    )


def _guess_many(name: str, seen: dict[str, int], where: Span | None) -> _Reading:
    meanings = _meanings(seen)
    bads = [value for value in seen if meanings[value] == "bad"]
    if not bads or "good" not in meanings.values():
        raise BadInput(
            f"the target '{name}' has {len(seen)} values: {_shown(seen)}",
            where=where,
            field=name,
            mend="say which is the bad one with --event",
        )
    if _are_letters(seen):
        doubt = "the letters were read as A repaid, B not repaid, C running, D running in debt"
        return _sorted(bads, seen, meanings, "its letter", doubt)
    return _sorted(bads, seen, meanings, "sounds bad" if len(bads) == 1 else "sound bad")


def _guess_pair(name: str, seen: dict[str, int]) -> _Reading:
    """The bad one of two values: by the words, or by what the column's name says of yes.

    Where only the rows' number speaks, that is a doubt, not an answer.
    """
    meanings = _meanings(seen)
    bads = [value for value in seen if meanings[value] == "bad"]
    goods = [value for value in seen if meanings[value] == "good"]
    if len(bads) == 1:
        return _pair(bads[0], seen, f"'{bads[0].lower()}' sounds bad")
    if len(goods) == 1 and not bads:
        other = next(value for value in seen if value != goods[0])
        return _pair(other, seen, f"'{goods[0].lower()}' sounds good")
    yes = _yes_of(seen)
    if yes is None:
        rarer = list(seen)[-1]
        return _pair(rarer, seen, "it is the rarer", "nothing but its being rarer says so")
    return _by_name(name, yes, seen)


def _by_name(name: str, yes: str, seen: dict[str, int]) -> _Reading:
    """Whether yes is bad, as the column's name has it; a name that says nothing marks the event."""
    said = polarity(name)
    if tokens(name) == ("loan", "status") and not _is_number(yes):
        said = "good"  # a loan's status of yes is an approval
    if said == "good":
        no = next(value for value in seen if value != yes)
        return _pair(no, seen, "the column's name sounds good")
    if said == "bad":
        return _pair(yes, seen, "the column's name sounds bad")
    why = f"{yes} marks the event" if _is_number(yes) else f"{yes.lower()} is the event"
    doubt = "more than half of the rows are bad" if seen[yes] > _HALF * sum(seen.values()) else ""
    return _pair(yes, seen, why, doubt)


def _pair(bad: str, seen: dict[str, int], why: str, doubt: str = "") -> _Reading:
    return _Reading([bad], [value for value in seen if value != bad], [], [], why, doubt)


def _yes_of(seen: Iterable[str]) -> str | None:
    """The one of two values that says yes: 1 beside 0 or -1, or yes beside no."""
    values = list(seen)
    if all(_is_number(value) for value in values):
        low, high = sorted(values, key=float)
        return high if float(high) == 1 and float(low) in (0, -1) else None
    words = {is_boolean_word(value): value for value in values}
    return words[True] if set(words) == {True, False} else None


def _is_number(text: str) -> bool:
    return not _as_number(text)[0]


def _refuse_too_few(name: str, events: list[str], bad: pl.Series, where: Span | None) -> None:
    known = bad.len() - bad.null_count()
    bads = int(bad.sum())
    if min(bads, known - bads) < LEAST_OF_EACH:
        event = "' or '".join(events)
        raise BadInput(
            f"{known:,} rows have a known outcome, {bads:,} of them bad ('{name}' is '{event}'); "
            f"a model needs at least {LEAST_OF_EACH} of each outcome",
            where=where,
            field=name,
            mend="give more rows, or name the bad value with --event",
        )

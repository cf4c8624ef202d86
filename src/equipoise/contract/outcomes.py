"""Which value of the target is the bad one."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from equipoise.contract.document import FieldType, Scalar
from equipoise.contract.facts.column import as_plain, read_numbers, spelled
from equipoise.contract.inference import MISSING_WORDS
from equipoise.contract.lexicon import listed
from equipoise.contract.naming import words
from equipoise.errors import BadInput, Span, did_you_mean

MOST_VALUES = 20
LEAST_ROWS = 50
LEAST_OF_EACH = 10
AS_NAMED = "as named"
_BAD = listed(
    "bad|default|defaulted|in default|charged off|charge off|charge-off|chargeoff|written off|"
    "late|delinquent|past due|overdue|arrears|denied|deny|reject|rejected|declined|refused|"
    "fail|failed|fraud|loss|non-performing|npl|negative|neg|-|bankrupt|unpaid|not paid|"
    "late (31-120 days)|does not meet the credit policy. status:charged off",
    by="|",
)
_GOOD = listed(
    "good|paid|fully paid|repaid|paid off|current|approved|accepted|approve|accept|performing|"
    "non-default|no default|not default|nondefault|positive|pos|+|ok|healthy|granted",
    by="|",
)
_YES, _NO = frozenset(("yes", "y", "true", "t")), frozenset(("no", "n", "false", "f"))
_OPEN = listed(
    "current|in grace period|issued|open|active|pending|late (16-30 days)|in process|ongoing",
    by="|",
)
_GOOD_NAMES = listed(
    "approve approved approval accept accepted repaid paid good granted performing success "
    "creditworthy creditability kredit"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The target as drafted: its type, its values, and which of them are bad or still open."""

    type: FieldType
    values: tuple[Scalar, ...]
    events: tuple[Scalar, ...]
    unresolved: tuple[Scalar, ...]
    missing_codes: tuple[Scalar, ...]
    why: str
    bad: pl.Series


def find_outcome(raw: pl.Series, event: str | None, file: str = "") -> Outcome:
    """Decide on the bad value of a target column. Raises BadInput where nobody could.

    Row by row, `bad` is null where the outcome is missing or unresolved.
    """
    where = Span(file) if file else None
    text, codes = _as_text(raw)
    seen: dict[str, int] = dict(text.drop_nulls().value_counts(sort=True, name="rows").rows())
    _refuse_no_outcome(raw.name, seen, where)
    named, why = _named(event, seen, raw.name, where) if event else _guess(raw.name, seen, where)
    # beyond two values, what sounds bad is bad as well, and what is still open is neither
    others = [other for other in seen if other != named] if len(seen) > 2 else []
    bads = [named, *(other for other in others if other.lower() in _BAD)]
    unresolved = [other for other in others if other.lower() in _OPEN]
    bad = pl.select(pl.when(~text.is_in(unresolved)).then(text.is_in(bads))).to_series()
    _refuse_too_few(raw.name, named, bad, where)
    kind = _type_of(raw, seen)
    return Outcome(
        type=kind,
        values=() if kind == "boolean" else tuple(_value(text, kind) for text in sorted(seen)),
        events=tuple(_value(text, kind) for text in bads),
        unresolved=tuple(_value(text, kind) for text in sorted(unresolved)),
        missing_codes=codes,
        why=why,
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


def _named(event: str, seen: dict[str, int], name: str, where: Span | None) -> tuple[str, str]:
    matches = [text for text in seen if text == event.strip()]
    matches += [text for text in seen if text.lower() == event.strip().lower()]
    matches += [text for text in seen if _same_number(text, event)]
    if not matches:
        raise BadInput(
            f"the target '{name}' never is '{event}'; its values are {_shown(seen)}",
            where=where,
            field=name,
            mend=did_you_mean(event, seen),
        )
    return matches[0], AS_NAMED


def _same_number(text: str, event: str) -> bool:
    try:
        return float(text) == float(event)
    except ValueError:
        return False


def _guess(name: str, seen: dict[str, int], where: Span | None) -> tuple[str, str]:
    if len(seen) > 2:
        raise BadInput(
            f"the target '{name}' has {len(seen)} values: {_shown(seen)}",
            where=where,
            field=name,
            mend="say which is the bad one with --event",
        )
    lower = {text.lower(): text for text in seen}
    named_good = bool(_GOOD_NAMES & set(words(name)))
    if set(lower) == {"0", "1"}:
        return ("0", "the column's name sounds good") if named_good else ("1", "1 marks the event")
    yes, no = set(lower) & _YES, set(lower) & _NO
    if yes and no:
        good = named_good or words(name) == ["loan", "status"]
        return (
            (lower[no.pop()], "the column's name sounds good")
            if good
            else (lower[yes.pop()], "yes is the event")
        )
    bad, good_words = set(lower) & _BAD, set(lower) & _GOOD
    if len(bad) == 1:
        word = bad.pop()
        return lower[word], f"'{word}' sounds bad"
    if len(good_words) == 1:
        word = good_words.pop()
        other = next(text for text in seen if text.lower() != word)
        return other, f"'{word}' sounds good"
    return list(seen)[-1], "it is the rarer"


def _refuse_too_few(name: str, event: str, bad: pl.Series, where: Span | None) -> None:
    known = bad.len() - bad.null_count()
    bads = int(bad.sum())
    if known < LEAST_ROWS or min(bads, known - bads) < LEAST_OF_EACH:
        raise BadInput(
            f"{known:,} rows have a known outcome, {bads:,} of them bad ('{name}' is '{event}'); "
            f"a model needs at least {LEAST_ROWS} rows and {LEAST_OF_EACH} of each outcome",
            where=where,
            field=name,
            mend="give more rows",
        )

"""How the numbers of a column are written, as the whole column suggests it.

A mark decides alone where it can be read in one way: the last of two kinds is the decimal mark, a
mark that stands twice or before two groups is a group's, one with other than three digits behind
it, or with 0 before it, is the decimal mark. Where no cell decides, both readings are named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import polars as pl

from equipoise.contract.affixes import SCALES
from equipoise.contract.currencies import is_currency, may_be_unit, one_unit
from equipoise.contract.durations import MONTH_WORDS, YEAR_WORDS
from equipoise.contract.facts.column import read_numbers
from equipoise.contract.lexicon.terms import terms
from equipoise.contract.numbermarks import ENOUGH, agreed_marks, share_of
from equipoise.contract.spelling import MARKS, PLAIN_MARKS

_CELL = (
    r"^(?P<lead>[^0-9]*?)(?P<digits>(?:[0-9]|[.,][0-9])(?:[0-9.,' ]*[0-9])?)"
    r"(?:[eE][+-]?[0-9]+)?(?P<tail>[^0-9]*)$"
)
# letters that mean something else where no other word of size stands beside them: 5B, 1,234.00Cr
_NO_SIZE_ALONE = {"K": frozenset("b"), "lakh": frozenset(("k", "l", "thousand", "cr"))}
_PLAIN = r"^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$"
_MILLION = 1e6
_INFINITE = r"(?i)^[-+]?inf(inity)?$"
_DURATION_NAMES = terms("""
    term terms tenor tenure duration months month maturity period laufzeit plazo prazo duree
    durata looptijd okres срок vade jangka_waktu 期限 期数 期間
""")


@dataclass(frozen=True, slots=True)
class NumberGuess:
    """A way to write numbers that reads nearly all cells; `rival` would read the same cells as
    other numbers, of which `example` is one. `unit` is what the cells say they are in."""

    written: str
    reads: pl.Series
    rival: str | None = None
    example: str = ""
    unit: str = ""


def guess_numbers(
    header: str, text: pl.Series, rows: pl.Series, habit: str = ""
) -> NumberGuess | None:
    """How the different cells of a column write numbers, if they do; `rows` counts each.

    `habit` is the decimal mark of the file's other columns, where they show one.
    """
    infinite = text.str.contains(_INFINITE)
    if share_of(text.str.contains(_PLAIN) | infinite, rows) >= ENOUGH:
        return _plain_numbers(header, text, rows, habit)
    said = text
    if text.str.contains(r"[^\x21-\x7e]").any():
        said = text.str.replace_many(list(MARKS), list(PLAIN_MARKS))
    parts = _apart(said)
    parsed = parts["digits"].is_not_null()
    cells = parts.filter(parsed).with_columns(rows=rows.filter(parsed))
    if share_of(parsed, rows) < ENOUGH or _are_durations(header, cells):
        return _durations(header, text, said, rows)
    return _with_affixes(header, cells, text, rows, habit)


def _with_affixes(
    header: str, cells: pl.DataFrame, text: pl.Series, rows: pl.Series, habit: str
) -> NumberGuess | None:
    """Numbers with marks, signs, words of size, currencies and units."""
    around = _around(cells)
    if around is None:
        return None
    money = around.before + around.after
    marks = agreed_marks(header, cells["digits"], cells["rows"], money, habit)
    if marks is None:
        return None
    written, rival = around.format(marks.core), around.format(marks.rival)
    reads = read_numbers(text, written)
    if share_of(reads.is_not_null() & ~reads.is_nan(), rows) < ENOUGH:
        return None
    guess = NumberGuess(written, reads, rival or None, marks.example, around.unit)
    return _with_rival_term(guess, around.size, cells["tail"])


def _plain_numbers(header: str, text: pl.Series, rows: pl.Series, habit: str) -> NumberGuess | None:
    """Numbers as programs write them, unless each has three digits behind a point."""
    plain = text.str.contains(_PLAIN)
    digits = text.filter(plain).str.replace(r"^[-+]", "").str.replace(r"[eE].*$", "")
    marks = agreed_marks(header, digits, rows.filter(plain), (), habit)
    if marks is None or marks.core == "1,234.5":
        rival, example = (marks.rival, marks.example) if marks else (None, "")
        return NumberGuess("", read_numbers(text), rival, example)
    return NumberGuess(marks.core, read_numbers(text, marks.core), marks.rival, marks.example)


def _apart(said: pl.Series) -> pl.DataFrame:
    """What stands before the digits, the digits and what stands behind them, of each cell."""
    parts = said.str.extract_groups(_CELL).struct.unnest()
    # the point of Rs.500 is the word's
    abbreviated = pl.col("lead").str.contains(r"\p{L}$") & pl.col("digits").str.starts_with(".")
    tail = pl.col("tail").str.replace("^[.,]-", "")
    return parts.with_columns(
        lead=pl.when(abbreviated).then(pl.col("lead") + ".").otherwise("lead"),
        digits=pl.when(abbreviated).then(pl.col("digits").str.slice(1)).otherwise("digits"),
        tail=tail,
    ).with_columns(
        lead=_without_signs(pl.col("lead"), r"[-+(' ]"),
        tail=_without_signs(pl.col("tail"), r"[-)' ]"),
    )


def _without_signs(part: pl.Expr, signs: str) -> pl.Expr:
    """What stands around the digits, without signs and blanks at its ends."""
    bare = part.fill_null("").str.replace_all(f"^{signs}+|{signs}+$", "")
    return bare.str.strip_chars(" ")


def _counted(words: pl.Series, rows: pl.Series) -> dict[str, int]:
    """How many rows hold each word, in small letters."""
    small = pl.DataFrame({"word": words.str.to_lowercase(), "rows": rows})
    counts = small.group_by("word").agg(pl.col("rows").sum())
    return {
        word: n for word, n in counts.sort("rows", "word", descending=[True, False]).rows() if word
    }


class _Around(NamedTuple):
    """What stands around a column's digits: prefixes, the kind of sizes, suffixes."""

    before: tuple[str, ...]
    size: str
    after: tuple[str, ...]

    def format(self, core: str | None) -> str:
        """The format with that core."""
        if core is None:
            return ""
        prefix, suffix = "|".join(self.before), "|".join(self.after)
        lead = f"{prefix} " if prefix and (prefix[-1].isalpha() or prefix[-1] == ".") else prefix
        space = "" if not suffix or (suffix == "%" and not self.size) else " "
        return f"{lead}{core}{self.size}{space}{suffix}"

    @property
    def unit(self) -> str:
        """What the cells say they are in."""
        return "percent" if "%" in self.after else "|".join((self.before or self.after)[:1])


def _around(cells: pl.DataFrame) -> _Around | None:
    """What stands around the digits; None where it is no number's."""
    lead, tail, rows = cells["lead"], cells["tail"], cells["rows"]
    total = float(rows.sum())
    prefixes = {w: n for w, n in _counted(lead, rows).items() if n >= (1 - ENOUGH) * total / 4}
    if not all(map(is_currency, prefixes)) or len({w.rstrip(".") for w in prefixes}) > 1:
        return None
    suffixes = {w: n for w, n in _counted(tail, rows).items() if n >= (1 - ENOUGH) * total / 4}
    size, units = _sizes(list(suffixes))
    names = {w.rstrip(".") for w in units}
    if len(names) > 1 and not one_unit(names):
        return None
    if units and not all(map(may_be_unit, units)):
        return None
    many = sum(n for w, n in suffixes.items() if w in units)
    if units and not all(map(is_currency, units)) and units != ["%"] and many < total / 2:
        return None  # a code with a letter behind it now and then
    return _Around(_as_written(prefixes, lead), size, _as_written(units, tail))


def _as_written(words: Iterable[str], cells: pl.Series) -> tuple[str, ...]:
    """Words as most cells write them."""
    return tuple(
        next(iter(cells.str.extract(f"(?i)({re.escape(word)})$").drop_nulls().mode().sort()), word)
        for word in words
    )


def _sizes(suffixes: list[str]) -> tuple[str, list[str]]:
    """Which words of size the suffixes use, and what units are left of them."""
    for name, words in SCALES.items():
        left, used = [], set()
        for suffix in suffixes:
            longest = sorted(words, key=len, reverse=True)
            size = next((word for word in longest if _sized(suffix, word)), "")
            used |= {size} - {""}
            rest = suffix[len(size) :].lstrip(" .")
            if rest:
                left.append(rest)
        if not used - _NO_SIZE_ALONE.get(name, frozenset()):
            continue
        if all(map(is_currency, left)):
            return name, list(dict.fromkeys(left))
    return "", suffixes


def _sized(suffix: str, word: str) -> bool:
    if is_currency(suffix):
        return False
    rest = suffix.removeprefix(word) if suffix.startswith(word) else "-"
    return rest == "" or is_currency(rest.lstrip(" ."))


def _are_durations(header: str, cells: pl.DataFrame) -> bool:
    lead, tail, rows = cells["lead"], cells["tail"], cells["rows"]
    words = {word.rstrip(".") for word in _counted(tail, rows)}
    known = {*MONTH_WORDS, *YEAR_WORDS}
    counted = {word.lstrip("+ ") for word in words} - {""}
    if not counted or not counted <= known:
        return False
    if counted <= {"m", "y", "月"}:  # millions and metres are written so too
        return bool(_DURATION_NAMES.within(header)) or counted >= {"m", "y"}
    return not any(map(is_currency, _counted(lead, rows)))


def _durations(
    header: str, text: pl.Series, said: pl.Series, rows: pl.Series
) -> NumberGuess | None:
    """Months and years in words; a column that names months alone or both is in months."""
    named = said.str.contains(r"[^\x00-\x7f]|[A-Za-z]")
    if not named.any():
        return None
    months = read_numbers(text, "months")
    fits = months.is_not_null() & months.is_finite()
    if share_of(fits, rows) < ENOUGH or not (fits & named).any():
        return None
    if _DURATION_NAMES.within(header) or _names_months(said.filter(fits & named)):
        return NumberGuess("months", months, unit="months")
    return NumberGuess("years", read_numbers(text, "years"), unit="years")


def _names_months(cells: pl.Series) -> bool:
    listed = cells.str.to_lowercase().str.extract_all(r"[^0-9\s.,+<>]+").explode()
    return bool(listed.is_in(MONTH_WORDS).any() or listed.str.contains("月|期|개월").any())


def _with_rival_term(guess: NumberGuess, size: str, tail: pl.Series) -> NumberGuess:
    """Where all sizes are an M, millions and months are written alike."""
    words = set(tail.str.to_lowercase().unique().to_list()) - {""}
    terms_of_loans = (guess.reads / _MILLION).drop_nulls()
    whole = bool((terms_of_loans == terms_of_loans.floor()).all())
    if size != "K" or words != {"m"} or guess.rival or guess.unit or not whole:
        return guess
    example = f"{int(terms_of_loans[0])}M" if terms_of_loans.len() else ""
    return replace(guess, rival="months", example=example)

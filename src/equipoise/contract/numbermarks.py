"""Which mark of a column's numbers is the decimal one, and which parts thousands.

A mark decides alone where it can be read in one way: the last of two kinds is the decimal mark, a
mark that stands twice or before two groups is a group's, one with other than three digits behind
it, or with 0 before it, is the decimal mark. Where no cell decides, both readings are named.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from equipoise.contract.affixes import CORES
from equipoise.contract.currencies import has_three_decimals, is_currency
from equipoise.contract.lexicon.terms import terms

ENOUGH = 0.98  # of the rows must read as the type; the rest is refused, and counted
_RATIOS = terms("""
    ratio rate share pct percent percentage proportion quota quote quotient dti ltv util*
    utilis* utiliz* apr tasa taux taxa tasso zins* satz anteil rente oran faktor factor score
    probability pd lgd
    率 比率 比例
""")
_LEAST_GROUPED = 3  # different cells with a mark, beside one without, show that it groups
_ROUND = 0.25  # of numbers end with 0 where people round: more than the tenth of measures


class Marks(NamedTuple):
    """The core of a format (`affixes.CORES`), another that would read the cells as well, and a
    cell that the two read differently."""

    core: str
    rival: str | None
    example: str


def share_of(fits: pl.Series, rows: pl.Series) -> float:
    """The share of all rows that stand behind the different cells that fit."""
    return float(rows.filter(fits.fill_null(value=False)).sum()) / float(rows.sum())


_ONE_MARK = r"^[1-9][0-9]{0,2}%s[0-9]{3}$"


def agreed_marks(
    header: str,
    digits: pl.Series,
    rows: pl.Series,
    money: tuple[str, ...],
    habit: str,
) -> Marks | None:
    """The format's core that the marks of all cells agree on, and a rival where none decides."""
    blanks, quotes = digits.str.contains(" "), digits.str.contains("'")
    commas, dots = digits.str.count_matches(","), digits.str.count_matches(r"\.")
    grouped = blanks | quotes
    last = digits.str.extract(r"([.,])[^.,]*$")
    both = (commas > 0) & (dots > 0)
    india = digits.str.contains(r"^[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}$")
    decides: dict[str, pl.Series] = {}
    for mark, own, other in ((",", commas, dots), (".", dots, commas)):
        unsure = digits.str.contains(_ONE_MARK % ("," if mark == "," else r"\."))
        alone = (own == 1) & (other == 0) & ~unsure
        decides[mark] = alone | (both & (last == mark)) | ((other > 1) & (own == 0))
    decides["."] = decides["."] | india
    decides[","] = decides[","] & ~india
    for_comma, for_dot = share_of(decides[","], rows), share_of(decides["."], rows)
    if min(for_comma, for_dot) > 1 - ENOUGH:
        return None
    unsure = ~grouped & ((commas + dots) == 1) & digits.str.contains(_ONE_MARK % "[.,]")
    if for_comma or for_dot or not unsure.any():
        decimal = "," if for_comma > for_dot or (not for_dot and blanks.any()) else "."
        return Marks(_core(decimal, blanks.any(), quotes.any()), None, "")
    return _undecided(header, digits, unsure, money, habit)


def _core(decimal: str, blanks: object, quotes: object) -> str:
    group = " " if blanks else "'" if quotes else "." if decimal == "," else ","
    return next(core for core, marks in CORES.items() if marks == (group, decimal))


def _undecided(
    header: str, digits: pl.Series, unsure: pl.Series, money: tuple[str, ...], habit: str
) -> Marks | None:
    """Every mark has three digits behind it: groups or decimals."""
    marked = digits.filter(unsure)
    mark = "," if marked.str.contains(",").all() else "."
    if not marked.str.contains("," if mark == "," else r"\.").all():
        return None  # 1,234 beside 1.234: nobody can tell which is which
    other = "." if mark == "," else ","
    as_group, as_decimal = _core(other, False, False), _core(mark, False, False)
    bare = digits.filter(~unsure)
    small = bare.filter(bare.str.contains(r"^[1-9][0-9]{0,2}$"))
    example = str(marked.min())
    in_money = any(map(is_currency, money))
    coins = in_money and not any(map(has_three_decimals, money))
    if coins or (marked.n_unique() >= _LEAST_GROUPED and small.len() == bare.len() > 0):
        return Marks(as_group, None, "")  # no money has three decimals; thousands show groups
    if mark == "." and habit == ".":
        return Marks(as_decimal, None, "")
    groups_likelier = _likelier_groups(header, mark, marked, habit, money)
    likely, rival = (as_group, as_decimal) if groups_likelier else (as_decimal, as_group)
    return Marks(likely, rival, example)


def _likelier_groups(
    header: str, mark: str, marked: pl.Series, habit: str, money: tuple[str, ...]
) -> bool:
    if "%" in money or _RATIOS.within(header):
        return False
    if habit:
        return habit != mark
    return mark == "," or float(marked.str.ends_with("0").mean() or 0.0) > _ROUND  # type: ignore[arg-type]

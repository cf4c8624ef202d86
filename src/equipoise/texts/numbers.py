"""Numbers as people read them: separators, a true minus, units, money with its currency.

English groups digits by thin spaces and says percentage points; Chinese groups by commas, counts
in ten thousands (万) and hundred millions (亿), and writes per cent without a space.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from equipoise.texts.saying import known, marked, retold, say, spoken

THIN = "\u202f"  # narrow no-break space: groups digits, never breaks a line
MINUS = "\u2212"
ABSENT = "–"
FEW = 10  # of fewer people the counts are told, and nothing reckoned from them
POINTS = marked("{change} percentage points")


@dataclass(frozen=True, slots=True)
class Format:
    """How a language writes numbers: separators, and its words for large amounts.

    `sizes` holds the size, its word and from how many of it on the word is used, largest first;
    `ticks` the sizes and words of an axis, smallest first, none where it is left to d3.
    """

    thousands: str
    percent: str
    sizes: tuple[tuple[float, str, float], ...]
    ticks: tuple[tuple[float, str], ...] = ()


_ENGLISH = Format(THIN, f"{THIN}%", ((1e9, " billion", 1), (1e6, " million", 10)))
_CHINESE = Format(",", "%", ((1e8, "亿", 1), (1e4, "万", 1000)), ticks=((1e4, "万"), (1e8, "亿")))
_FORMATS = {"en": _ENGLISH, "zh": _CHINESE}


def written(language: str = "") -> Format:
    """The format of the language, or of the one spoken now."""
    return _FORMATS.get(known(language) if language else spoken(), _ENGLISH)


# Unit words that mean "a fraction of one", shown as per cent.
_SHARES = frozenset({"share", "fraction", "rate", "ratio", "proportion", "probability", "apr"})
_COUNTS = frozenset(
    {"customers", "good customers", "applicants", "people", "loans", "applications", "cases"}
)


def real(value: Any) -> float | None:
    """The value as a finite float, or None for anything else (missing, NaN, infinite, text)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def fixed(value: float, decimals: int) -> str:
    """Digits in groups, with a true minus and no minus before a rounded zero."""
    text = f"{abs(value):,.{decimals}f}".replace(",", written().thousands)
    is_zero = not any(digit in text for digit in "123456789")
    return text if value >= 0 or is_zero else MINUS + text


def plain(value: Any) -> str:
    """A number with about three significant digits; whole numbers and thousands stay whole."""
    x = real(value)
    if x is None:
        return ABSENT
    if x == round(x):
        return fixed(x, 0)
    text = fixed(x, _decimals(x))
    return text.rstrip("0").rstrip(".") if "." in text else text


def precise(value: Any) -> str:
    """Six significant digits, to tell a value from its bound."""
    x = real(value)
    if x is None:
        return ABSENT
    whole = len(str(int(min(abs(x), 1e9))))
    return fixed(x, max(6 - whole, 0))


def three_decimals(value: Any) -> str:
    """A figure between 0 and 1 that is compared with others, such as an AUC."""
    x = real(value)
    return ABSENT if x is None else fixed(x, 3)


def count(value: Any) -> str:
    """People or things: no decimals."""
    x = real(value)
    return ABSENT if x is None else fixed(x, 0)


def percent(value: Any) -> str:
    """A fraction of one as per cent: 0.0231 becomes 2.31 %."""
    share = real(value)
    x = None if share is None else real(share * 100)
    if x is None:
        return ABSENT
    return f"{fixed(x, 0 if x == 0 else min(_decimals(x), 4))}{written().percent}"


def money(value: Any, currency: str) -> str:
    """An amount with its currency; millions and billions in words from ten million up."""
    x = real(value)
    return ABSENT if x is None else with_currency(_amount(x), currency)


def with_currency(amount: str, currency: str) -> str:
    """A written amount and its currency, which stands before it in every language of ours and on
    one line with it. Source: Unicode CLDR, the pattern of currency formats of en and zh."""
    return f"{currency}{THIN}{amount}" if currency else amount


def millions(value: Any, currency: str) -> str:
    """An amount with its currency, in words from a million up: for columns of large amounts."""
    x = real(value)
    size, word, _ = written().sizes[-1]
    if x is None or (abs(x) < 1e6):
        return money(value, currency)
    return with_currency(f"{plain(x / size)}{word}", currency)


def signed(text: str) -> str:
    """A plus before a formatted amount that has no minus: changes read as changes.

    Nothing has no sign.
    """
    plain_zero = not any(digit in text for digit in "123456789")
    return text if MINUS in text or text == ABSENT or plain_zero else f"+{text}"


def quantity(value: Any, unit: str, currency: str = "") -> str:
    """A value with its unit, in the way that unit is read."""
    word = unit.strip()
    if word.lower() in _SHARES:
        return percent(value)
    if word and (word == currency or word.lower() == "money"):
        return money(value, currency)
    if word.lower() in _COUNTS:
        return say("{amount} {unit}", amount=count(value), unit=unit_word(word))
    if real(value) is None or not word:
        return plain(value)
    return _with_unit(plain(value), word)


def _with_unit(amount: str, unit: str) -> str:
    if unit == "%":
        return f"{amount}{written().percent}"
    if unit.startswith("per "):
        return say("{amount} {rate}", amount=amount, rate=unit_word(unit))
    return say("{amount} {unit}", amount=amount, unit=unit_word(unit))


def in_unit(label: str, unit: str) -> str:
    """What a column or an axis is called that says its unit."""
    return say("{label}, {unit}", label=label, unit=unit_word(unit))


def unit_word(unit: str) -> str:
    """A unit in the language spoken now; a lender's own unit as it is."""
    return retold(unit, "unit")


def points(share: Any) -> str:
    """A difference of two shares in percentage points: 0.0072 becomes 0.72 percentage points."""
    x = real(share)
    x = None if x is None else real(x * 100)
    if x is None:
        return ABSENT
    return say(POINTS, change=fixed(x, 0 if x == 0 else min(_decimals(x), 4)))


def span(low: str, high: str) -> str:
    """From one written number to another."""
    return say("{low} to {high}", low=low, high=high)


def points_span(low: Any, high: Any) -> str:
    """From one difference of shares to another, with signs; the unit is said once."""
    return span(signed(points(low)).removesuffix(say(POINTS, change="")), signed(points(high)))


def aligned(values: Sequence[Any], unit: str = "", digits: int = 3) -> list[str]:
    """A column in one format: as many decimals in each as its largest needs for `digits` digits.

    Shares read as per cent; money and counts stand without their unit, which the head says.
    """
    share = unit.strip().lower() in _SHARES
    scaled = [_times(value, 100 if share else 1) for value in values]
    sizes = [abs(x) for x in scaled if x is not None]
    places = decimals_of(sizes, digits)
    return [
        ABSENT if x is None else fixed(x, places) + (written().percent if share else "")
        for x in scaled
    ]


def decimals_of(sizes: Sequence[float], digits: int = 3) -> int:
    """Decimals for a column of these sizes: none where all are whole, else for its largest."""
    if all(size == round(size) for size in sizes):
        return 0
    return min(_decimals(max(sizes)) + digits - 3, 6)


def rounded(value: Any, decimals: int = 0) -> float:
    """The figure that a page shows, so that what is added up there adds up; absent counts zero."""
    x = real(value)
    return 0.0 if x is None else round(x, decimals) + 0.0


def shares(counts: Sequence[float], decimals: int = 1) -> list[float]:
    """Per cent of the whole, rounded so that they add up to 100 (largest remainders).

    All zero where the whole is.
    """
    whole, step = sum(counts), 10**decimals
    if not whole > 0:
        return [0.0 for _ in counts]
    exact = [count / whole * 100 * step for count in counts]
    floors = [math.floor(x) for x in exact]
    left = 100 * step - sum(floors)
    for at in sorted(range(len(exact)), key=lambda i: floors[i] - exact[i])[:left]:
        floors[at] += 1
    return [floor / step for floor in floors]


def in_order(name: str) -> tuple[float, str]:
    """What to sort names of groups by: bands of a number by their edges, all else by name."""
    if name.startswith("under "):
        return -math.inf, name
    edge = re.match(r"(-?[\d.]+(?:e[+-]?\d+)?) (?:to|and over)", name)
    return (float(edge[1]) if edge else math.inf), name


def _times(value: Any, factor: int) -> float | None:
    x = real(value)
    return None if x is None else real(x * factor)


def axis_format(unit: str, currency: str = "") -> str:
    """The d3 format of an axis in this unit; empty for Vega's own."""
    if unit.strip().lower() in _SHARES:
        return "~%"
    return "~s" if unit and (unit == currency or unit.lower() == "money") else ""


def _amount(x: float) -> str:
    for size, word, least in written().sizes:
        if abs(x) >= least * size:
            return f"{fixed(x / size, _decimals(x / size))}{word}"
    return fixed(x, 0 if abs(x) >= 20 or x == round(x) else 2)


def _decimals(x: float) -> int:
    """Decimals that leave three significant digits, two for amounts below one."""
    if x == 0 or abs(x) >= 99.95:
        return 0
    size = math.floor(math.log10(float(f"{abs(x):.2e}")))  # 9.999 reads as 10
    return 2 - size if size >= 0 else min(1 - size, 6)

"""What type a column of text or numbers is, and how it writes what is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, floor, log10

import polars as pl

from equipoise.contract.document import FieldType, Scalar
from equipoise.contract.facts.column import read_numbers
from equipoise.contract.facts.days import read_days
from equipoise.contract.grammar import FALSE_WORDS, TRUE_WORDS
from equipoise.contract.lexicon import listed, sounds_like_date, sounds_postal
from equipoise.contract.patterns import EARLIEST_YEAR, day_pattern

MISSING_WORDS = listed(
    "na|n/a|#n/a|nan|null|(null)|none|nil|missing|unknown|?|.|-|--|not available|not applicable|"
    "xna|<na>|nat",
    by="|",
)
ENOUGH = 0.98  # of the rows must read as the type; the rest is refused, and counted
_DATE_FORMATS = (
    "%Y-%m", "%b-%Y", "%b %Y", "%B %Y", "%b-%y", "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d.%m.%Y",
    "%m/%d/%Y", "%d/%m/%Y", "%m-%d-%Y", "%d-%m-%Y", "%m/%d/%y", "%d/%m/%y",
)  # fmt: skip
_PLAIN = r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$"
_WRITTEN = {
    "1,234.5%": (r"^[-+]?\d+\.?\d*\s*%$", r"%$"),
    "1,234.5": (r"^[-+$€£¥\s]*(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$", r"[,$€£¥]"),
    "1.234,5": (r"^[-+€\s]*(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$", r","),
}
_TYPES_OF_INTEGERS = 18  # digits beyond which a number is a name


@dataclass(frozen=True, slots=True)
class Guess:
    """A column's type as its values suggest it; `unread` is how many of its rows do not fit."""

    type: FieldType
    format: str = ""
    missing_codes: tuple[Scalar, ...] = ()
    unread: int = 0
    ambiguous: str = ""


def guess_type(raw: pl.Series) -> Guess:
    """The type of a plain column (see `as_plain`)."""
    if raw.dtype == pl.String:
        return _guess_text(raw)
    if raw.dtype.is_integer() or raw.dtype == pl.Float64:
        return _guess_number(raw)
    if raw.dtype == pl.Boolean:
        return Guess("boolean")
    return Guess("date" if raw.dtype == pl.Date else "string")


def _guess_text(raw: pl.Series) -> Guess:
    counts = raw.drop_nulls().value_counts(name="rows")
    text, rows = counts.to_series(0), counts["rows"]
    missing = text.str.to_lowercase().is_in(sorted(MISSING_WORDS))
    codes = tuple(sorted(text.filter(missing)))
    text, rows = text.filter(~missing), rows.filter(~missing)
    for guess in (_guess_text_number, _guess_boolean, _guess_date):
        found = guess(raw.name, text, rows) if text.len() else None
        if found is not None:
            return replace(found, missing_codes=codes)
    return Guess("string")


def _guess_number(raw: pl.Series) -> Guess:
    if sounds_postal(raw.name):
        return Guess("string")
    if raw.dtype.is_integer():
        if sounds_like_date(raw.name) and _are_compact_dates(raw.cast(pl.String)):
            return Guess("date", "%Y%m%d")
        return Guess("integer")
    return Guess("number")


def _guess_text_number(header: str, text: pl.Series, rows: pl.Series) -> Guess | None:
    if sounds_postal(header) or text.str.contains(r"^[-+]?0\d").any():
        return None  # 007 is a code, and so is a postal code
    if sounds_like_date(header) and _are_compact_dates(text):
        return Guess("date", "%Y%m%d")
    written = ""
    fits = text.str.contains(_PLAIN) | _is_infinite(text)
    if _share(fits, rows) < ENOUGH:
        written = _number_format(text, rows)
        if not written:
            return None
        fits = text.str.contains(_WRITTEN[written][0])
    good = text.filter(fits)
    if (good.str.count_matches(r"\d") > _TYPES_OF_INTEGERS).any() and not good.str.contains(
        r"[.eE]"
    ).any():
        return None
    values = read_numbers(good, written)
    finite = values.filter(values.is_finite())
    whole = bool((finite.floor() == finite).all()) and not written
    return Guess("integer" if whole else "number", written, unread=int(rows.filter(~fits).sum()))


def _is_infinite(text: pl.Series) -> pl.Series:
    return text.str.to_lowercase().str.contains(r"^[-+]?inf(inity)?$")


def _number_format(text: pl.Series, rows: pl.Series) -> str:
    for written, (pattern, sign) in _WRITTEN.items():
        if _share(text.str.contains(pattern), rows) >= ENOUGH and text.str.contains(sign).any():
            return written
    return ""


def _share(fits: pl.Series, rows: pl.Series) -> float:
    return float(rows.filter(fits).sum()) / float(rows.sum())


def _are_compact_dates(text: pl.Series) -> bool:
    text = text.drop_nulls()
    shaped = text.str.contains(r"^(19|20)\d{6}$").all()
    return text.len() > 0 and bool(shaped) and _dates(text, "%Y%m%d").null_count() == 0


def _dates(text: pl.Series, written: str) -> pl.Series:
    days = read_days(text, (day_pattern(written),), "UTC")
    return pl.select(pl.when(days.dt.year() >= EARLIEST_YEAR).then(days)).to_series()


def _guess_boolean(_header: str, text: pl.Series, _rows: pl.Series) -> Guess | None:
    seen = set(text.str.to_lowercase())
    pairs = zip(TRUE_WORDS, FALSE_WORDS, strict=True)
    return Guess("boolean") if any(seen == set(pair) for pair in pairs) else None


def _guess_date(_header: str, text: pl.Series, rows: pl.Series) -> Guess | None:
    if not text.str.contains(r"\d").all():
        return None
    iso = text.str.contains(r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}([T ]\d{1,2}:\d{2}.*)?$")
    if _share(iso, rows) >= ENOUGH:
        return Guess("date", unread=int(rows.filter(~iso).sum()))
    fitting = []
    for written in _DATE_FORMATS:
        fits = _dates(text, written).is_not_null()
        if _share(fits, rows) >= ENOUGH:
            fitting.append((written, int(rows.filter(~fits).sum())))
    if not fitting:
        return None
    written, unread = fitting[0]
    others = [
        other
        for other, _ in fitting[1:]
        if {"%m", "%d"} <= set(other.replace("/", " ").replace("-", " ").split())
    ]
    ambiguous = f"'{others[0]}' would fit as well" if others else ""
    return Guess("date", written, unread=unread, ambiguous=ambiguous)


def _swapped(written: str) -> str:
    """The pattern with day and month changed over: the pair nobody can tell apart early on."""
    return written.replace("%m", "%?").replace("%d", "%m").replace("%?", "%d")


def sentinels(values: pl.Series) -> tuple[int, ...]:
    """Numbers such as -9999 or 999999 that stand for a missing value: nines, far from the rest."""
    found = []
    for end in (values.min(), values.max()):
        if not isinstance(end, (int, float)) or not _only_nines(end):
            continue
        rest = values.filter(values != end)
        near = rest.min() if end < 0 else rest.max()
        if not isinstance(near, (int, float)):
            continue
        if (end < 0 <= near) or (end > 0 and end > 3 * near):
            found.append(int(end))
    return tuple(found)


def _only_nines(value: float) -> bool:
    text = str(int(abs(value)))
    return float(value).is_integer() and set(text) == {"9"} and len(text) >= (2 if value < 0 else 3)


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

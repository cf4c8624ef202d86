"""A scorecard written as a table: one row for each attribute, as CSV.

Columns, in any order and any case: `characteristic`; the ends of a bin, as `from` and `to`
(from <= x < to) or as `above` and `up_to` (above < x <= up_to), an empty end being open; `values`,
texts or special codes between `|`; `points`. In `values`, `missing` is the row of missing values
and `*` that of every value no other row names. A characteristic called `base` holds points that
everybody gets. A characteristic without such a row refuses to score what falls beside its rows.

Whole bins whose ends leave gaps of one (18-25, 26-35) hold their ends: that is said in a note.
Separators are commas, semicolons or tabs; beside semicolons and tabs numbers may have decimal
commas.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from equipoise.errors import BadInput, did_you_mean
from equipoise.risk.characteristic import Attribute, Categorical, Characteristic, Numeric
from equipoise.risk.foreign import (
    MAX_ATTRIBUTES,
    MAX_FEATURES,
    Card,
    ForeignFeature,
    ForeignModel,
    attribute,
)

FORMAT = "scorecard table (CSV)"
LABELS = {
    "characteristic": ("characteristic", "variable", "attribute_of", "feature", "merkmal"),
    "from": ("from", "min", "low", "lower", "von"),
    "to": ("to", "max", "high", "upper", "bis"),
    "above": ("above", "over"),
    "up_to": ("up_to", "upto", "up to"),
    "values": ("values", "value", "category", "categories", "werte"),
    "points": ("points", "score", "punkte", "puntos"),
}
BASE = {"base", "base points", "base_points", "basepoints", "intercept", "constant", "basis"}
MISSING = {"missing", "(missing)", "[missing]"}
OTHER = {"*", "(other)", "(else)", "[other]"}


@dataclass(frozen=True, slots=True)
class _Row:
    """One attribute as written; `line` counts from 1."""

    line: int
    low: float | None
    high: float | None
    values: tuple[str, ...]
    points: float

    @property
    def label(self) -> str:
        if self.values:
            return ", ".join(self.values)
        low = "" if self.low is None else f"{self.low:g}"
        return f"{low}..{'' if self.high is None else f'{self.high:g}'}"

    def is_of(self, words: set[str]) -> bool:
        return len(self.values) == 1 and self.values[0].casefold() in words


def read(raw: bytes) -> ForeignModel:
    """Read the table. Raises BadInput with the line of what cannot be read."""
    header, lines, comma = _cells(raw)
    closed = "above" in header or "up_to" in header
    rows: dict[str, list[_Row]] = {}
    base = 0.0
    for line, cells in lines:
        name = cells.get("characteristic", "")
        if not name:
            raise BadInput(f"line {line}: the row names no characteristic", field="characteristic")
        row = _row(line, cells, comma)
        if name.casefold() in BASE and not row.values and row.low is row.high is None:
            base += row.points
        else:
            rows.setdefault(name, []).append(row)
    if not rows:
        raise BadInput("the scorecard has no characteristic", mend="give a row for each attribute")
    if len(rows) > MAX_FEATURES:
        raise BadInput(f"the scorecard has {len(rows):,} characteristics, over {MAX_FEATURES:,}")
    notes: list[str] = []
    made = [_characteristic(name, each, closed, notes) for name, each in rows.items()]
    features = tuple(
        ForeignFeature(each.name, "number" if isinstance(each, Numeric) else "category")
        for each in made
    )
    return ForeignModel(FORMAT, Card(tuple(made), base), features, "points", None, tuple(notes))


def _cells(raw: bytes) -> tuple[list[str], list[tuple[int, dict[str, str]]], bool]:
    """Header in our words, each line's cells by them, and whether commas may be decimal."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"byte {error.start} is not UTF-8", mend="save the file as UTF-8") from None
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        written = [cell.strip() for cell in next(reader, [])]
        header = [_in_our_words(cell, written) for cell in written]
        lines: list[tuple[int, dict[str, str]]] = []
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(cells) > len(header):
                    raise BadInput(
                        f"line {reader.line_num}: {len(cells)} cells under {len(header)} columns",
                        mend="quote cells that hold the separator",
                    )
                named = zip(header, (cell.strip() for cell in cells), strict=False)
                lines.append((reader.line_num, dict(named)))
                if len(lines) > MAX_ATTRIBUTES:
                    raise BadInput(f"the scorecard has over {MAX_ATTRIBUTES:,} rows")
    except csv.Error as error:
        raise BadInput(f"line {reader.line_num}: {error}") from None
    for needed in ("characteristic", "points"):
        if needed not in header:
            raise BadInput(
                f"the scorecard has no column '{needed}'",
                field=needed,
                mend=did_you_mean(needed, [cell for cell in written if cell]),
            )
    return header, lines, separator != ","


def _in_our_words(cell: str, header: Sequence[str]) -> str:
    for ours, theirs in LABELS.items():
        if cell.casefold() in theirs:
            if sum(each.casefold() in theirs for each in header) > 1:
                raise BadInput(f"two columns say '{ours}'", field=cell, mend="take one out")
            return ours
    return cell


def _row(line: int, cells: Mapping[str, str], comma: bool) -> _Row:
    low = cells.get("from") or cells.get("above") or ""
    high = cells.get("to") or cells.get("up_to") or ""
    values = tuple(each for part in cells.get("values", "").split("|") if (each := part.strip()))
    if values and (low or high):
        raise BadInput(f"line {line}: a row has a range or values, not both", field="values")
    points = _number(cells.get("points", ""), line, comma, "points")
    if points is None or not math.isfinite(points):
        raise BadInput(f"line {line}: the row has no points", field="points")
    return _Row(line, _end(low, line, comma, "from"), _end(high, line, comma, "to"), values, points)


def _end(text: str, line: int, comma: bool, column: str) -> float | None:
    number = _number(text, line, comma, column)
    return None if number is None or math.isinf(number) else number


def _number(text: str, line: int, comma: bool, column: str) -> float | None:
    if not text:
        return None
    plain = text.replace(",", ".") if comma and text.count(",") == 1 and "." not in text else text
    try:
        number = float(plain.replace("−", "-").replace("∞", "inf"))
    except ValueError:
        number = math.nan
    if math.isnan(number) or "_" in plain:
        raise BadInput(f"line {line}: '{text[:40]}' is no number", field=column)
    return number


def _characteristic(name: str, rows: list[_Row], closed: bool, notes: list[str]) -> Characteristic:
    missing = _only(name, [row for row in rows if row.is_of(MISSING)], "missing values")
    other = _only(name, [row for row in rows if row.is_of(OTHER)], "other values")
    plain = [row for row in rows if not row.is_of(MISSING) and not row.is_of(OTHER)]
    bins = [row for row in plain if not row.values]
    named = [row for row in plain if row.values]
    if not bins:
        return Categorical(
            name,
            0.0,
            tuple(row.values for row in named),
            tuple(attribute(row.label, row.points) for row in named),
            missing,
            other,
        )
    special = tuple(
        (_code(name, row, text), attribute(row.label, row.points))
        for row in named
        for text in row.values
    )
    edges, attributes = _bins(name, bins, closed, other, notes)
    return Numeric(name, 0.0, edges, attributes, missing, special)


def _code(name: str, row: _Row, text: str) -> float:
    number = _number(text, row.line, False, "values")
    if number is None:
        raise BadInput(f"line {row.line}: '{name}' has an empty code", field="values")
    return number


def _only(name: str, rows: list[_Row], what: str) -> Attribute | None:
    if len(rows) > 1:
        raise BadInput(f"line {rows[1].line}: '{name}' has two rows for {what}", field=name)
    return attribute(rows[0].label, rows[0].points) if rows else None


def _bins(
    name: str, rows: list[_Row], closed: bool, other: Attribute | None, notes: list[str]
) -> tuple[tuple[float, ...], tuple[Attribute, ...]]:
    """Edges and attributes of bins that may leave gaps; what falls into a gap is `other`."""
    ordered = sorted(rows, key=lambda row: -math.inf if row.low is None else row.low)
    whole = not closed and _hold_their_ends(ordered)
    if whole:
        notes.append(
            f"the ends of the bins of '{name}' are taken to be in them, as "
            f"{ordered[0].label} is followed by {ordered[1].label}"
        )
    gap = Attribute("beside the bins", 0.0, None) if other is None else other
    edges: list[float] = []
    attributes: list[Attribute] = []
    end: float | None = -math.inf
    for row in ordered:
        low = -math.inf if row.low is None else _edge(row.low, closed)
        high = None if row.high is None else _edge(row.high + (1 if whole else 0), closed)
        if high is not None and not low < high:
            raise BadInput(f"line {row.line}: the bin of '{name}' is empty", field=name)
        if end is None or low < end:
            raise BadInput(
                f"line {row.line}: the bin {row.label} of '{name}' overlaps another",
                field=name,
                mend="a bin holds its `from` and not its `to`; name the columns `above` and "
                "`up_to` where it is the other way round",
            )
        if low > end:
            edges.extend([end] if math.isfinite(end) else [])
            attributes.append(gap)
        edges.extend([low] if math.isfinite(low) else [])
        attributes.append(attribute(row.label, row.points))
        end = high
    if end is not None:
        edges.append(end)
        attributes.append(gap)
    return tuple(edges), tuple(attributes)


def _edge(value: float, closed: bool) -> float:
    """Where [low, high) begins or ends; an end that is held moves to the next float."""
    return math.nextafter(value, math.inf) if closed else value


def _hold_their_ends(rows: list[_Row]) -> bool:
    """Whether whole numbers leave a gap of one between all neighbours, as in 18-25, 26-35."""
    pairs = list(pairwise(rows))
    return bool(pairs) and all(
        above.low is not None
        and below.high is not None
        and float(above.low).is_integer()
        and above.low - below.high == 1
        for below, above in pairs
    )

"""optbinning's `Scorecard.table()` as CSV, in either style, into our card.

Bins are printed text: "[23.50, 28.50)" with the digits that `fit(show_digits=...)` asked for,
categories as numpy or pandas print an array, "Special" and "Missing". A category that training did
not see scores as a missing value does, as in `Scorecard.score`. Special values are named nowhere in
the table: their codes can be written into the column Bin in place of the word. A row whose
Variable is "Intercept" holds the points of `intercept_`.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
from equipoise.risk.foreign.printed_arrays import is_array, printed_texts

_NUMBER = r"[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|inf)"
_INTERVAL = re.compile(rf"([(\[])\s*({_NUMBER})\s*,\s*({_NUMBER})\s*\)", re.IGNORECASE)
_CODES = re.compile(rf"{_NUMBER}(?:\s*,\s*{_NUMBER})*", re.IGNORECASE)
_INTERCEPT = {"intercept", "(intercept)", "intercept_"}
_DIGITS = "fit with `scorecard.fit(X, y, show_digits=8)` and write the table again"


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    bin: str
    points: float
    count: float | None


def read(raw: bytes) -> ForeignModel:
    """The card of a points table. BadInput names the row that cannot be read exactly."""
    base, rows = _rows(raw)
    if not 1 <= len(rows) <= MAX_FEATURES:
        raise BadInput(f"the optbinning table has {len(rows):,} variables")
    notes: list[str] = []
    made = [_characteristic(name, each, notes) for name, each in rows.items()]
    if base is None and all(_lowest(each) == 0.0 for each in made):
        raise BadInput(
            "every variable's lowest points are 0: the card was built with intercept_based=True, "
            "and the table lacks its `intercept_`",
            field="Points",
            mend="add a row with Variable 'Intercept' and `scorecard.intercept_` as its Points",
        )
    features = tuple(
        ForeignFeature(each.name, "number" if isinstance(each, Numeric) else "category")
        for each in made
    )
    return ForeignModel(
        "optbinning scorecard",
        Card(tuple(made), base or 0.0),
        features,
        "points",
        notes=tuple(notes),
    )


def _lowest(each: Characteristic) -> float:
    return min(a.points for a in each.all_attributes() if a.points is not None)


def _rows(raw: bytes) -> tuple[float | None, dict[str, list[_Row]]]:
    """Points of the intercept, where a row has them, and the rows of each variable in order."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"byte {error.start} is not UTF-8", mend="save it as UTF-8") from None
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    base: float | None = None
    rows: dict[str, list[_Row]] = {}
    try:
        places = _places(next(reader, []))
        for number, cells in enumerate(reader):
            if number >= MAX_ATTRIBUTES:
                raise BadInput(f"the optbinning table has over {MAX_ATTRIBUTES:,} rows")
            if not any(cell.strip() for cell in cells):
                continue
            name, row = _row(cells, places, reader.line_num)
            if name.casefold() in _INTERCEPT:
                base = (base or 0.0) + row.points
            elif name and name != "Totals":
                rows.setdefault(name, []).append(row)
    except csv.Error as error:
        raise BadInput(f"line {reader.line_num}: {error}") from None
    return base, rows


def _places(header: Sequence[str]) -> dict[str, int]:
    places = {cell.strip().casefold(): at for at, cell in enumerate(header)}
    for needed in ("variable", "bin", "points"):
        if needed not in places:
            raise BadInput(
                f"the optbinning table has no column '{needed.capitalize()}'",
                field=needed.capitalize(),
                mend=did_you_mean(needed, [cell for cell in places if cell]),
            )
    return places


def _row(cells: Sequence[str], places: Mapping[str, int], line: int) -> tuple[str, _Row]:
    try:
        name, text = cells[places["variable"]].strip(), cells[places["bin"]].strip()
        points = float(cells[places["points"]])
        counted = cells[places["count"]].strip() if "count" in places else ""
        count = float(counted) if counted else None
    except (IndexError, ValueError):
        raise BadInput(
            f"line {line}: the row has no points, or a cell that is no number", field="Points"
        ) from None
    if not math.isfinite(points):
        raise BadInput(f"line {line}: {points} are no points", field="Points")
    return name, _Row(line, text, points, count)


def _characteristic(name: str, rows: list[_Row], notes: list[str]) -> Characteristic:
    missing = next((row for row in rows if row.bin == "Missing"), None)
    lost = attribute("missing", missing.points) if missing else None
    present = [row for row in rows if row is not missing]
    intervals = [row for row in present if _INTERVAL.fullmatch(row.bin)]
    if intervals:
        rest = [row for row in present if row not in intervals]
        edges, bins = _intervals(name, intervals, notes)
        return Numeric(name, 0.0, edges, bins, lost, tuple(_special(name, rest, notes)))
    arrays = [row for row in present if is_array(row.bin)]
    rest = [row for row in present if row not in arrays]
    if arrays:
        return _categorical(name, arrays, lost, rest, notes)
    where = rest[0] if rest else rows[0]
    raise BadInput(
        f"line {where.line}: the bin '{where.bin[:60]}' of '{name}' is neither an interval "
        "[a, b) nor a printed list of categories",
        field="Bin",
        mend="write the table with `scorecard.table().to_csv(...)`",
    )


def _intervals(
    name: str, rows: Sequence[_Row], notes: list[str]
) -> tuple[tuple[float, ...], tuple[Attribute, ...]]:
    ends = []
    for row in rows:
        match = _INTERVAL.fullmatch(row.bin)
        assert match is not None  # noqa: S101 - the rows were chosen by it
        ends.append((float(match[2]), float(match[3])))
    edges = [low for low, _ in ends[1:]]
    whole = ends[0][0] == -math.inf and ends[-1][1] == math.inf
    joined = all(ends[at][1] == edge for at, edge in enumerate(edges))
    rising = all(low < high for low, high in ends)
    if not (whole and joined and rising):
        bad = next(
            (row for row, (low, high) in zip(rows, ends, strict=True) if low >= high), rows[0]
        )
        raise BadInput(
            f"line {bad.line}: the bins of '{name}' as printed do not cover the line from -inf to "
            f"inf ({bad.bin}): their ends are rounded to too few digits, or a row is lost",
            field="Bin",
            mend=_DIGITS,
        )
    decimals = {len(end.partition(".")[2]) for row in rows for end in _ends(row.bin)}
    if edges and max(decimals) <= 2:
        notes.append(
            f"the ends of the bins of '{name}' are printed to {max(decimals)} decimals: a value "
            f"nearer to an end than that may get its neighbour's points; {_DIGITS}"
        )
    return tuple(edges), tuple(attribute(row.bin, row.points) for row in rows)


def _ends(text: str) -> list[str]:
    return [each for each in re.findall(_NUMBER, text) if "inf" not in each]


def _special(name: str, rows: Sequence[_Row], notes: list[str]) -> list[tuple[float, Attribute]]:
    """Codes written into the column Bin; rows that only say Special stand for no value."""
    codes: list[tuple[float, Attribute]] = []
    for row in rows:
        plain = row.bin.strip("[]")
        if _CODES.fullmatch(plain):
            numbers = [float(each) for each in re.split(r"\s*,\s*", plain)]
            codes += [(code, attribute(f"code {code:g}", row.points)) for code in numbers]
        else:
            _unnamed(name, row, notes)
    if len({code for code, _ in codes}) != len(codes):
        raise BadInput(f"a special code of '{name}' stands in two rows", field="Bin")
    return codes


def _unnamed(name: str, row: _Row, notes: list[str]) -> None:
    if row.bin != "Special" or row.count:
        raise BadInput(
            f"line {row.line}: the table does not say which values of '{name}' are '{row.bin}'",
            field="Bin",
            mend="write the codes into the column Bin in place of the word, as -999 or [-999, -1]",
        )
    if row.count is None:
        notes.append(
            f"no value of '{name}' is taken for special, as the table names none: if it has such, "
            f"write the codes in place of 'Special' in line {row.line}"
        )


def _categorical(
    name: str,
    rows: Sequence[_Row],
    missing: Attribute | None,
    special: Sequence[_Row],
    notes: list[str],
) -> Categorical:
    groups = tuple(printed_texts(row.bin, f"line {row.line}: '{name}'") for row in rows)
    bins = [
        attribute(", ".join(group), row.points) for group, row in zip(groups, rows, strict=True)
    ]
    listed = list(groups)
    for row in special:
        if row.bin == "Special":
            _unnamed(name, row, notes)
            continue
        listed.append(tuple(each.strip() for each in row.bin.split(",")))
        bins.append(attribute(f"code {row.bin}", row.points))
    if len({text for group in listed for text in group}) != sum(map(len, listed)):
        raise BadInput(f"a category of '{name}' stands in two bins", field="Bin")
    return Categorical(name, 0.0, tuple(listed), tuple(bins), missing, missing)

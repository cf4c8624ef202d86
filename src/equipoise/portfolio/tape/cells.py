"""The rows of a tape, typed: what its cells say by tape.yaml, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import polars as pl

from equipoise.contract.facts import Cast, cast_column
from equipoise.contract.fields import Field
from equipoise.errors import did_you_mean
from equipoise.portfolio.tape.document import (
    COUNTS_LATENESS,
    DASHES,
    KINDS,
    MONEY,
    SCALES,
    SHARES,
    Role,
    Tape,
    TapeColumn,
    month_of,
)
from equipoise.portfolio.tape.faults import FaultList
from equipoise.portfolio.tape.histories import NOW_ALONE, spread
from equipoise.portfolio.tape.lateness import (
    STANDINGS,
    as_dated,
    as_flagged,
    days_late,
    months_of,
    standing_told,
)
from equipoise.texts.currencies import decimals

_BEFORE_ALL = -1e18  # the version of a row that tells none
_A_HUNDREDTH = 0.01  # of a minor unit: what arithmetic in floats may leave
_LAST_OF_A_QUARTER = 2  # months after its first, which is what a quarter reads as
# What no loan is: longer late than a century, or owing what the sum of a book cannot hold.
_MOST: dict[Role, float] = {"days_late": 36_600, "months_late": 1_200, "term": 1_200,
                           "age": 1_200}  # fmt: skip
_MOST_MONEY = 1e15  # minor units
_TOLD_BY_MONTH: tuple[Role, ...] = ("days_late", "months_late", "late_since", "status")
_LEAST_OF_DEFAULT = 91  # days past due, where nobody counts them
_NUMBERED: tuple[Role, ...] = ("loan", "formerly", "customer", "group")
_TEXT: tuple[Role, ...] = (
    "formerly", "customer", "group", "industry", "region", "product", "channel", "grade",
    "asset_class",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows of one delivery with the numbers they have in its file, and how many months before its
    own each tells of, where a row of the file holds several."""

    frame: pl.DataFrame
    numbers: pl.Series
    file: str
    back: pl.Series | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block of rows stands: its delivery, and the row of the file it begins with, from 1.

    `months` are those of the delivery's columns, where a tape has its months there.
    """

    file: str
    first_row: int = 1
    months: tuple[str, ...] = ()


def typed_rows(tape: Tape, frame: pl.DataFrame, place: Place, faults: FaultList) -> pl.DataFrame:
    """A block of a delivery as typed rows, one for each loan and month; refused ones left out.

    Columns: `row`, `loan`, `month` (months since the year 0), `day` (of the month), `days` (past
    due; -1 not told), `standing` (a place in STANDINGS; -1 not told), and those of other roles that
    the tape has; money in minor units.
    """
    end = place.first_row + frame.height
    numbers = pl.int_range(place.first_row, end, dtype=pl.UInt32, eager=True)
    block = _Block(frame, numbers, place.file)
    shared = [each for each in tape.columns if not each.columns]
    if tape.shape == "history":
        by_month, rows, back = spread(tape, frame)
        block = _Block(by_month, numbers.gather(rows), place.file, back)
        newest = next((month_of(each) for each in place.months or tape.months), None)
        return _rows(tape, block, {each: each.column for each in shared}, newest, faults)
    if tape.shape == "monthly":
        cells = {each: each.column for each in shared}
        for each in (each for each in tape.columns if each.columns):
            whole = _year_and_month(frame, each).alias(" ".join(each.columns))
            block = replace(block, frame=frame.with_columns(whole))
            cells[each] = whole.name
        return _rows(tape, block, cells, None, faults)
    parts = []
    months = place.months or tape.months
    for at, month in enumerate(months):
        of_month = {each: each.columns[at] for each in tape.columns if each.columns}
        told = [
            e for e in shared if not of_month or month == max(months) or e.role not in NOW_ALONE
        ]
        cells = {each: each.column for each in told} | of_month
        telling = [*of_month.values(), *(e.column for e in told if e.role == "status")]
        present = _told_somewhere(block, telling) if of_month else block
        parts.append(_rows(tape, present, cells, month_of(month), faults))
    return pl.concat(parts, how="diagonal")


def _year_and_month(frame: pl.DataFrame, month: TapeColumn) -> pl.Series:
    """A month that stands in two columns, as one cell: 2025-03; null where one of them has no
    number."""
    year, number = (pl.col(name).cast(pl.String) for name in month.columns)
    parts = (year.str.extract(r"(\d{4})"), number.str.extract(r"(\d{1,2})").str.zfill(2))
    return frame.select(pl.concat_str(parts, separator="-")).to_series()


def _told_somewhere(block: _Block, columns: Iterable[str]) -> _Block:
    """The rows in which some cell of a month's columns is filled: others are no part of it."""
    some = block.frame.select(pl.any_horizontal(pl.col(list(columns)).is_not_null()))
    mask = some.to_series()
    if mask.all():
        return block
    return _Block(block.frame.filter(mask), block.numbers.filter(mask), block.file)


def _rows(
    tape: Tape,
    block: _Block,
    cells: Mapping[TapeColumn, str],
    month: int | None,
    faults: FaultList,
) -> pl.DataFrame:
    refused = pl.repeat(value=False, n=block.frame.height, eager=True)
    values: dict[Role, pl.Series] = {}
    words: list[pl.Series] = []
    for each, column in cells.items():
        values[each.role], wrong = _cast(tape, each, column, block, faults)
        if each.role in _NUMBERED:
            values[each.role] = _without_decimals(values[each.role])
        if each.role in COUNTS_LATENESS and block.frame[column].dtype == pl.String:
            words.append(_words_among_numbers(tape, block.frame[column]))
        refused = refused | wrong
    refused = refused | _refuse_lacking(values, block, month, faults)
    refused = refused | _refuse_other_currencies(tape, values, block, faults)
    if "status" in values:
        words.append(values["status"])
        refused = refused | _refuse_unknown(tape, values["status"], block, faults)
    months = _month(tape, values, block.frame.height, month)
    if block.back is not None:
        months = (months - block.back).alias("month")
    standing, said_days = standing_told(tape, words, block.frame.height)
    if not any(role in values for role in _TOLD_BY_MONTH):
        standing = as_dated(values, months, standing)
        standing = as_flagged(values, standing)
    days = days_late(tape, values, months, said_days)
    untold = (days < 0) & (standing == STANDINGS.index("default"))
    days = days.set(untold, _LEAST_OF_DEFAULT)
    columns = [
        block.numbers.alias("row"),
        values["loan"].cast(pl.Categorical).alias("loan"),
        months,
        _day(values, block.frame.height),
        days.alias("days"),
        standing.alias("standing"),
        *_others(tape, values, block, faults),
        *_begun(values, months),
    ]
    return pl.DataFrame(columns).filter(~refused)


def _cast(
    tape: Tape, each: TapeColumn, column: str, block: _Block, faults: FaultList
) -> tuple[pl.Series, pl.Series]:
    raw = block.frame[column]
    cast = _cast_days(each, raw) if each.other_formats else cast_column(raw, each.field(column))
    if each.role == "version":
        cast = _cast_version(cast, raw)
    wrong = cast.unreadable | cast.not_finite
    if each.role in COUNTS_LATENESS and raw.dtype == pl.String:
        wrong = wrong & _words_among_numbers(tape, raw).is_null()
    if wrong.any():
        example = f"'{str(raw.filter(wrong)[0])[:40]}' in column '{column}'"
        numbers = block.numbers.filter(wrong)
        if each.history is None:
            what = f"the {each.role} {example} is no {KINDS.get(each.role, 'text')}"
            faults.add("unreadable", block.file, numbers, what, about=column)
        else:
            what = f"the code {example} is not explained"
            faults.add("unknown_status", block.file, numbers.unique(), what, about=column)
    value = -cast.value if each.below_zero else cast.value
    if each.empty == "not_late":
        dashed = raw.cast(pl.String).str.strip_chars().is_in(DASHES).fill_null(value=False)
        value = value.set(cast.absent & (dashed | ~cast.coded), 0)
    if each.unit == "percent":
        value = value / 100
    elif each.unit == "minor":
        value = value / 10.0 ** decimals(tape.currency)
    elif each.unit in SCALES:
        value = value * SCALES[each.unit]
    beyond = _beyond_bounds(tape, each, value) & ~wrong
    if beyond.any():
        what = f"the {each.role} {value.filter(beyond)[0]:.10g} in column '{column}' is too large"
        faults.add("beyond_bounds", block.file, block.numbers.filter(beyond), what, about=column)
    return value, wrong | beyond


def _cast_days(each: TapeColumn, raw: pl.Series) -> Cast:
    """The days of a column that is written in several ways, each by the first that reads it."""
    cast = cast_column(raw, each.field(each.column))
    for written in each.other_formats:
        other = each.model_copy(update={"format": written})
        more = cast_column(raw, other.field(each.column))
        value = pl.select(pl.coalesce(cast.value, more.value)).to_series()
        cast = replace(cast, value=value, unreadable=cast.unreadable & more.unreadable)
    return cast


def _cast_version(days: Cast, raw: pl.Series) -> Cast:
    """Versions as numbers that grow: days of the calendar, or numbers of their own."""
    value = days.value.cast(pl.Int32).cast(pl.Float64)
    if raw.dtype.is_temporal():
        return replace(days, value=value)
    numbers = cast_column(raw, Field(name="version", type="number"))
    value = pl.select(pl.coalesce(value, numbers.value)).to_series()
    return replace(days, value=value, unreadable=days.unreadable & numbers.unreadable)


def _without_decimals(names: pl.Series) -> pl.Series:
    """Numbers of loans as they are without the decimals that some programs add: 1001.0 is 1001."""
    return names.str.replace(r"^(\d+)\.0+$", "${1}")


def _beyond_bounds(tape: Tape, each: TapeColumn, value: pl.Series) -> pl.Series:
    most = _MOST.get(each.role)
    if each.role in MONEY:
        most = _MOST_MONEY / 10.0 ** decimals(tape.currency)
    if most is None:
        return pl.repeat(value=False, n=value.len(), eager=True)
    return (value.abs() > most).fill_null(value=False)


def _words_among_numbers(tape: Tape, raw: pl.Series) -> pl.Series:
    """The explained words among counts of days or months late, such as RA; null elsewhere."""
    cells = raw.str.strip_chars()
    words = [e.says for e in tape.statuses if not e.says.lstrip("+-").isdigit()]
    explained = cells.is_in(words)  # 01 is a month late here, whatever it is as a status
    return pl.select(pl.when(explained).then(cells)).to_series()


def _refuse_lacking(
    values: Mapping[Role, pl.Series], block: _Block, month: int | None, faults: FaultList
) -> pl.Series:
    nameless = values["loan"].is_null()
    faults.add("no_loan", block.file, block.numbers.filter(nameless), "the row names no loan")
    if month is not None:
        return nameless
    dateless = values["month"].is_null() & ~nameless
    faults.add("no_month", block.file, block.numbers.filter(dateless), "the row has no month")
    return nameless | dateless


def _refuse_other_currencies(
    tape: Tape, values: Mapping[Role, pl.Series], block: _Block, faults: FaultList
) -> pl.Series:
    given = values.get("currency")
    if given is None:
        return pl.repeat(value=False, n=block.frame.height, eager=True)
    other = (given.str.to_uppercase() != tape.currency.upper()).fill_null(value=True)
    if other.any():
        first = given.filter(other)[0]
        faults.add(
            "second_currency",
            block.file,
            block.numbers.filter(other),
            f"the row is in {first or 'no currency'}, and the tape is measured in {tape.currency}",
        )
    return other


def _refuse_unknown(tape: Tape, words: pl.Series, block: _Block, faults: FaultList) -> pl.Series:
    known = [each.says for each in tape.statuses]
    unknown = words.is_not_null() & ~words.is_in(known)
    for word in words.filter(unknown).unique().sort():
        rows_of = block.numbers.filter((words == word).fill_null(value=False))
        near = did_you_mean(str(word), known)
        what = f"the status '{str(word)[:40]}' is not explained ({near})"
        faults.add("unknown_status", block.file, rows_of, what, about=str(word))
    return unknown


def _month(tape: Tape, values: Mapping[Role, pl.Series], rows: int, month: int | None) -> pl.Series:
    if month is not None:
        return pl.repeat(month, rows, dtype=pl.Int32, eager=True).alias("month")
    column = tape.column("month")
    by_quarter = column is not None and "%q" in column.format
    after = _LAST_OF_A_QUARTER if by_quarter else 0
    return (months_of(values["month"]) + after).alias("month")


def _day(values: Mapping[Role, pl.Series], rows: int) -> pl.Series:
    """The day of the month: of several in a month the last one counts."""
    if "month" not in values:
        return pl.repeat(1, rows, dtype=pl.Int8, eager=True).alias("day")
    return values["month"].dt.day().cast(pl.Int8).alias("day")


def _others(
    tape: Tape, values: Mapping[Role, pl.Series], block: _Block, faults: FaultList
) -> list[pl.Series]:
    made = []
    for role, value in values.items():
        if role in MONEY:
            made.append(_minor(tape, role, value, block, faults))
        elif role in ("opened", "defaulted"):
            made.append(months_of(value).alias(role))
        elif role == "version":
            made.append(value.fill_null(_BEFORE_ALL).alias(role))
        elif role in ("impaired", "forborne"):
            made.append(value.fill_null(value=False).cast(pl.Int8).alias(role))
        elif role in ("term", *SHARES):
            made.append(value.alias(role))
        elif role in _TEXT:
            made.append(value.cast(pl.Categorical).alias(role))
    return made


def _begun(values: Mapping[Role, pl.Series], months: pl.Series) -> list[pl.Series]:
    """The month in which a loan was made, by its age, where no cell tells the day."""
    if "age" not in values or "opened" in values:
        return []
    return [(months - values["age"].round().cast(pl.Int32)).alias("begun")]


def _minor(tape: Tape, role: Role, value: pl.Series, block: _Block, faults: FaultList) -> pl.Series:
    """An amount in the currency's minor unit; rows beyond what is held are refused."""
    scaled = (value * 10.0 ** decimals(tape.currency)).clip(-_MOST_MONEY, _MOST_MONEY)
    whole = scaled.round()
    finer = ((scaled - whole).abs() > _A_HUNDREDTH).fill_null(value=False)
    if finer.any():
        what = f"the {role} {value.filter(finer)[0]:.10g} has more decimals than the currency"
        faults.add("finer_than_the_currency", block.file, block.numbers.filter(finer), what,
                   about=role, effect="kept")  # fmt: skip
    return whole.cast(pl.Int64).alias(role)

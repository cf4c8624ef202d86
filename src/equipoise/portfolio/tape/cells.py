"""The rows of a tape, typed: what its cells say by tape.yaml, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import polars as pl

from equipoise.contract.facts import cast_column
from equipoise.errors import did_you_mean
from equipoise.portfolio.tape.document import (
    COUNTS_LATENESS,
    KINDS,
    MONEY,
    ONCE,
    SCALES,
    SHARES,
    Role,
    Standing,
    Tape,
    TapeColumn,
    month_of,
)
from equipoise.portfolio.tape.faults import FaultList
from equipoise.portfolio.tape.histories import NOW_ALONE, spread
from equipoise.texts.currencies import decimals

_DEFAULT_OR_CURRENT: tuple[Standing, Standing] = ("default", "current")
STANDINGS: tuple[Standing, ...] = ("current", "late", "default", "written_off", "repaid")
NOT_TOLD = -1
_A_HUNDREDTH = 0.01  # of a minor unit: what arithmetic in floats may leave
_LAST_OF_A_QUARTER = 2  # months after its first, which is what a quarter reads as
# What no loan is: longer late than a century, or owing what the sum of a book cannot hold.
_MOST: dict[Role, float] = {"days_late": 36_600, "months_late": 1_200, "term": 1_200,
                           "age": 1_200}  # fmt: skip
_MOST_MONEY = 1e15  # minor units
_TOLD_BY_MONTH: tuple[Role, ...] = ("days_late", "months_late", "late_since", "status")
_LEAST_OF_DEFAULT = 91  # days past due, where nobody counts them
_NUMBERED: tuple[Role, ...] = ("loan", "customer", "group")
_TEXT: tuple[Role, ...] = (
    "customer", "group", "industry", "region", "product", "channel", "grade", "asset_class"
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
    standing, said_days = _standing(tape, words, block.frame.height)
    if not any(role in values for role in _TOLD_BY_MONTH):
        standing = _as_dated(values, months, standing)
        standing = _as_flagged(values, standing)
    days = _days(tape, values, months, said_days)
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
    cast = cast_column(raw, each.field(column))
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


def _standing(tape: Tape, words: list[pl.Series], rows: int) -> tuple[pl.Series, pl.Series]:
    """Standing, and days past due that the words tell: of several words of a row the worst."""
    standing = pl.repeat(NOT_TOLD, rows, dtype=pl.Int8, eager=True)
    said = pl.repeat(NOT_TOLD, rows, dtype=pl.Int32, eager=True)
    known = {each.says: STANDINGS.index(each.means) for each in tape.statuses}
    late = {each.says: each.days for each in tape.statuses}
    for each in words:
        stands = each.replace_strict(known, default=NOT_TOLD, return_dtype=pl.Int8)
        days = each.replace_strict(late, default=NOT_TOLD, return_dtype=pl.Int32)
        standing = pl.select(pl.max_horizontal(standing, stands)).to_series()
        said = pl.select(pl.max_horizontal(said, days)).to_series()
    return standing.fill_null(NOT_TOLD), said.fill_null(NOT_TOLD)


def _as_dated(
    values: Mapping[Role, pl.Series], months: pl.Series, standing: pl.Series
) -> pl.Series:
    """The standing of loans whose days of default and of closing are told: current until then."""
    means: Standing
    for role in ONCE:
        if role not in values:
            continue
        means = "default" if role == "defaulted" else "repaid"
        come = (_months(values[role]) <= months).fill_null(value=False)
        if role == "closed":  # a loan is closed when it is written off, too
            come = come & (standing < STANDINGS.index("default"))
        else:
            standing = pl.select(pl.max_horizontal(standing, pl.lit(0, pl.Int8))).to_series()
        reached = pl.lit(STANDINGS.index(means), pl.Int8)
        dated = pl.when(come).then(pl.max_horizontal(standing, reached)).otherwise(standing)
        standing = pl.select(dated).to_series()
    return standing


def _as_flagged(values: Mapping[Role, pl.Series], standing: pl.Series) -> pl.Series:
    """The standing of loans of which a yes or no alone tells whether they are in default."""
    if "impaired" not in values or "defaulted" in values:
        return standing
    default, current = (pl.lit(STANDINGS.index(each), pl.Int8) for each in _DEFAULT_OR_CURRENT)
    flagged = pl.when(values["impaired"]).then(default).when(~values["impaired"]).then(current)
    return pl.select(pl.max_horizontal(standing, flagged)).to_series().fill_null(NOT_TOLD)


def _since(since: pl.Series, months: pl.Series, values: Mapping[Role, pl.Series]) -> pl.Series:
    """Days from when the oldest unpaid instalment was due to the row's day: the month's last where
    the row tells no day; 0 where nothing is unpaid."""
    told = values["month"] if "month" in values else pl.Series([None] * months.len(), dtype=pl.Date)
    rows = pl.DataFrame({"months": months, "told": told, "since": since})
    end = pl.date(pl.col("months") // 12, pl.col("months") % 12 + 1, 1).dt.month_end()
    as_of = pl.when(pl.col("told").dt.day() > 1).then(pl.col("told")).otherwise(end)
    days = (as_of - pl.col("since")).dt.total_days().clip(0).cast(pl.Int32)
    return rows.select(days.fill_null(0)).to_series()


def _days(
    tape: Tape, values: Mapping[Role, pl.Series], months_told: pl.Series, said: pl.Series
) -> pl.Series:
    """Days past due, at least: of m months late, the first day that is so late (31 for two, or
    for one where the tape counts full months)."""
    days_late = said
    if "late_since" in values:
        since = _since(values["late_since"], months_told, values)
        days_late = pl.select(pl.max_horizontal(since, days_late)).to_series()
    if "months_late" in values:
        column, months = tape.column("months_late"), values["months_late"]
        unit = column.unit if column is not None else ""
        # of 1.23 instalments one is paid in part: two are late, and one whole
        begun = months.floor() if unit == "full_months" else months.ceil() - 1
        least = pl.when(months <= 0).then(0).otherwise(begun * (7 if unit == "weeks" else 30) + 1)
        days_late = pl.select(pl.coalesce(least.cast(pl.Int32), days_late)).to_series()
    if "days_late" in values:
        days = values["days_late"].clip(0).ceil().cast(pl.Int32, strict=False)
        days_late = pl.select(pl.coalesce(days, days_late)).to_series()
    return days_late.fill_null(NOT_TOLD)


def _month(tape: Tape, values: Mapping[Role, pl.Series], rows: int, month: int | None) -> pl.Series:
    if month is not None:
        return pl.repeat(month, rows, dtype=pl.Int32, eager=True).alias("month")
    column = tape.column("month")
    by_quarter = column is not None and "%q" in column.format
    after = _LAST_OF_A_QUARTER if by_quarter else 0
    return (_months(values["month"]) + after).alias("month")


def _day(values: Mapping[Role, pl.Series], rows: int) -> pl.Series:
    """The day of the month: of several in a month the last one counts."""
    if "month" not in values:
        return pl.repeat(1, rows, dtype=pl.Int8, eager=True).alias("day")
    return values["month"].dt.day().cast(pl.Int8).alias("day")


def _months(days: pl.Series) -> pl.Series:
    return days.dt.year().cast(pl.Int32) * 12 + days.dt.month().cast(pl.Int32) - 1


def _others(
    tape: Tape, values: Mapping[Role, pl.Series], block: _Block, faults: FaultList
) -> list[pl.Series]:
    made = []
    for role, value in values.items():
        if role in MONEY:
            made.append(_minor(tape, role, value, block, faults))
        elif role in ("opened", "defaulted"):
            made.append(_months(value).alias(role))
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

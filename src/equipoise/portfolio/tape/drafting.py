"""Drafting tape.yaml from any file: which column plays which part, and what is unclear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from equipoise.contract.days import now
from equipoise.contract.facts import cast_column
from equipoise.contract.fielddraft import CellReading
from equipoise.contract.inference import decimal_habit
from equipoise.contract.reading.blocks import read_blocks
from equipoise.contract.reading.unpacking import located
from equipoise.documents import Loaded, to_yaml
from equipoise.errors import BadInput, Span
from equipoise.portfolio.tape.choosing import (
    Making,
    asked_parts,
    choose,
)
from equipoise.portfolio.tape.document import (
    ONCE,
    TAPE,
    TELLS_LATENESS,
    Delivery,
    Shape,
    Tape,
    TapeColumn,
    month_of,
    month_text,
)
from equipoise.portfolio.tape.history_draft import history_in
from equipoise.portfolio.tape.money import currency_of
from equipoise.portfolio.tape.months import (
    loans_repeat,
    month_by_cells,
    year_and_month,
)
from equipoise.portfolio.tape.named_months import month_in_name, month_of_file, month_without_year
from equipoise.portfolio.tape.naming import layout_of
from equipoise.portfolio.tape.reading import file_digest
from equipoise.portfolio.tape.settling import (
    day_before_month,
    empty_as_not_late,
    in_one_order,
    status_by_cells,
    without_days_of_once,
    without_version,
)
from equipoise.portfolio.tape.statuses import status_words
from equipoise.portfolio.tape.wide import Group, month_groups, months_back
from equipoise.progress import Progress, Silent

SAMPLE = 200_000  # rows that the draft looks at; words and months are looked for in all of them
_HEADER = """\
Drafted from {data}. Nothing here is confirmed yet.
Each `review` lists what was inferred. While a `confirm` stands nothing is measured: mend what is
wrong, then delete the line. Columns that are not listed are not read.\
"""


@dataclass(frozen=True, slots=True)
class TapeDraft:
    """A drafted tape, and what a person should look at first."""

    tape: Tape
    notes: tuple[str, ...]

    @property
    def unsettled(self) -> tuple[str, ...]:
        """What nothing is measured before."""
        own = (f"months: {self.tape.confirm}",) if self.tape.confirm else ()
        return own + tuple(f"{e.role}: {e.confirm}" for e in self.tape.columns if e.confirm)


def draft_tape(
    path: Path,
    file: str,
    *,
    parts: Mapping[str, str] | None = None,
    names: str = "",
    as_of: str = "",
    currency: str = "",
    progress: Progress | None = None,
) -> TapeDraft:
    """Draft the contract of a tape's file; `file` is how tape.yaml names it.

    `parts` says which column plays a role (by its name, or by its place from 1), `names` what the
    columns are called (see `layout_of`), `as_of` (YYYY-MM) the newest month where no cell tells it,
    `currency` its code. Raises BadInput where no column names the loan, or none tells how late
    it is.
    """
    if as_of and month_of(as_of) is None:
        raise BadInput(f"'{as_of}' is no month", field="--as-of", mend="write 2026-05")
    with (progress or Silent()).step("Reading the tape"):
        layout, of = layout_of(
            path, names, by_place=any(map(str.isdecimal, (parts or {}).values()))
        )
        frame = next(read_blocks(path, layout.named, layout.stated(), rows=SAMPLE)).head(SAMPLE)
        digest, rows = file_digest(path), 0
    making = Making(path, frame, CellReading(now().date(), decimal_habit(frame)), of=of)
    making.review += [f"layout: {remark}" for remark in layout.remarks]
    if not frame.height:
        raise BadInput(
            "the file has a header and no rows", where=Span(str(path)), mend="give it data rows"
        )
    asked = asked_parts(parts or {}, frame.columns)
    with (progress or Silent()).step("Drafting the tape"):
        named = of is not None or asked.keys() & {"month"}
        groups = [] if named else [g for g in month_groups(frame, making.reading) if g.role]
        grouped = {each for group in groups for each in group.columns}
        if not named and not groups:
            making.history = history_in(frame, [*asked.values()])
        choose(making, asked, grouped)
        if not groups and not making.has(*TELLS_LATENESS):
            status_by_cells(making, grouped)
        if not groups and not making.has("month") and loans_repeat(making):
            found = year_and_month(making) or month_by_cells(making, grouped)
            _require_months(making, found=found)
        without_version(making)
        empty_as_not_late(making)
        without_days_of_once(making, grouped)
        in_one_order(making)
        shape, months, confirm = _shape(making, groups, layout.stated(), as_of)
        words, rows = status_words(making, layout.stated())
        code = currency or (of.currency if of else "") or currency_of(making)
        day_before_month(making, code)
    _require(making)
    unread = [c for c in frame.columns if c not in _used(making)]
    if unread and of is None:
        making.review.append(f"not read, as no part was seen for them: {', '.join(unread)}")
    tape = Tape(
        name=path.stem,
        shape=shape,
        currency=code,
        deliveries={file: Delivery(sha256=digest, rows=rows)},
        layout=layout.stated(),
        months=months,
        columns=tuple(making.columns),
        statuses=words,
        confirm=confirm,
        review=tuple(making.review),
    )
    return TapeDraft(tape, tuple(making.review))


def _shape(
    making: Making, groups: list[Group], layout: Any, as_of: str
) -> tuple[Shape, tuple[str, ...], str]:
    """The tape's shape, its months, and what has to be confirmed of them."""
    if making.history is not None:
        months = ((), "") if making.has("month") else _one_month(making, layout, as_of)
        return "history", *months
    if groups and not making.has("month"):
        return "wide", *_wide(making, groups, as_of)
    if making.has("month") and not groups:
        return "monthly", (), ""
    return "final", *_one_month(making, layout, as_of)


def _wide(making: Making, groups: list[Group], as_of: str) -> tuple[tuple[str, ...], str]:
    """Take the groups of columns; the months they stand for, and what has to be confirmed."""
    first = groups[0]
    for group in groups:
        if group.role is None or making.has(group.role):
            continue
        if len(group.columns) != len(first.columns) or group.months != first.months:
            making.review.append(
                f"{len(group.columns)} columns {group.stem} are not of the months of {first.stem}: "
                "not read"
            )
            continue
        making.columns.append(
            TapeColumn(
                role=group.role,
                columns=group.columns,
                format=group.written,
                confirm=_range_of(making, group) if group.by_values else "",
                review=(f"role: {'by its values' if group.by_values else 'by its name'}",),
            )
        )
    if groups[0].months:
        return groups[0].months, ""
    newest = as_of or _last_month()
    known = "as asked" if as_of else "a guess: no cell tells a month"
    return months_back(newest, len(first.columns)), (
        f"'{groups[0].columns[0]}' was taken for the newest month, {newest} ({known}), and the "
        "others for the months before it, in their order"
    )


def _range_of(making: Making, group: Group) -> str:
    cells = making.frame.select(
        pl.concat_list(pl.col(group.columns).cast(pl.Float64, strict=False))
    )
    numbers = cells.to_series().explode().drop_nulls().to_numpy()
    low, high = float(numbers.min()), float(numbers.max())
    return f"its cells run from {low:g} to {high:g}; are they months past due?"


def _one_month(making: Making, layout: Any, as_of: str) -> tuple[tuple[str, ...], str]:
    if as_of:
        return (as_of,), ""
    if named := month_of_file(making.path):
        return (named,), f"every row was taken as of {named}, by the name of the file"
    above = {month_in_name(each) for each in making.review if each.startswith("layout:")} - {""}
    if len(above) == 1:  # Loan book as at 30 June 2024
        named = above.pop()
        return (named,), f"every row was taken as of {named}, by what stands around the table"
    month, last = _last_month(), _last_event(making, layout)
    if month_without_year(making.path.name) is not None:
        month = month_of_file(making.path, month)
        return (month,), f"every row was taken as of {month}: the name of the file tells no year"
    if last and last < month:
        return (last,), (
            f"every row was taken as of {last}, the last month in which a loan was in default or "
            "closed: until then all are known to have been watched"
        )
    return (month,), f"every row was taken as of {month}, a guess: no cell tells a month"


def _last_event(making: Making, layout: Any) -> str:
    """The last month in which a loan was in default or closed, in the whole file; "" for none."""
    days = [each for each in making.columns if each.role in ONCE]
    last = None
    for block in read_blocks(making.path, [each.column for each in days], layout) if days else ():
        for each in days:
            day: Any = cast_column(block[each.column], each.field(each.column)).value.max()
            last = day if last is None or (day is not None and day > last) else last
    return f"{last:%Y-%m}" if last is not None else ""


def _last_month() -> str:
    today = now().date()
    return month_text(today.year * 12 + today.month - 2)


def _used(making: Making) -> set[str]:
    return {name for each in making.columns for name in (each.columns or (each.column,))}


def _require(making: Making) -> None:
    if not making.has("loan"):
        raise BadInput(
            "no column's name sounds like the loan's number",
            where=Span(str(making.path), 1),
            field="loan",
            mend="say which one it is with --part loan=COLUMN",
        )
    if not making.has(*TELLS_LATENESS):
        raise BadInput(
            "no column tells how late a loan is",
            where=Span(str(making.path), 1),
            field="days_late",
            mend="say which one does with --part days_late=COLUMN, months_late or status; of loans "
            "that stand in one row each, the day of default with --part defaulted=COLUMN",
        )


def _require_months(making: Making, *, found: bool) -> None:
    if not found:
        said = next((e for e in making.review if "sounds like the month" in e), "")
        raise BadInput(
            "loans stand in several rows, and no column tells the month"
            + (f": {said}" if said else ""),
            where=Span(str(making.path), 1),
            field="month",
            mend="say which one it is with --part month=COLUMN, written as 2026-05 or as a day; "
            "a year and a month in two columns as `columns: [YEAR, MONTH]` in tape.yaml",
        )


def tape_text(drafted: TapeDraft) -> str:
    """The tape as YAML text that reads back equal."""
    data = drafted.tape.model_dump(exclude_defaults=True)
    named = ", ".join(drafted.tape.deliveries)
    return to_yaml(data, _HEADER.format(data=named))


def deliver_again(tape: Loaded[Tape], path: Path, file: str, *, as_of: str = "") -> Delivery:
    """What tape.yaml has to say of a further file of the same form. Raises BadInput for a file
    that lacks a column of the tape, or whose content or name was delivered before."""
    digest = file_digest(path)
    for name, known in tape.value.deliveries.items():
        where = tape.span("deliveries", name)
        if known.sha256 == digest and located(path)[1] == "":
            raise BadInput(f"the same content was delivered as '{name}'", where=where, field=file)
        if name == file and known.sha256 == digest:
            raise BadInput(f"'{file}' was delivered before", where=where, field=file)
        if name == file:
            raise BadInput(
                f"'{file}' was delivered before, and its content has changed since",
                where=where,
                field=file,
                mend="put the newer file beside the older under another name: both are kept",
            )
    columns = [name for e in tape.value.columns for name in (e.columns or (e.column,))]
    try:
        rows = sum(block.height for block in read_blocks(path, columns, tape.value.layout))
    except BadInput as error:
        if error.field not in columns:
            raise
        raise BadInput(
            f"{error.message}, which {TAPE} reads in every delivery",
            where=error.where,
            field=error.field,
            mend=f"{error.mend}; give the file the header of the others, or a tape of its own",
        ) from None
    months = _months_of_delivery(tape.value, as_of or month_of_file(path))
    return Delivery(sha256=digest, rows=rows, months=months)


def _months_of_delivery(tape: Tape, as_of: str) -> tuple[str, ...]:
    if not as_of or tape.shape == "monthly":
        return ()
    newest, before = month_of(as_of), max(month_of(each) or 0 for each in tape.months)
    if newest is None:
        raise BadInput(f"'{as_of}' is no month", field="--as-of", mend="write 2026-05")
    return tuple(month_text((month_of(each) or 0) + newest - before) for each in tape.months)

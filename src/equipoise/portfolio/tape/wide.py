"""Months that stand as columns: groups of headers that differ by a number or a month alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from equipoise.contract.fielddraft import CellReading, typed_field
from equipoise.portfolio.tape.document import Role, month_of, month_text
from equipoise.portfolio.tape.named_months import months_in
from equipoise.portfolio.tape.names import role_of
from equipoise.portfolio.tape.words import meaning_of

LEAST = 3  # columns make a group
_NUMBER = re.compile(r"(\d{1,3})(?!.*\d)")
_MOST_MONTHS_LATE = 36
_MOST_WORDS, _KNOWN = 40, 0.5
_LOOKED_AT = 2_000  # cells of each column


@dataclass(frozen=True, slots=True)
class Group:
    """Columns of one part, in the order of their numbers; `months` where headers name them, and how
    numbers are `written` that are not plain ones."""

    stem: str
    columns: tuple[str, ...]
    months: tuple[str, ...]
    role: Role | None
    by_values: bool
    written: str = ""


def month_groups(frame: pl.DataFrame, reading: CellReading) -> tuple[Group, ...]:
    """The groups of columns of numbers, or of words of a state, that may be months, each with the
    part it seems to play."""
    stems: dict[str, list[tuple[int, str, str]]] = {}
    for header in frame.columns:
        if split := _split(header):
            stem, place, month = split
            stems.setdefault(stem, []).append((place, header, month))
    groups = []
    for stem, members in stems.items():
        members.sort()
        columns = tuple(header for _, header, _ in members)
        months = tuple(month for _, _, month in members if month)
        if len(columns) < LEAST:
            continue
        if all(_is_number(frame[each]) for each in columns):
            groups.append(_group(frame, stem, columns, months))
        elif (role := _role_of(stem)) and (written := _written(frame, columns, role, reading)):
            groups.append(Group(stem, columns, months, role, by_values=False, written=written))
        elif len(months) == len(columns) and _says_states(frame, columns):
            groups.append(Group(stem, columns, months, "status", by_values=False))
    return tuple(groups)


def _says_states(frame: pl.DataFrame, columns: Sequence[str]) -> bool:
    """Whether the cells are words of how a loan stands, a few, known for the better part."""
    words = {
        word.strip()
        for each in columns
        if frame[each].dtype == pl.String
        for word in frame[each].drop_nulls().unique()
    } - {""}
    known = sum(meaning_of(word) is not None for word in words)
    return 0 < len(words) <= _MOST_WORDS and known >= _KNOWN * len(words)


def _split(header: str) -> tuple[str, int, str] | None:
    """The header without its month or number, that as an order, and the month where it is one."""
    for month, said in months_in(header):
        return header.replace(said, "*"), month_of(month) or 0, month
    if match := _NUMBER.search(header):
        stem = header[: match.start()] + "*" + header[match.end() :]
        return (stem, int(match[1]), "") if stem != "*" else None
    return None


def _is_number(column: pl.Series) -> bool:
    if column.dtype.is_numeric():
        return True
    read = column.cast(pl.Float64, strict=False)
    return read.null_count() == column.null_count()


def _group(
    frame: pl.DataFrame, stem: str, columns: tuple[str, ...], months: tuple[str, ...]
) -> Group:
    if (role := _role_of(stem)) is not None:
        return Group(stem, columns, months, role, by_values=False)
    if _counts_months_late(frame, columns):
        return Group(stem, columns, months, "months_late", by_values=True)
    return Group(stem, columns, months, None, by_values=True)


def _role_of(stem: str) -> Role | None:
    """The part that columns of months play by their name, where they count or sum."""
    role = role_of(stem.replace("*", " ").strip())
    return role if role in ("balance", "days_late", "months_late") else None


def _written(frame: pl.DataFrame, columns: Sequence[str], role: Role, reading: CellReading) -> str:
    """How numbers of text columns are written, as 1.234,5; "" where they are none."""
    cells = pl.concat(
        [frame[each].cast(pl.String).head(_LOOKED_AT).alias(role) for each in columns]
    )
    drafted = typed_field(cells, role, reading).attributes
    return str(drafted["format"]) if drafted["type"] in ("number", "integer") else ""


def _counts_months_late(frame: pl.DataFrame, columns: Sequence[str]) -> bool:
    """Whether the cells are few small whole numbers, mostly zero or less: months past due."""
    cells = frame.select(pl.concat_list(pl.col(columns).cast(pl.Float64, strict=False)))
    values = cells.to_series().explode().drop_nulls()
    if not values.len():
        return False
    numbers = values.to_numpy()
    whole = bool((numbers == np.floor(numbers)).all())
    small = -9 <= numbers.min() <= 0 and 1 <= numbers.max() <= _MOST_MONTHS_LATE
    return whole and small and bool((numbers <= 0).mean() > 0.5)


def months_back(newest: str, count: int) -> tuple[str, ...]:
    """So many months, the newest first."""
    last = month_of(newest) or 0
    return tuple(month_text(last - back) for back in range(count))

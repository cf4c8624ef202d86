"""Drafting tape.yaml from any file: which column plays which part, and what is unclear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from equipoise.contract.days import now
from equipoise.contract.fielddraft import CellReading, FieldDraft, typed_field
from equipoise.contract.inference import decimal_habit
from equipoise.contract.reading.blocks import read_blocks
from equipoise.contract.reading.tables import read_layout
from equipoise.documents import Loaded, to_yaml
from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.portfolio.tape.document import (
    KINDS,
    ROLES,
    SHARES,
    TELLS_LATENESS,
    Delivery,
    Role,
    Shape,
    StatusWord,
    Tape,
    TapeColumn,
    month_of,
    month_text,
)
from equipoise.portfolio.tape.names import meaning_of, role_of
from equipoise.portfolio.tape.reading import file_digest
from equipoise.portfolio.tape.wide import Group, month_groups, months_back
from equipoise.progress import Progress, Silent

SAMPLE = 200_000  # rows that the draft looks at; words and months are looked for in all of them
_MOST_WORDS = 40
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


@dataclass(slots=True)
class _Making:
    """A tape in the making."""

    path: Path
    frame: pl.DataFrame
    reading: CellReading
    columns: list[TapeColumn] = field(default_factory=list)
    review: list[str] = field(default_factory=list)

    def has(self, *roles: Role) -> bool:
        return any(each.role in roles for each in self.columns)


def draft_tape(
    path: Path,
    file: str,
    *,
    parts: Mapping[str, str] | None = None,
    as_of: str = "",
    currency: str = "",
    progress: Progress | None = None,
) -> TapeDraft:
    """Draft the contract of a tape's file; `file` is how tape.yaml names it.

    `parts` says which column plays a role, `as_of` (YYYY-MM) the newest month where no cell tells
    it, `currency` its code. Raises BadInput where no column names the loan, or none tells how late
    it is.
    """
    if as_of and month_of(as_of) is None:
        raise BadInput(f"'{as_of}' is no month", field="--as-of", mend="write 2026-05")
    with (progress or Silent()).step("Reading the tape"):
        layout = read_layout(path)
        frame = next(read_blocks(path, layout.named, layout.stated(), rows=SAMPLE)).head(SAMPLE)
        digest, rows = file_digest(path), 0
    making = _Making(path, frame, CellReading(now().date(), decimal_habit(frame)))
    making.review += [f"layout: {remark}" for remark in layout.remarks]
    asked = _asked(parts or {}, frame.columns)
    with (progress or Silent()).step("Drafting the tape"):
        groups = [] if asked.keys() & {"month"} else [g for g in month_groups(frame) if g.role]
        _choose(making, asked, {each for group in groups for each in group.columns})
        shape: Shape = "monthly" if making.has("month") and not groups else "final"
        months: tuple[str, ...] = ()
        confirm = ""
        if groups and not making.has("month"):
            shape = "wide"
            months, confirm = _wide(making, groups, as_of)
        elif shape == "final":
            months, confirm = _one_month(as_of)
        words, rows = _words(making, layout.stated())
        code = currency or _currency(making)
    _require(making)
    unread = [c for c in frame.columns if c not in _used(making)]
    if unread:
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


def _asked(parts: Mapping[str, str], headers: list[str]) -> dict[Role, str]:
    asked: dict[Role, str] = {}
    for name, column in parts.items():
        role = next((each for each in ROLES if each == name), None)
        if role is None:
            raise BadInput(
                f"'{name}' is no part of a tape", field="--part", mend=did_you_mean(name, ROLES)
            )
        if column not in headers:
            raise BadInput(
                f"there is no column '{column}'",
                field="--part",
                mend=did_you_mean(column, headers),
            )
        asked[role] = column
    return asked


def _choose(making: _Making, asked: Mapping[Role, str], grouped: set[str]) -> None:
    """Give each column the part that a person asked for, else the one its name sounds like."""
    for part, column in asked.items():
        _take(making, part, column, why="as asked")
    taken = set(asked.values()) | grouped
    for header in making.frame.columns:
        role = role_of(header)
        if header in taken or role is None:
            continue
        if making.has(role):
            making.review.append(f"'{header}' also sounds like the {role}, and is not read")
        else:
            _take(making, role, header, why="by its name")


def _take(making: _Making, role: Role, header: str, *, why: str) -> None:
    raw = making.frame[header]
    if raw.null_count() == raw.len():
        return
    wanted = KINDS.get(role, "string")
    drafted = _typed(making, raw, role, day=wanted == "date")
    kind = drafted.attributes["type"]
    fits = kind == wanted or (wanted == "number" and kind == "integer") or wanted == "string"
    if wanted == "boolean":
        fits = kind == "boolean" or set(raw.drop_nulls().unique().to_list()) <= {0, 1}
    if not fits:
        making.review.append(f"'{header}' sounds like the {role}, but reads as {kind}: not read")
        return
    text = wanted == "string"
    review = [f"role: {why}"]
    percent = role in SHARES and _in_percent(drafted.value)
    if percent:
        review.append("unit: most cells are above 1, so they were taken for per cent")
    review += [f"{said.attribute}: {said.line}" for said in drafted.said
               if not text and said.attribute in ("format", "missing_codes")]  # fmt: skip
    making.columns.append(
        TapeColumn(
            role=role,
            column=header,
            format="" if text or wanted == "boolean" else drafted.attributes["format"],
            unit="percent" if percent else "",
            missing_codes=drafted.attributes["missing_codes"],
            confirm="" if text else drafted.attributes.get("confirm", ""),
            review=tuple(review),
        )
    )


def _typed(making: _Making, raw: pl.Series, role: Role, *, day: bool) -> FieldDraft:
    """The column's reading; under a name of a day where it has to be one, as 202405 is not by
    itself."""
    return typed_field(raw.alias("date") if day else raw, role, making.reading)


def _in_percent(values: pl.Series) -> bool:
    median: Any = values.drop_nulls().median() if values.dtype.is_numeric() else None
    return median is not None and float(median) > 1


def _wide(making: _Making, groups: list[Group], as_of: str) -> tuple[tuple[str, ...], str]:
    """Take the groups of columns; the months they stand for, and what has to be confirmed."""
    size = len(groups[0].columns)
    for group in groups:
        if group.role is None or making.has(group.role):
            continue
        if len(group.columns) != size:
            making.review.append(
                f"{len(group.columns)} columns {group.stem} do not fit {size} months: not read"
            )
            continue
        cells = pl.concat([making.frame[each].cast(pl.Float64, strict=False).alias(group.role)
                           for each in group.columns])  # fmt: skip
        amounts = cells.drop_nulls().to_numpy()
        low, high = float(amounts.min()), float(amounts.max())
        doubt = f"its cells run from {low:g} to {high:g}; are they months past due?"
        making.columns.append(
            TapeColumn(
                role=group.role,
                columns=group.columns,
                confirm=doubt if group.by_values else "",
                review=(f"role: {'by its values' if group.by_values else 'by its name'}",),
            )
        )
    if groups[0].months:
        return groups[0].months, ""
    newest = as_of or _last_month()
    known = "as asked" if as_of else "a guess: no cell tells a month"
    return months_back(newest, size), (
        f"'{groups[0].columns[0]}' was taken for the newest month, {newest} ({known}), and the "
        "others for the months before it, in their order"
    )


def _one_month(as_of: str) -> tuple[tuple[str, ...], str]:
    if as_of:
        return (as_of,), ""
    month = _last_month()
    return (month,), f"every row was taken as of {month}, a guess: no cell tells a month"


def _last_month() -> str:
    today = now().date()
    return month_text(today.year * 12 + today.month - 2)


def _words(making: _Making, layout: Any) -> tuple[tuple[StatusWord, ...], int]:
    """What each word of the status means, over the whole file; and its rows."""
    status = next((each for each in making.columns if each.role == "status"), None)
    column = status.column if status else making.frame.columns[0]
    different: set[str] = set()
    rows = 0
    for block in read_blocks(making.path, [column], layout):
        rows += block.height
        if status:
            texts = block[column].cast(pl.String).str.strip_chars().drop_nulls().unique()
            different |= set(texts.to_list()) - {""}
    if status is None:
        return (), rows
    if len(different) > _MOST_WORDS:
        making.columns.remove(status)
        said = f"'{column}' has {len(different):,} different words, too many for a status: not read"
        making.review.append(said)
        return (), rows
    words = []
    for word in sorted(different):
        meaning = meaning_of(word)
        if meaning is None:
            said = f"statuses: '{word}' says nothing we know; explain it, or its rows are refused"
            making.review.append(said)
        else:
            words.append(StatusWord(says=word, means=meaning.standing, days=meaning.days))
    return tuple(words), rows


def _currency(making: _Making) -> str:
    column = next((each.column for each in making.columns if each.role == "currency"), "")
    if not column:
        making.review.append("currency: none is named; name its code, as in CNY")
        return ""
    counted = making.frame[column].cast(pl.String).str.to_uppercase().drop_nulls().value_counts()
    ranked = counted.sort("count", counted.columns[0], descending=[True, False])
    if ranked.height > 1:
        others = ", ".join(ranked[counted.columns[0]][1:].to_list()[:5])
        making.review.append(f"currency: the commonest; rows in others are refused: {others}")
    return str(ranked[counted.columns[0]][0]) if ranked.height else ""


def _used(making: _Making) -> set[str]:
    return {name for each in making.columns for name in (each.columns or (each.column,))}


def _require(making: _Making) -> None:
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
            mend="say which one does with --part days_late=COLUMN, months_late or status",
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
        if known.sha256 == digest:
            raise BadInput(f"the same content was delivered as '{name}'", where=where, field=file)
        if name == file:
            raise BadInput(
                f"'{file}' was delivered before, and its content has changed since",
                where=where,
                field=file,
                mend="put the newer file beside the older under another name: both are kept",
            )
    columns = [name for e in tape.value.columns for name in (e.columns or (e.column,))]
    rows = sum(block.height for block in read_blocks(path, columns, tape.value.layout))
    months = _months_of_delivery(tape.value, as_of)
    return Delivery(sha256=digest, rows=rows, months=months)


def _months_of_delivery(tape: Tape, as_of: str) -> tuple[str, ...]:
    if not as_of or tape.shape == "monthly":
        return ()
    newest, before = month_of(as_of), max(month_of(each) or 0 for each in tape.months)
    if newest is None:
        raise BadInput(f"'{as_of}' is no month", field="--as-of", mend="write 2026-05")
    return tuple(month_text((month_of(each) or 0) + newest - before) for each in tape.months)

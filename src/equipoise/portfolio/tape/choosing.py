"""Which column of a tape plays which part, by its name and by what its cells are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from equipoise.contract.fielddraft import CellReading, FieldDraft, typed_field
from equipoise.contract.missingwords import missing_words
from equipoise.contract.specialcodes import special_codes
from equipoise.errors import BadInput, did_you_mean
from equipoise.portfolio.tape.document import (
    COUNTS_LATENESS,
    IN_A_CELL,
    KINDS,
    MONEY,
    ROLES,
    SHARES,
    Role,
    TapeColumn,
    Unit,
)
from equipoise.portfolio.tape.history_draft import HistoryDraft
from equipoise.portfolio.tape.mixed_days import days_by_shape
from equipoise.portfolio.tape.names import (
    UNLIKELY,
    likelihood,
    role_of,
    tells_percent,
    tells_status,
    tells_weeks,
    unit_of,
)
from equipoise.portfolio.tape.published import PublishedLayout
from equipoise.portfolio.tape.words import NOT_KNOWN, among_numbers, codes_of, meaning_of

MOST_WORDS = 40
_MOST_CHARACTERS = 40
_ENOUGH = 0.5  # of a column's words say something of a loan's state
_MOSTLY = 0.9  # of amounts stand below zero
_SEVERAL = 1.05  # rows to a loan, above which loans stand in several rows


@dataclass(slots=True)
class Making:
    """A tape in the making."""

    path: Path
    frame: pl.DataFrame
    reading: CellReading
    columns: list[TapeColumn] = field(default_factory=list)
    review: list[str] = field(default_factory=list)
    of: PublishedLayout | None = None
    history: HistoryDraft | None = None

    def has(self, *roles: Role) -> bool:
        """Whether a column plays one of the parts."""
        return any(each.role in roles for each in self.columns)

    def column(self, role: Role) -> TapeColumn | None:
        """The column that plays the part, if one does."""
        return next((each for each in self.columns if each.role == role), None)


def asked_parts(parts: Mapping[str, str], headers: list[str]) -> dict[Role, str]:
    """The parts that a person named, each with its column's name or its place, from 1. Raises
    BadInput for one that is none, or has no column."""
    asked: dict[Role, str] = {}
    for name, column in parts.items():
        role = next((each for each in ROLES if each == name), None)
        if role is None:
            raise BadInput(
                f"'{name}' is no part of a tape", field="--part", mend=did_you_mean(name, ROLES)
            )
        if column not in headers and column.isdecimal() and 1 <= int(column) <= len(headers):
            column = headers[int(column) - 1]  # noqa: PLW2901 - by its place
        if column not in headers:
            raise BadInput(
                f"there is no column '{column}'",
                field="--part",
                mend=did_you_mean(column, headers),
            )
        asked[role] = column
    return asked


def choose(making: Making, asked: Mapping[Role, str], grouped: set[str]) -> None:
    """Give each column the part that a person asked for, else the one its name sounds like; of
    several that sound like one part, the likeliest whose cells fit."""
    _choose_asked(making, asked)
    if making.of is not None:
        _choose_published(making, making.of)
        return
    taken = {*asked.values(), *grouped, *(each.column for each in making.columns)}
    sounding: dict[Role, list[str]] = {}
    for header in making.frame.columns:
        role = None if header in taken else _role(making, header)
        if role is not None:
            sounding.setdefault(role, []).append(header)
    for role, headers in sounding.items():
        ranked = sorted(headers, key=lambda each: -_fit(making, role, each))
        for header in ranked:
            if making.has(role):
                making.review.append(f"'{header}' also sounds like the {role}, and is not read")
            elif role in ("balance", *COUNTS_LATENESS) and likelihood(role, header) < UNLIKELY:
                making.review.append(f"'{header}' sounds like the {role}, but not of now: not read")
            else:
                take(making, role, header, why="by its name")


def _choose_asked(making: Making, asked: Mapping[Role, str]) -> None:
    if making.history is not None:
        _choose_history(making, making.history, asked)
    for part, column in asked.items():
        if any(each.column == column for each in making.columns):
            continue  # the history
        if not take(making, part, column, why="as asked"):
            raise BadInput(
                f"column '{column}' cannot be the {part}: {making.review[-1]}",
                field="--part",
                mend=f"name the column whose cells are a {KINDS.get(part, 'text')}",
            )


def _choose_history(making: Making, history: HistoryDraft, asked: Mapping[Role, str]) -> None:
    """Take the column of histories, as the part that was asked for where it can be told so; not
    where loans stand in several rows, or a person needs the column for something else."""
    header = history.column.column
    role = next((part for part, column in asked.items() if column == header), history.column.role)
    loans = [each for each in making.frame.columns if role_of(each) == "loan"]
    ranked = sorted(loans, key=lambda each: -likelihood("loan", each))
    loan = asked.get("loan") or next(iter(ranked), "")
    if role not in IN_A_CELL or (loan and repeats(making.frame[loan])):
        making.history = None
        making.review.append(f"'{header}' looks like a history, and is not read as one")
        return
    making.columns.append(history.column.model_copy(update={"role": role}))


def _choose_published(making: Making, of: PublishedLayout) -> None:
    """Give the columns of a published layout the parts that it says."""
    making.review.append(f"read as {of.named} ({of.source}; verified: {of.verified}). {of.note}")
    for each in of.columns:
        if each.role is None or making.has(each.role) or each.name not in making.frame.columns:
            continue
        raw = without_blanks(making.frame[each.name])
        codes = [*(each.missing_codes or of.missing_codes), *_dated_codes(raw, of.missing_since)]
        day = KINDS.get(each.role) == "date" and not each.format
        empty = raw.drop_nulls().cast(pl.String).str.strip_chars().is_in(codes).all()
        if empty and (day or each.role == "currency"):  # others a later delivery may fill
            making.review.append(f"'{each.name}' is empty: not read")
            continue
        written, doubt = each.format, ""
        if day:
            drafted = typed(making, raw, each.role, day=True)
            written, doubt = drafted.attributes["format"], drafted.attributes.get("confirm", "")
        making.columns.append(
            TapeColumn(
                role=each.role,
                column=each.name,
                format=written,
                unit=each.unit,
                missing_codes=tuple(codes),
                confirm=doubt,
                review=(f"role: {each.says or each.name} of {of.named}",),
            )
        )


def _dated_codes(raw: pl.Series, like: str) -> list[str]:
    """The cells of a column that say since when nothing is told."""
    if not like or raw.dtype != pl.String:
        return []
    cells = raw.drop_nulls().str.strip_chars()
    return cells.filter(cells.str.contains(f"^(?:{like})$")).unique().sort().to_list()


def _role(making: Making, header: str) -> Role | None:
    """The part that a column sounds like, where its cells do not speak against it."""
    role = role_of(header)
    if role == "status" and "state" in header.lower() and not says_a_state(making, header):
        return "region"
    if role in COUNTS_LATENESS and says_a_state(making, header):
        return "status"
    if role is None and tells_status(header) and says_a_state(making, header):
        return "status"  # payment_status, whose words are of the loan and not of a payment
    return role


def _fit(making: Making, role: Role, header: str) -> float:
    fit = float(likelihood(role, header))
    return fit + 4 * says_a_state(making, header) if role == "status" else fit


def repeats(names: pl.Series) -> bool:
    """Whether loans, by their numbers, stand in several rows."""
    known = names.drop_nulls()
    return known.len() > _SEVERAL * known.n_unique()


def words_of(cells: pl.Series) -> list[str]:
    """The different words of a column in order, blank ones aside."""
    return sorted(set(cells.cast(pl.String).str.strip_chars().drop_nulls().unique()) - {""})


def says_a_state(making: Making, header: str) -> bool:
    """Whether a column's cells are words, and most of them say how a loan stands."""
    words = words_of(making.frame[header])
    if not 0 < len(words) <= MOST_WORDS:
        return False
    if codes_of(header, words) is not None:
        return True
    if all(each.lstrip("-+").replace(".", "", 1).isdigit() for each in words):
        return False
    numbers = sum(each.lstrip("-+").isdigit() for each in words)
    if numbers > len(words) - numbers:  # numbers, and a word or two among them
        return False
    says = sum(meaning_of(each) is not None for each in words)
    return says >= _ENOUGH * len(words)


def take(making: Making, role: Role, header: str, *, why: str) -> bool:
    """Let a column play a part, where its cells can; else say why not."""
    raw = without_blanks(making.frame[header])
    if raw.null_count() == raw.len():
        making.review.append(f"'{header}' sounds like the {role}, but is empty: not read")
        return False
    wanted = KINDS.get(role, "string")
    drafted = typed(making, raw, role, day=wanted == "date")
    kind = drafted.attributes["type"]
    fits = kind == wanted or (wanted == "number" and kind == "integer") or wanted == "string"
    fits = fits or (role in COUNTS_LATENESS and kind == "string" and _counts(raw))
    if wanted == "boolean":
        fits = kind == "boolean" or set(raw.drop_nulls().unique().to_list()) <= {0, 1}
    fits = fits or (role == "version" and kind in ("integer", "number"))
    several = [] if fits or wanted != "date" else days_by_shape(raw, making.reading)
    if several:
        making.columns.append(_in_several_ways(several, role, header, why))
        return True
    if not fits:
        example = str(raw.drop_nulls()[0])[:_MOST_CHARACTERS]
        said = f"'{header}' sounds like the {role}, but reads as {kind} ('{example}'): not read"
        making.review.append(said)
        return False
    weekly = role == "months_late" and any(map(tells_weeks, making.frame.columns))
    unit: Unit = "weeks" if weekly else unit_of(role, header)
    column = _column(drafted, role, header, unit, why=why, text=wanted == "string")
    if role in MONEY and _mostly_below_zero(drafted.value):
        doubt = "most amounts are below zero: they were taken for what is owed, with a minus"
        asked = "; ".join(filter(None, (column.confirm, doubt)))
        column = column.model_copy(update={"below_zero": True, "confirm": asked})
    doubtful = list(_doubtful_numbers(drafted, role)) if role in (*COUNTS_LATENESS, *MONEY) else []
    if doubtful and role in COUNTS_LATENESS:  # who is taken for years late may be unknown
        asked = "; ".join(filter(None, (column.confirm, *doubtful)))
        column = column.model_copy(update={"confirm": asked})
    else:
        making.review += doubtful
    making.columns.append(column)
    return True


def _in_several_ways(several: list[FieldDraft], role: Role, header: str, why: str) -> TapeColumn:
    written = [each.attributes["format"] for each in several]
    doubts = [each.attributes["confirm"] for each in several if "confirm" in each.attributes]
    return TapeColumn(
        role=role,
        column=header,
        format=written[0],
        other_formats=tuple(each for each in dict.fromkeys(written[1:]) if each != written[0]),
        confirm="; ".join(doubts),
        review=(f"role: {why}", f"format: days are written in several ways: {', '.join(written)}"),
    )


def _column(
    drafted: FieldDraft, role: Role, header: str, unit: Unit, *, why: str, text: bool
) -> TapeColumn:
    review = [f"role: {why}"]
    doubt = ""
    if role in SHARES and "%" in drafted.attributes["format"]:
        unit = "percent"
    elif role in SHARES and _in_percent(drafted.value):
        unit = "percent"
        review.append("unit: most cells are above 1, so they were taken for per cent")
    elif role in SHARES and tells_percent(header):
        unit = "percent"
        doubt = f"by its name '{header}' is in per cent, and its cells are small: are they shares?"
    elif unit == "full_months":
        review.append("unit: 1 was taken for 30 to 59 days past due; without `unit` it is 1 to 30")
    elif role == "months_late":
        review.append("unit: 1 was taken for 1 to 30 days past due; `full_months` is 30 to 59")
    elif unit == "weeks":
        review.append("unit: 1 was taken for 1 to 7 days past due: the numbers count weeks")
    elif unit:
        review.append(f"unit: by its name the amounts are in another unit: {unit}")
    if not text:
        review += [
            f"{said.attribute}: {said.line}"
            for said in drafted.said
            if said.aloud or said.attribute in ("format", "missing_codes")
        ]
    codes = drafted.attributes["missing_codes"]
    if role in COUNTS_LATENESS:  # RA among months past due is a word to be explained
        words = words_of(drafted.raw) if drafted.raw is not None else []
        unknown = {*codes, *(each for each in NOT_KNOWN if each in words)}
        codes = tuple(sorted((each for each in unknown if not _is_word(each)), key=str))
    boolean = KINDS.get(role) == "boolean"
    return TapeColumn(
        role=role,
        column=header,
        format="" if text or boolean else drafted.attributes["format"],
        unit=unit,
        missing_codes=codes,
        confirm="" if text else doubt or drafted.attributes.get("confirm", ""),
        review=tuple(dict.fromkeys(review)),
    )


def _counts(raw: pl.Series) -> bool:
    """Whether most cells of a text column are short numbers, as 00 and 01 among XX."""
    numbers = raw.drop_nulls().str.contains(r"^\s*\d{1,4}\s*$")
    share: Any = numbers.mean()
    return share is not None and float(share) > _ENOUGH


def _is_word(code: object) -> bool:
    text = str(code).strip()
    known = bool(missing_words(pl.Series([text]), among_words=False)[0])
    return among_numbers(text) is not None and not known


def _doubtful_numbers(drafted: FieldDraft, role: Role) -> Iterable[str]:
    """Numbers that may stand for something that is not known."""
    known = drafted.value.drop_nulls()
    codes = special_codes(known) if known.dtype.is_numeric() else None
    for number, rows in codes.rows.items() if codes else ():
        yield (
            f"{number:g} stands {rows:,} times as the {role}: if it means that it is not known, "
            f"list it as `missing_codes` of '{drafted.column}'"
        )


def without_blanks(raw: pl.Series) -> pl.Series:
    if raw.dtype != pl.String:
        return raw
    cells = raw.to_frame("cell")
    bare = pl.col("cell").str.strip_chars() != ""
    return cells.select(pl.when(bare).then(pl.col("cell"))).to_series().alias(raw.name)


def typed(making: Making, raw: pl.Series, role: Role, *, day: bool) -> FieldDraft:
    """The column's reading; under a name of a day where it has to be one, as 202405 is not by
    itself."""
    return typed_field(raw.alias("date") if day else raw, role, making.reading)


def _mostly_below_zero(values: pl.Series) -> bool:
    owed = values.drop_nulls().filter(values.drop_nulls() != 0)
    return owed.len() > 0 and float((owed < 0).sum()) > _MOSTLY * owed.len()


def _in_percent(values: pl.Series) -> bool:
    median: Any = values.drop_nulls().median() if values.dtype.is_numeric() else None
    return median is not None and float(median) > 1

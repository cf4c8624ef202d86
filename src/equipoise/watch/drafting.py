"""A first watch.yaml, from what a lender's tables have: a person confirms it, and says who owns
what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from equipoise.documents import to_yaml
from equipoise.errors import BadInput, Span

OWNER = "risk_officer"
DATA_DESK = "data_desk"
MOST_VALUES = 6  # of a segment that are watched one by one
MOST_MIXES = 12
DUE_DAYS = 10  # after a month's end
SHORTEST, USUAL = 6, 24  # periods of history
SEGMENTS = ("region", "product", "channel", "grade", "industry")
# How loans roll from bucket to bucket, and how late they are where no month follows another: name,
# `of` and `where` of an indicator.
_ROLLS = (
    ("newly_late", "days > 0", "days_before = 0"),
    ("roll_to_31", "days > 30", "days_before > 0 AND days_before <= 30"),
    ("roll_to_61", "days > 60", "days_before > 30 AND days_before <= 60"),
    ("roll_to_91", "days > 90", "days_before > 60 AND days_before <= 90"),
)
_LATE = (("late", "days > 0", ""), ("late_31", "days > 30", ""), ("late_91", "days > 90", ""))
HEADER = """\
watch.yaml: drafted from the tables, not from what the lender knows. Confirm each indicator, and
`due_days`, after which rows of a month are late; name who owns what under `people`. `alert_cost`
and `saved` under `backtest` are assumed: a warning in time saves what 20 alerts cost. Add the
register of risks:

risks:
  - {name: bad_vintage, class: credit, cause: loans that should not have been made,
     owner: risk_officer,
     probability: {indicator: first_payment_missed, steps: [0.02, 0.03, 0.05, 0.08]},
     impact: {judged: 4, by: risk_officer, day: 2026-11-01}, appetite: 8, reviewed: 2026-11-01}
"""


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table to be watched: where its rows are, what its columns are, and the rows.

    `is_book` where it has the columns of a book of loans: loan, days, days_before, months_on_book,
    balance.
    """

    name: str
    data: str
    period: str
    columns: Mapping[str, str]
    rows: pl.DataFrame
    is_book: bool = False


def draft_watch(name: str, tables: Sequence[TableFacts]) -> str:
    """The document's text. Raises BadInput where no table has enough periods to be held against."""
    drafted = [table for table in tables if _periods(table) > SHORTEST]
    if not drafted:
        counted = ", ".join(f"{table.name} has {_periods(table)}" for table in tables)
        raise BadInput(
            f"no table has enough periods to be watched: {counted}",
            where=Span(tables[0].data) if tables else None,
            field=tables[0].period if tables else "",
            mend=f"it takes {SHORTEST} of history, and one more; deliver former months too",
        )
    longest = max(_periods(table) for table in drafted)
    history = min(USUAL, max(SHORTEST, longest * 2 // 3))
    indicators = [each for table in drafted for each in _indicators(table)]
    document: dict[str, Any] = {
        "name": name,
        "every": "quarter" if all(_is_quarterly(table) for table in drafted) else "month",
        "history": history,
        "budget": {"false_reds": 1, "false_ambers": 12},
        "people": [{"id": OWNER, "department": "risk"}, {"id": DATA_DESK, "department": "data"}],
        "tables": [_table(table) for table in drafted],
        "indicators": indicators,
    }
    for table in (each for each in drafted if each.is_book):
        document |= _warnings(table)
    return to_yaml(document, HEADER)


def _periods(table: TableFacts) -> int:
    """How many months have rows."""
    return table.rows[table.period].dt.truncate("1mo").n_unique() if table.rows.height else 0


def _is_quarterly(table: TableFacts) -> bool:
    """Whether rows are of a month of each quarter only."""
    day = table.rows[table.period].drop_nulls()
    months = (day.dt.year().cast(pl.Int64) * 12 + day.dt.month()).unique().sort()
    gaps = months.diff().drop_nulls()
    return gaps.len() > 0 and bool((gaps % 3 == 0).all())


def _table(table: TableFacts) -> dict[str, Any]:
    section: dict[str, Any] = {
        "name": table.name,
        "data": table.data,
        "period": table.period,
        "columns": dict(table.columns),
        "due_days": DUE_DAYS,
    }
    return section | ({"entity": "loan"} if table.is_book else {})


def _warnings(table: TableFacts) -> dict[str, Any]:
    """What warnings are held against, and who is watched one by one."""
    outcome = "roll_to_61" if _moves(table) else "late_31"
    if "balance" in table.columns:
        outcome = "late_31_balance"
    return {
        "backtest": {
            "table": table.name,
            "event": "days > 90",
            "horizon": 6,
            "alert_cost": 1,
            "saved": 20,
            "outcome": outcome,
        },
        "borrowers": {"table": table.name, "days": "days"},
    }


def _indicators(table: TableFacts) -> Iterator[dict[str, Any]]:
    volume = {"direction": "either", "baseline": "previous", "owner": DATA_DESK}
    yield _made(f"{table.name}_rows", "institution", "data", table, "volume", **volume)
    yield from _missing(table)
    yield from _book(table) if table.is_book else _mixes(table)


def _made(
    name: str, level: str, about: str, table: TableFacts, kind: str, **more: Any
) -> dict[str, Any]:
    section = {"name": name, "level": level, "about": about, "table": table.name, "kind": kind}
    return section | {"owner": OWNER} | more


def _missing(table: TableFacts) -> Iterator[dict[str, Any]]:
    """Of what others rest on, and of what is missing now and then: a feed that has always come may
    end tomorrow. A book's own reckoning is missing for good reasons."""
    rested_on = (*SEGMENTS, "pd") if table.is_book else tuple(_mixed(table))
    reckoned = ("days_before", "months_on_book") if table.is_book else ()
    for column in (each for each in table.columns if each not in (table.period, *reckoned)):
        missing = table.rows[column].null_count()
        if missing < table.rows.height and (missing or column in rested_on):
            yield _made(
                f"{table.name}_without_{column}", "institution", "data", table, "rate",
                of=f"{_quoted(column)} IS NULL", guards=[column], owner=DATA_DESK,
            )  # fmt: skip


def _book(table: TableFacts) -> Iterator[dict[str, Any]]:
    """Labels that come early, how loans roll, where they gather."""
    columns = table.columns
    rates = list(_ROLLS if _moves(table) else _LATE)
    if table.rows["months_on_book"].null_count() < table.rows.height:
        rates += [
            ("first_payment_missed", "days > 0", "months_on_book = 1"),
            ("late_after_two", "days > 0", "months_on_book = 2"),
            ("late_31_after_three", "days > 30", "months_on_book = 3"),
        ]
    for name, of, where in rates:
        only = {"where": where} if where else {}
        yield _made(name, "portfolio", "credit", table, "rate", of=of, **only)
    if "pd" in columns and _moves(table):
        yield _made(
            "newly_late_against_pd", "portfolio", "credit", table, "expected",
            of="days > 0", over="pd", where="days_before = 0",
        )  # fmt: skip
    if "balance" in columns:
        late = "CASE WHEN days > 30 THEN balance ELSE 0 END"
        yield _made("late_31_balance", "portfolio", "credit", table, "ratio", of=late,
                    over="balance")  # fmt: skip
    yield _made("days_late_of_a_loan", "customer", "credit", table, "mean", of="days")
    for segment in (each for each in SEGMENTS if each in columns):
        yield from _segment(table, segment)


def _moves(table: TableFacts) -> bool:
    """Whether some month follows another, so that loans are seen to roll."""
    return table.rows["days_before"].null_count() < table.rows.height


def _segment(table: TableFacts, segment: str) -> Iterator[dict[str, Any]]:
    yield _made(f"mix_of_{segment}", "product", "credit", table, "distribution", of=segment)
    common = table.rows[segment].drop_nulls().value_counts(sort=True)[segment].to_list()
    for at, value in enumerate(common[:MOST_VALUES], 1):
        name, label, where = f"late_{segment}_{at}", "Late", f"{segment} = {_text(value)}"
        if _moves(table):
            name, label, where = f"newly_{name}", "Newly late", f"days_before = 0 AND {where}"
        yield _made(name, "portfolio", "credit", table, "rate", of="days > 0", where=where,
                    label={"en": f"{label}: {value}"})  # fmt: skip


def _mixes(table: TableFacts) -> Iterator[dict[str, Any]]:
    for column in _mixed(table):
        name = f"{table.name}_{column}"
        yield _made(name, "product", "credit", table, "distribution", of=_quoted(column))


def _mixed(table: TableFacts) -> Iterator[str]:
    """The fields whose spread is watched: numbers and texts of few values, the first so many."""
    count = 0
    for column, kind in table.columns.items():
        known = table.rows[column].drop_nulls()
        few = kind in ("number", "integer") or known.n_unique() <= 30
        if column != table.period and kind != "date" and few and known.n_unique() > 1:
            count += 1
            if count <= MOST_MIXES:
                yield column


def _quoted(column: str) -> str:
    return column if column.isidentifier() and column.isascii() else f'"{column}"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"

"""A first watch.yaml, from what a lender's tables have: a person confirms it, and says who owns
what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from equipoise.documents import to_yaml
from equipoise.errors import BadInput, Span
from equipoise.texts.saying import marked, our_languages, say

OWNER = "risk_officer"
DATA_DESK = "data_desk"
MOST_VALUES = 6  # of a segment that are watched one by one
MOST_MIXES = 12
DUE_DAYS = 10  # after a month's end
SHORTEST, USUAL = 6, 24  # periods of history
SEGMENTS = ("region", "product", "channel", "grade", "industry")
# How loans roll from bucket to bucket, and how late they are where no month follows another; and
# labels that come early: name, label, `of` and `where` of an indicator.
_ROLLS = (
    ("newly_late", marked("Newly late"), "days > 0", "days_before = 0"),
    ("roll_to_31", marked("Late, then more than 30 days"), "days > 30",
     "days_before > 0 AND days_before <= 30"),
    ("roll_to_61", marked("More than 30 days late, then 60"), "days > 60",
     "days_before > 30 AND days_before <= 60"),
    ("roll_to_91", marked("More than 60 days late, then 90"), "days > 90",
     "days_before > 60 AND days_before <= 90"),
)  # fmt: skip
_LATE = (
    ("late", marked("Late"), "days > 0", ""),
    ("late_31", marked("More than 30 days late"), "days > 30", ""),
    ("late_91", marked("More than 90 days late"), "days > 90", ""),
)
_EARLY = (
    ("first_payment_missed", marked("First payment missed"), "days > 0", "months_on_book = 1"),
    ("late_after_two", marked("Late after two months"), "days > 0", "months_on_book = 2"),
    ("late_31_after_three", marked("More than 30 days late after three months"), "days > 30",
     "months_on_book = 3"),
)  # fmt: skip
_RECKONED = ("days_before", "months_on_book")  # null for good reasons
SOON = (4, 6, 12)  # months of age: whoever never paid is 91 days past due in the fourth
_NEVER = 9999
ONCE = """\

The tape has one row for each loan, so vintages are watched: how many loans were made in a month, of
how much and to whom, and where days of default are told, how many went into it how soon. What
cannot be watched: how loans roll, how late the book is over time, and a watch list of loans. For
that, put the tape of each month into tape.yaml with `equipoise portfolio draft`, and draft anew.
"""
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

    `of` loan_months it has the columns of a book: loan, days, days_before, months_on_book, balance;
    of vintages those of loans in one row each, by the month they were made in: balance, amount; of
    an age (SOON) by the month in which they were so many months old: months_to_default.
    """

    name: str
    data: str
    period: str
    columns: Mapping[str, str]
    rows: pl.DataFrame
    of: Literal["loan_months", "vintages", "of_an_age", "rows"] = "rows"


def draft_watch(name: str, tables: Sequence[TableFacts]) -> str:
    """The document's text. Raises BadInput where no table has enough periods to be held against."""
    drafted = [table for table in tables if _periods(table) > SHORTEST]
    short = ", ".join(
        f"{table.name} has {_periods(table)}" for table in tables if table not in drafted
    )
    if not drafted:
        raise BadInput(
            f"no table has enough periods to be watched: {short}",
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
    for table in (each for each in drafted if each.of == "loan_months"):
        document |= _warnings(table)
    return to_yaml(document, _head(drafted, short))


def _head(drafted: Sequence[TableFacts], short: str) -> str:
    """What the document says of itself first; `short` are tables of too few periods."""
    head = HEADER
    if any(table.of == "vintages" for table in drafted):
        head = head.replace("first_payment_missed", "default_within_4") + ONCE
    more = f"\nNot watched yet, for it takes {SHORTEST + 1} months: {short}.\n"
    return head + more if short else head


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
    return section | ({"entity": "loan"} if table.of == "loan_months" else {})


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
    if table.of == "of_an_age":
        yield from _early_defaults(table)
        return
    volume = {"direction": "either", "baseline": "previous", "owner": DATA_DESK}
    label = _label(marked("Rows of {name}"), name=table.name)
    if table.of == "vintages":
        label = _label(marked("Loans made"))
    yield _made(f"{table.name}_rows", "institution", "data", table, "volume", label=label, **volume)
    yield from _missing(table)
    yield from {"loan_months": _book, "vintages": _vintages, "rows": _mixes}[table.of](table)


def _made(
    name: str,
    level: str,
    about: str,
    table: TableFacts,
    kind: str,
    *,
    label: Mapping[str, str],
    **more: Any,
) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "level": level,
        "about": about,
        "table": table.name,
        "kind": kind,
        "owner": OWNER,
    } | more


def _label(message: str, **places: str) -> dict[str, str]:
    """What the indicator is called, in all our languages."""
    return {language: say(message, language, **places) for language in our_languages()}


def _missing(table: TableFacts) -> Iterator[dict[str, Any]]:
    """Of what others rest on, and of what is missing now and then: a feed that has always come may
    end tomorrow. A book's own reckoning is missing for good reasons."""
    rested_on = tuple(_mixed(table)) if table.of == "rows" else (*SEGMENTS, "pd")
    reckoned = () if table.of == "rows" else _RECKONED
    for column in (each for each in table.columns if each not in (table.period, *reckoned)):
        missing = table.rows[column].null_count()
        if missing < table.rows.height and (missing or column in rested_on):
            yield _made(
                f"{table.name}_without_{column}", "institution", "data", table, "rate",
                label=_label(marked("Without {name}"), name=column),
                of=f"{_quoted(column)} IS NULL", guards=[column], owner=DATA_DESK,
            )  # fmt: skip


def _book(table: TableFacts) -> Iterator[dict[str, Any]]:
    """Labels that come early, how loans roll, where they gather."""
    columns = table.columns
    rates = list(_ROLLS if _moves(table) else _LATE)
    if table.rows["months_on_book"].null_count() < table.rows.height:
        rates += _EARLY
    for name, message, of, where in rates:
        only = {"where": where} if where else {}
        yield _made(
            name, "portfolio", "credit", table, "rate", label=_label(message), of=of, **only
        )
    if "pd" in columns and _moves(table):
        yield _made(
            "newly_late_against_pd", "portfolio", "credit", table, "expected",
            label=_label(marked("Newly late, against the PD")),
            of="days > 0", over="pd", where="days_before = 0",
        )  # fmt: skip
    if "balance" in columns:
        late = "CASE WHEN days > 30 THEN balance ELSE 0 END"
        label = _label(marked("Balance more than 30 days late"))
        yield _made("late_31_balance", "portfolio", "credit", table, "ratio", label=label, of=late,
                    over="balance")  # fmt: skip
    label = _label(marked("Days late of a loan"))
    yield _made("days_late_of_a_loan", "customer", "credit", table, "mean", label=label, of="days")
    for segment in (each for each in SEGMENTS if each in columns):
        yield from _segment(table, segment)


def _vintages(table: TableFacts) -> Iterator[dict[str, Any]]:
    """Of loans made in one month: how much was lent, and to whom."""
    if "amount" in table.columns:
        label = _label(marked("Amount of a loan"))
        yield _made("amount_of_a_loan", "product", "credit", table, "mean", label=label,
                    of="amount", direction="either")  # fmt: skip
    yield from (_mix(table, each) for each in SEGMENTS if each in table.columns)


def _early_defaults(table: TableFacts) -> Iterator[dict[str, Any]]:
    """How many of those that come to an age have been in default by then."""
    months = table.period.removeprefix("after_")
    yield _made(
        f"default_within_{months}", "portfolio", "credit", table, "rate",
        label=_label(marked("In default within {n} months"), n=months),
        of=f"COALESCE(months_to_default, {_NEVER}) <= {months}",
    )  # fmt: skip


def _moves(table: TableFacts) -> bool:
    """Whether some month follows another, so that loans are seen to roll."""
    return table.rows["days_before"].null_count() < table.rows.height


def _segment(table: TableFacts, segment: str) -> Iterator[dict[str, Any]]:
    yield _mix(table, segment)
    common = table.rows[segment].drop_nulls().value_counts(sort=True)[segment].to_list()
    for at, value in enumerate(common[:MOST_VALUES], 1):
        name, where = f"late_{segment}_{at}", f"{segment} = {_text(value)}"
        label = _label(marked("Late: {name}"), name=value)
        if _moves(table):
            name, where = f"newly_{name}", f"days_before = 0 AND {where}"
            label = _label(marked("Newly late: {name}"), name=value)
        yield _made(
            name, "portfolio", "credit", table, "rate", label=label, of="days > 0", where=where
        )


def _mix(table: TableFacts, segment: str) -> dict[str, Any]:
    mix = _label(marked("Mix of {name}"), name=segment)
    return _made(
        f"mix_of_{segment}", "product", "credit", table, "distribution", label=mix, of=segment
    )


def _mixes(table: TableFacts) -> Iterator[dict[str, Any]]:
    for column in _mixed(table):
        name = f"{table.name}_{column}"
        label = _label(marked("How {name} is spread"), name=column)
        yield _made(
            name, "product", "credit", table, "distribution", label=label, of=_quoted(column)
        )


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

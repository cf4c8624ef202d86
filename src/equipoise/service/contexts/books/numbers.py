"""A number of a measured book: its query, what that gives of the tape as it is now, and the rows
behind it, a part at a time. Opening rows that name loans is a look, and stands in the record."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from equipoise.errors import BadInput, EquipoiseError
from equipoise.service.contexts.books.events import BookRowsSeen, chain_of
from equipoise.service.contexts.books.running import without_where
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record

if TYPE_CHECKING:
    from equipoise.portfolio import Answer, Number, Query

_ROWS = 50
_MOST_PAGES = 1_000_000
_NAMES_A_LOAN = "loan"


@dataclass(frozen=True, slots=True)
class NumberShown:
    """What was `measured`, by the names of the query; what it gives now with part `page` (from 1)
    of so many `pages` of rows, or the `fault` in the way. `changed`: the tape is another by now."""

    number: Number
    measured: dict[str, float]
    currency: str
    query: Query
    answer: Answer | None
    page: int
    pages: int
    changed: bool
    fault: str


def number_shown(
    measured: dict[str, Any], measuring_id: int, number: Number, page: int, by: Principal
) -> NumberShown | None:
    """A number of what a measuring found; None where it has no such. `page` counts from 1."""
    from equipoise.portfolio import figures_of, query_of

    page = min(max(page, 1), _MOST_PAGES)
    figures = figures_of(measured).get(number)
    if figures is None:
        return None
    query, currency = query_of(measured, number), measured["summary"]["currency"]
    answer, changed, fault = None, False, ""
    try:
        answer, deliveries = _asked(query, page)
        changed = deliveries != tuple(each["sha256"] for each in measured["deliveries"])
    except EquipoiseError as error:
        fault = without_where(error)
    pages = 1 if answer is None else max(1, -(-answer.of // _ROWS))
    if answer is not None and answer.rows and _NAMES_A_LOAN in answer.names:
        _tell(measuring_id, number, page, by)
    return NumberShown(number, figures, currency, query, answer, page, pages, changed, fault)


def _asked(query: Query, page: int) -> tuple[Answer, tuple[str, ...]]:
    """What the query gives of the workspace's tape, and the deliveries that it rests on."""
    from equipoise.portfolio import ask
    from equipoise.workspace.book_tables import book_tables

    folder = Path(settings.CONFIGURATION.workspace)
    read = book_tables(folder, terms=query.table == "terms")
    table = read.tables.get(query.table)
    if table is None:
        raise BadInput("the tape tells too little for losses by now", field="tape")
    return ask(query, table, most=_ROWS, after=(page - 1) * _ROWS), read.deliveries


def _tell(measuring_id: int, number: Number, page: int, by: Principal) -> None:
    named = " ".join(each for each in (number.kind, number.of, number.at) if each)
    seen = BookRowsSeen(by=by.id, key=by.key or None, number=named, page=page)
    with transaction.atomic():
        record.append(record.event(chain_of(measuring_id), seen))

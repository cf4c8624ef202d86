"""A number of a measured book: its query, what that gives of the rows that were kept, and those
behind it, a part at a time. Opening rows that name loans is a look, and stands in the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from equipoise.service.contexts.books.events import BookRowsSeen, chain_of
from equipoise.service.contexts.books.keeping import kept_tables
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record

if TYPE_CHECKING:
    from equipoise.portfolio import Answer, Number, Query

_ROWS = 50
_MOST_PAGES = 1_000_000
_NAMES_A_LOAN = "loan"


@dataclass(frozen=True, slots=True)
class NumberShown:
    """What was `measured`, by the names of the query; what it gives of the rows that are kept, with
    part `page` (from 1) of so many `pages` of them; no answer where none are kept any longer.
    `later`: the rows are those of a later measuring."""

    number: Number
    measured: dict[str, float]
    currency: str
    query: Query
    answer: Answer | None
    page: int
    pages: int
    later: bool


def number_shown(
    measured: dict[str, Any], measuring_id: int, number: Number, page: int, by: Principal
) -> NumberShown | None:
    """A number of what a measuring found; None where it has no such. `page` counts from 1."""
    from equipoise.portfolio import ask, figures_of, query_of

    page = min(max(page, 1), _MOST_PAGES)
    figures = figures_of(measured).get(number)
    if figures is None:
        return None
    query, currency = query_of(measured, number), measured["summary"]["currency"]
    try:
        kept = kept_tables().table(query.table)
        answer = ask(query, kept.path, most=_ROWS, after=(page - 1) * _ROWS) if kept else None
    except FileNotFoundError:  # removed since, by whoever saw that the tape is another
        kept = answer = None
    if kept is None or answer is None:
        return NumberShown(number, figures, currency, query, None, page, 1, later=False)
    if answer.rows and _NAMES_A_LOAN in answer.names:
        _tell(measuring_id, number, page, by)
    pages, later = max(1, -(-answer.of // _ROWS)), kept.of != str(measuring_id)
    return NumberShown(number, figures, currency, query, answer, page, pages, later)


def _tell(measuring_id: int, number: Number, page: int, by: Principal) -> None:
    named = " ".join(each for each in (number.kind, number.of, number.at) if each)
    seen = BookRowsSeen(by=by.id, key=by.key or None, number=named, page=page)
    with transaction.atomic():
        record.append(record.event(chain_of(measuring_id), seen))

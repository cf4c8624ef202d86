"""Lists of decisions, the newest first, among any number of them.

Ids sort by time, so every list is read from the end of an index that begins with what it is
limited to. What may be one of several things is asked for one by one and merged: a database that
is asked for either at once reads everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, product

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.reading_many import Several
from equipoise.service.contexts.decisions.recorded import DecisionView
from equipoise.service.contexts.decisions.schemas import Filters
from equipoise.service.contexts.registry import reading as registry
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.accounts.services import parts_for
from equipoise.service.platform.api.paging import Order, Paging, Part, cut, read_name
from equipoise.service.platform.record.subjects import first_id

# In the words of its index, which a value that is handed over apart would not lead to.
_CHALLENGER = RawSQL("way = 'challenger'", (), output_field=BooleanField())
NEWEST = Order("decisions", ("-id",), (read_name,))
# A day ends at other moments elsewhere: the first ends 14 hours before that of UTC, the last 12
# hours after. An hour more for clocks that differ.
_EARLIER, _LATER = timedelta(hours=15), timedelta(hours=13)


def listed(by: Principal, over: Reach, asked: Filters, paging: Paging) -> Part[Decision]:
    """A page of the decisions that the caller may see. Raises BadInput for a wrong cursor."""
    return page(by, over, [limits_of(asked)], asked, paging)


def page(
    by: Principal, over: Reach, limits: Sequence[Q], asked: Filters, paging: Paging
) -> Part[Decision]:
    """The same of those that are within one of the limits besides."""
    behind = NEWEST.after(paging.after) if paging.after else Q()
    by_id: dict[str, Decision] = {}
    for whose, which, limit in product(parts_for(by, over), _strategies(asked), limits):
        rows = Decision.objects.filter(whose, which, limit, behind)
        by_id |= {row.id: row for row in rows.order_by("-id")[: paging.limit + 1]}
    newest = sorted(by_id.values(), key=lambda row: row.id, reverse=True)
    return cut(newest[: paging.limit + 1], NEWEST, paging.limit)


def whole(rows: Sequence[Decision], by: Principal) -> list[DecisionView]:
    """The decisions as the record holds them, as far as the reader may know them."""
    several = Several(rows)
    return [several.seen_by(by, several.decision(row)) for row in rows]


def _strategies(asked: Filters) -> Sequence[Q]:
    """By digest, as a strategy's decisions are made by many versions one after the other."""
    if asked.digest:
        return [Q(digest=asked.digest, **({"strategy": asked.strategy} if asked.strategy else {}))]
    if not asked.strategy:
        return [Q()]
    digests = registry.digests(asked.strategy)
    return [Q(digest=digest, strategy=asked.strategy) for digest in digests]


def limits_of(asked: Filters) -> Q:
    """What the filters let through, but for the strategy."""
    return Q(*chain(_columns(asked), _days(asked), _in_application(asked)))


def _columns(asked: Filters) -> Iterator[Q]:
    if asked.outcome:
        yield Q(outcome=asked.outcome)
    if asked.way == "challenger":
        yield Q(_CHALLENGER)
    elif asked.way:
        yield Q(way=asked.way)


def _days(asked: Filters) -> Iterator[Q]:
    """The lender's days; by the ids too, which are near them and lead to them."""
    if (first := asked.decided_from) is not None:
        yield Q(decided_on__gte=first, id__gte=first_id("decision", _midnight(first) - _EARLIER))
    if (last := asked.decided_to) is not None:
        end = _midnight(last) + timedelta(days=1) + _LATER
        yield Q(decided_on__lte=last, id__lt=first_id("decision", end))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _in_application(asked: Filters) -> Iterator[Q]:
    if asked.application:
        yield Q(application=asked.application)

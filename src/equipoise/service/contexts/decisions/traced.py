"""How a decision came about, for whoever audits it: whole, or as far as its open part tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from equipoise.record.personal import Erased
from equipoise.service.contexts.decisions.models import Decision as Row
from equipoise.service.contexts.decisions.opening import Withheld
from equipoise.service.contexts.decisions.record_format import format_of
from equipoise.service.contexts.decisions.recorded import DecisionView
from equipoise.service.contexts.registry.reading import loaded
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.record.subjects import readable

if TYPE_CHECKING:
    from equipoise.strategy import Content
    from equipoise.strategy.decision import Decision


class Kept(StrEnum):
    """How much of it may be told: `whole`, or without what is sealed, as the reader may not read
    that, or as the applicant was erased."""

    WHOLE = "whole"
    WITHHELD = "withheld"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision's row: what lists show of it."""

    id: str
    application: str
    strategy: str
    digest: str
    way: str
    outcome: str
    begun_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Traced:
    """A decision as it came about. `decision` is None where no strategy made it, because of a fault
    of ours, which `failure` then names."""

    row: Decided
    kept: Kept
    decision: Decision | None
    content: Content | None
    failure: str = ""
    plain: Mapping[str, Any] | None = None


def traced(decision: DecisionView, by: Principal) -> Traced:
    """The decision's trace, as far as the reader may know it. Raises Unreadable where its facts
    cannot be read though nobody was erased, Unusable where its strategy is gone."""
    row = decided(decision.row)
    if decision.failed:
        failure = str(decision.plain["trace"]["failure"])
        return Traced(row, Kept.WITHHELD, None, None, failure, decision.plain)
    strategy = loaded(decision.row.digest)
    kind = format_of(decision.plain)
    try:
        rebuilt = kind.whole(decision.parts_for(by), strategy)
        kept = Kept.WHOLE
    except (Withheld, Erased):
        rebuilt = kind.open(decision.plain)
        kept = Kept.WITHHELD if readable([decision.row.application]) else Kept.ERASED
    return Traced(row, kept, rebuilt, strategy.content, plain=decision.plain)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which decisions: with an outcome, by a strategy, of some of the lender's days; empty: all."""

    outcome: str = ""
    strategy: str = ""
    first: date | None = None
    last: date | None = None


def recent(
    by: Principal, over: Reach, wanted: Wanted, after: str, most: int
) -> tuple[list[Decided], str]:
    """Those that the caller may see, the newest first, and the cursor of what comes after them,
    empty at the end. Raises BadInput for a cursor of another list."""
    from equipoise.service.contexts.decisions.listing import listed  # with the API's schemas
    from equipoise.service.contexts.decisions.schemas import Filters
    from equipoise.service.platform.api.paging import Paging

    asked = Filters.model_construct(
        outcome=wanted.outcome or None,
        strategy=wanted.strategy,
        decided_from=wanted.first,
        decided_to=wanted.last,
    )
    part = listed(by, over, asked, Paging(limit=most, after=after))
    return [decided(row) for row in part.rows], part.next or ""


def decided(row: Row) -> Decided:
    """The row as others know it."""
    return Decided(
        row.id, row.application, row.strategy, row.digest, row.way, row.outcome, row.begun_by,
        row.made_at,
    )  # fmt: skip

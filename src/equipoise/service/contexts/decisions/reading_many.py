"""Many recorded decisions read together: two questions to the database, not two for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from equipoise.record.personal import Erased, Unreadable
from equipoise.service.contexts.decisions.events import DecisionMade, OutcomeRecorded
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.opening import may_read
from equipoise.service.contexts.decisions.recorded import DecisionView
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.operations.logs import log
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.subjects import first_id, opened, several
from equipoise.strategy.decision import ASK_FOR_MORE
from equipoise.value.measures import MEASURES

if TYPE_CHECKING:
    from equipoise.strategy import Strategy

_log = log("decisions")
_AT_ONCE = 500  # decisions that are read together


class Several:
    """What the record holds of these decisions, and the keys to their facts."""

    def __init__(self, rows: Sequence[Decision]) -> None:
        chains = {row.application for row in rows}
        self._made = made_in(sorted(chains))
        self._subjects = several(chains)

    def decision(self, row: Decision) -> DecisionView:
        """The decision. Raises DoesNotExist where the record does not hold it."""
        decided = self._made.get(row.id)
        if decided is None:
            raise Decision.DoesNotExist(row.id)
        return DecisionView(row, decided.made, decided.facts)

    def seen_by(self, by: Principal, decision: DecisionView) -> DecisionView:
        """The decision as far as the reader may know it. One whose facts cannot be read, though
        nobody was erased, is listed without them, as it must not hide the others: the log names
        it, and asked for alone it is refused."""
        if not may_read(by, decision.row):
            return decision
        try:
            return replace(decision, facts=self.facts(decision))
        except Erased:
            return decision
        except Unreadable as error:
            _log.error("the facts of %s cannot be read: %s", decision.row.id, error.message)
            return decision

    def facts(self, decision: DecisionView) -> dict[str, Any]:
        """Its sealed part, opened for work of the service's own. Raises Erased where the applicant
        was, Unreadable where it cannot be read for another reason."""
        return opened(self._subjects.get(decision.row.application), decision.sealed)


@dataclass(frozen=True, slots=True)
class Past:
    """A past decision, which another version may make again, as if it had been asked then."""

    id: str
    outcome: str
    _row: Decision
    _among: Several

    def made_by(self, strategy: Strategy) -> Mapping[str, Any]:
        """The open part of what that version says of the same application on the same day.

        Raises DoesNotExist where the record does not hold the decision, Unreadable where its facts
        do not open, BadInput where the version reads no such application.
        """
        # what decides is large, and whoever has nothing to hold against it has no need of it
        from equipoise.service.contexts.decisions.deciding import decided

        decision = self._among.decision(self._row)
        application = self._among.facts(decision)["application"]
        on = date.fromisoformat(decision.plain["trace"]["decided_on"])
        return decided(strategy, application, on).plain


def past(strategy: str, after: str, until: str, most: int) -> list[Past]:
    """A strategy's decisions whose ids lie between these two, so many at most, the oldest first."""
    rows = Decision.objects.filter(strategy=strategy, id__gt=after, id__lt=until)
    piece = list(rows.order_by("id")[:most])
    several = Several(piece)
    return [Past(row.id, row.outcome, row, several) for row in piece]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a strategy expected of those it decided, each application by its last decision.

    `measures` are those of `value.measures` under the treatment of one applicant, all zero where
    none was given; the facts of `unread` more are gone. `until` is the last decision among them.
    """

    measures: Sequence[Mapping[str, float]]
    unread: int
    until: str


def expected_of(strategy: str, since: date, most: int, known: str = "") -> Expected | None:
    """Of a strategy's decisions from a day of the lender's on, the newest `most`; None where
    there is none later than the one `known`. For work of the service's own: facts are opened."""
    mark = first_id("decision", datetime.combine(since, time(), UTC) - timedelta(days=1))
    rows = Decision.objects.filter(strategy=strategy, id__gt=mark, decided_on__gte=since)
    newest = list(rows.exclude(outcome=ASK_FOR_MORE).order_by("-id")[:most])
    if not newest or newest[0].id <= known:
        return None
    last = {row.application: row for row in reversed(newest)}
    measures: list[Mapping[str, float]] = []
    unread = 0
    chosen = list(last.values())
    for at in range(0, len(chosen), _AT_ONCE):
        piece = chosen[at : at + _AT_ONCE]
        among = Several(piece)
        for row in piece:
            try:
                facts = among.facts(among.decision(row))
            except (Unreadable, Decision.DoesNotExist):
                unread += 1
                continue
            figures = facts["trace"].get("measures") or {}
            measures.append({name: float(figures.get(name, 0.0)) for name in MEASURES})
    return Expected(measures, unread, newest[0].id)


def applications_on(strategy: str, since: date, until: date, digest: str = "") -> int:
    """Applications that the strategy decided from one day to before another; by one version of it
    where its digest is named."""
    rows = Decision.objects.filter(
        strategy=strategy, decided_on__gte=since, decided_on__lt=until,
        **({"digest": digest} if digest else {}),
    )  # fmt: skip
    return rows.values("application").distinct().count()


@dataclass(frozen=True, slots=True)
class Followed:
    """An application by its first and its last decision between two moments, and what was recorded
    of it since: the day it was first decided, the version, the last outcome, and the days of
    outcomes by name."""

    application: str
    on: date
    digest: str
    outcome: str
    recorded: Mapping[str, date]


def followed(strategy: str, after: str, until: str, most: int) -> tuple[list[Followed], str]:
    """A strategy's applications first decided between these two ids, so many decisions at most,
    and the last decision among them. It holds nothing about a person."""
    rows = Decision.objects.filter(strategy=strategy, id__gt=after, id__lt=until)
    columns = ("id", "application", "digest", "outcome", "decided_on")
    piece = list(rows.order_by("id").values_list(*columns)[:most])
    first: dict[str, tuple[str, date]] = {}
    last: dict[str, str] = {}
    for _, application, digest, outcome, on in piece:
        first.setdefault(application, (digest, on))
        last[application] = outcome
    recorded: dict[str, dict[str, date]] = {}
    for each in record.in_chains(sorted(first), OutcomeRecorded):
        days = recorded.setdefault(each.entry.chain, {})
        days.setdefault(each.event.outcome, date.fromisoformat(each.event.on))
    applications = [
        Followed(name, on, digest, last[name], recorded.get(name, {}))
        for name, (digest, on) in first.items()
    ]
    return applications, piece[-1][0] if piece else ""


def made_in(chains: Sequence[str]) -> Mapping[str, DecisionMade]:
    """What was made in these chains, by the decision's id."""
    events = record.in_chains(chains, DecisionMade)
    return {each.event.decision: each.event for each in events}

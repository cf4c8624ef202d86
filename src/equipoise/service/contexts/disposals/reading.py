"""What others may know of disposals: those that wait, those under way, and each in full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from equipoise.service.contexts.disposals.acting import debt_of
from equipoise.service.contexts.disposals.folding import Happening, Story
from equipoise.service.contexts.disposals.following import folded, happenings
from equipoise.service.contexts.disposals.models import Disposal
from equipoise.service.contexts.disposals.watching import (
    Borrower,
    ListOfShare,
    LoanRows,
    WatchedBorrowers,
    borrower,
    borrowers,
    loan_rows,
)
from equipoise.service.platform.api.paging import (
    Order,
    Paging,
    Part,
    page_of,
    read_moment,
    read_name,
)
from equipoise.watch.disposal import Measure, State, overdue

__all__ = [
    "Borrower",
    "ListOfShare",
    "LoanRows",
    "Measure",
    "Shown",
    "State",
    "Story",
    "Summary",
    "Totals",
    "WatchedBorrowers",
    "borrower",
    "borrowers",
    "listed",
    "loan_rows",
    "of_loan",
    "several",
    "shown",
    "totals",
]
_SHOWN = 100
_NEWEST = Order("disposals", ("-proposed_at", "-id"), (read_moment, read_name))


@dataclass(frozen=True, slots=True)
class Summary:
    """A disposal in a list; `loan` is empty where its applicant was erased. Money is in minor units
    of `currency`; `late` are dates that passed unmet."""

    id: str
    loan: str
    measure: str
    way: str
    state: State
    exposure: int
    expected: int
    recovered: int
    currency: str
    proposed_at: datetime
    late: Sequence[str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A disposal in full; `serial` is what whoever acts says that they saw."""

    id: str
    serial: int
    story: Story
    happenings: Sequence[Happening]
    late: Sequence[str]


@dataclass(frozen=True, slots=True)
class Totals:
    """Expected against realised in one currency, of what was ended: how many, and minor units."""

    currency: str
    ended: int
    expected: int
    recovered: int


def several(today: date) -> list[Summary]:
    """Disposals, what waits and is under way first, the newest first among these."""
    open_ = Disposal.objects.exclude(state__in=["refused", "ended"]).order_by("-proposed_at")
    over = Disposal.objects.filter(state__in=["refused", "ended"]).order_by("-proposed_at")
    return [_summary(each, today) for each in (*open_[:_SHOWN], *over[:_SHOWN])]


def listed(state: State | None, today: date, asked: Paging) -> Part[Summary]:
    """A page of all disposals, or of those in a state; the newest first. Raises BadInput for a
    cursor of another list."""
    rows = Disposal.objects.all()
    if state is not None:
        rows = rows.filter(state=state.value)
    page = page_of(rows, _NEWEST, asked)
    return Part([_summary(row, today) for row in page.rows], page.next)


def of_loan(loan: str, today: date) -> list[Summary]:
    """Disposals of one loan, the newest first."""
    rows = Disposal.objects.filter(debt=debt_of(loan)).order_by("-proposed_at")[:_SHOWN]
    return [_summary(each, today) for each in rows]


def shown(disposal: str, today: date) -> Shown:
    """One disposal. Raises DoesNotExist."""
    row = Disposal.objects.get(pk=disposal)
    happened = happenings(row)
    story = folded(happened)
    return Shown(row.pk, row.serial, story, happened, overdue(story.disposal, today))


def totals() -> list[Totals]:
    """Expected against realised of all that ended, by currency."""
    sums: dict[str, tuple[int, int, int]] = {}
    rows = Disposal.objects.filter(state="ended")
    for currency, expected, came in rows.values_list("currency", "expected", "recovered"):
        count, wanted, got = sums.get(currency, (0, 0, 0))
        sums[currency] = (count + 1, wanted + expected, got + came)
    return [Totals(currency, *each) for currency, each in sorted(sums.items())]


def _summary(row: Disposal, today: date) -> Summary:
    story = folded(happenings(row))
    proposal = story.disposal.proposal
    return Summary(
        id=row.pk,
        loan=proposal.loan,
        measure=row.measure,
        way=proposal.way.value,
        state=State(row.state),
        exposure=row.exposure,
        expected=row.expected,
        recovered=row.recovered,
        currency=row.currency,
        proposed_at=row.proposed_at,
        late=overdue(story.disposal, today),
    )

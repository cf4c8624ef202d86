"""What is done about a loan in trouble: proposed by one, approved by another, expected against
realised. Pure, and nothing is booked here: money is what the books say came in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from equipoise.errors import GateRefused


class Way(StrEnum):
    """The three ways out of a risk."""

    MITIGATE = "mitigate"
    TRANSFER = "transfer"
    ACCEPT = "accept"


class Measure(StrEnum):
    """What can be done about a loan."""

    COLLATERAL_CALL = "collateral_call"
    RESTRUCTURE = "restructure"
    GUARANTEE = "guarantee"
    SALE = "sale"
    PRESERVATION = "preservation"
    LITIGATION = "litigation"
    WRITE_OFF = "write_off"
    LEAVE = "leave"  # accept the risk as it stands


WAYS = {
    Measure.COLLATERAL_CALL: Way.MITIGATE,
    Measure.RESTRUCTURE: Way.MITIGATE,
    Measure.GUARANTEE: Way.TRANSFER,
    Measure.SALE: Way.TRANSFER,
    Measure.PRESERVATION: Way.MITIGATE,
    Measure.LITIGATION: Way.MITIGATE,
    Measure.WRITE_OFF: Way.ACCEPT,
    Measure.LEAVE: Way.ACCEPT,
}
EXPIRING = (Measure.LEAVE,)
WITH_DATES = (Measure.PRESERVATION, Measure.LITIGATION)


class State(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    UNDER_WAY = "under_way"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date of a court's or an office's calendar: what is due, and when it was met."""

    what: str
    due: date
    met: date | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposes to do about a loan. Money is in minor units of `currency`.

    `letter` is what the customer is told, by language; `expires` is until when a risk is accepted.
    """

    loan: str
    measure: Measure
    by: str
    on: datetime
    reason: str
    exposure: int
    expected: int
    currency: str
    letter: tuple[tuple[str, str], ...]
    expires: date | None = None
    dates: tuple[Deadline, ...] = ()

    @property
    def way(self) -> Way:
        """Which of the three ways out it is."""
        return WAYS[self.measure]


@dataclass(frozen=True, slots=True)
class Realised:
    """Money that came in because of it, as the books say; `entry` is theirs, so that the same is
    not counted twice."""

    entry: str
    on: date
    amount: int


@dataclass(frozen=True, slots=True)
class Disposal:
    """A proposal and what became of it."""

    proposal: Proposal
    state: State = State.PROPOSED
    decided_by: str = ""
    decided_on: datetime | None = None
    dates: tuple[Deadline, ...] = ()
    realised: tuple[Realised, ...] = field(default=())

    @property
    def recovered(self) -> int:
        """Minor units that came in."""
        return sum(each.amount for each in self.realised)

    @property
    def shortfall(self) -> int:
        """Expected less recovered, minor units; negative where more came in."""
        return self.proposal.expected - self.recovered


def propose(proposal: Proposal, languages: Iterable[str]) -> Disposal:
    """A proposal that can be judged. Raises GateRefused where it lacks what its measure needs, or
    where its letter is not in each of the `languages` that customers are written to in."""
    today = proposal.on.date()
    if proposal.exposure <= 0 or not 0 <= proposal.expected <= proposal.exposure:
        raise GateRefused(
            "what is expected lies between nothing and the exposure",
            field="expected",
            mend=f"the exposure is {proposal.exposure} minor units",
        )
    if not proposal.reason.strip():
        raise GateRefused("a proposal says why", field="reason", mend="write the reason")
    if proposal.measure in EXPIRING and (proposal.expires is None or proposal.expires <= today):
        raise GateRefused(
            "a risk is accepted until a day to come, never for ever",
            field="expires",
            mend="say until when",
        )
    if proposal.measure in WITH_DATES and not proposal.dates:
        raise GateRefused(
            f"{proposal.measure.value} has a calendar", field="dates", mend="give its first date"
        )
    written = {language for language, text in proposal.letter if text.strip()}
    lacking = [each for each in languages if each not in written]
    if lacking and proposal.measure not in (Measure.LEAVE, Measure.WRITE_OFF):
        raise GateRefused(
            f"the customer is not told in {', '.join(lacking)}",
            field="letter",
            mend="write what they are told in each language of the lender's",
        )
    return Disposal(proposal, dates=proposal.dates)


def decide(disposal: Disposal, by: str, on: datetime, *, yes: bool) -> Disposal:
    """Approved or refused by somebody else than whoever proposed it. Raises GateRefused."""
    _in(disposal, State.PROPOSED)
    if by == disposal.proposal.by:
        raise GateRefused(
            "nobody decides on what they proposed", field="by", mend="ask somebody else"
        )
    state = State.APPROVED if yes else State.REFUSED
    return replace(disposal, state=state, decided_by=by, decided_on=on)


def begin(disposal: Disposal) -> Disposal:
    """What was approved is under way. Raises GateRefused."""
    _in(disposal, State.APPROVED)
    return replace(disposal, state=State.UNDER_WAY)


def meet(disposal: Disposal, what: str, on: date) -> Disposal:
    """A date of its calendar is met. Raises GateRefused where there is none of that name open."""
    _in(disposal, State.UNDER_WAY)
    names = [each.what for each in disposal.dates if each.met is None]
    if what not in names:
        mend = f"open: {', '.join(names)}" if names else "none is open"
        raise GateRefused(f"'{what}' is no open date of it", field="what", mend=mend)
    at = [each.what for each in disposal.dates].index(what)
    dates = list(disposal.dates)
    dates[at] = replace(dates[at], met=on)
    return replace(disposal, dates=tuple(dates))


def realise(disposal: Disposal, money: Realised) -> Disposal:
    """Money came in. The same entry of the books counts once, however often it is told.
    Raises GateRefused where the entry is told with another amount."""
    _in(disposal, State.UNDER_WAY)
    same = [each for each in disposal.realised if each.entry == money.entry]
    if same and same[0] != money:
        raise GateRefused(
            f"the entry '{money.entry}' was told with another amount or day",
            field="entry",
            mend="correct it in the books by an entry of its own",
        )
    return disposal if same else replace(disposal, realised=(*disposal.realised, money))


def end(disposal: Disposal) -> Disposal:
    """It is over. Raises GateRefused while a date of its calendar is open."""
    _in(disposal, State.UNDER_WAY)
    left = [each.what for each in disposal.dates if each.met is None]
    if left:
        raise GateRefused(
            f"open dates: {', '.join(left)}", field="dates", mend="meet them, or say they fell away"
        )
    return replace(disposal, state=State.ENDED)


def overdue(disposal: Disposal, today: date) -> tuple[str, ...]:
    """Dates that passed unmet, and an acceptance that has run out (`expires`)."""
    if disposal.state in (State.REFUSED, State.ENDED):
        return ()
    expires = disposal.proposal.expires
    missed = tuple(each.what for each in disposal.dates if each.met is None and each.due < today)
    return (*missed, "expires") if expires is not None and expires < today else missed


def _in(disposal: Disposal, state: State) -> None:
    if disposal.state is not state:
        raise GateRefused(
            f"it is {disposal.state.value}, and this is done to what is {state.value}",
            field="state",
            mend="look at it anew: somebody may have been faster",
        )

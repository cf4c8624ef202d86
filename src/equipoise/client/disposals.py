"""Loans in trouble and what is done about them: read by a program, disposed of by people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from .paging import listed
from .reading import read
from .results import Disposal, DisposalInFull, DisposalTotal
from .transport import Sender

_ALL = "/v1/disposals"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed about a loan, by its number in the books and the application it came of
    (empty: none). Money is in minor units. The customer is contacted by the rules of `place` (`US`,
    `CN`) on the clock of `zone`, and told the `letter` of their language."""

    loan: str
    measure: str
    reason: str
    exposure: int
    expected: int
    currency: str
    place: str
    zone: str
    application: str = ""
    letter: Mapping[str, str] | None = None
    expires: date | None = None
    dates: Sequence[tuple[str, date]] = ()
    vulnerable: bool = False


class DisposalReader:
    """Needs the scope risk.read."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(self, state: str = "") -> Iterator[Disposal]:
        """Disposals, those proposed last first: all, or those in a state."""
        return listed(self._sender, Disposal, _ALL, {"state": state} if state else None)

    def get(self, disposal_id: str) -> DisposalInFull:
        """A disposal in full."""
        return read(DisposalInFull, self._sender.ask("GET", _one(disposal_id)).json)

    def totals(self) -> tuple[DisposalTotal, ...]:
        """Expected against realised of all that was ended, by currency."""
        answer = self._sender.ask("GET", f"{_ALL}/totals").json
        return tuple(read(DisposalTotal, each) for each in answer["totals"])


class Disposals(DisposalReader):
    """What a person may do besides. Each takes the disposal as it was seen, and answers it as it is
    then; raises Conflict, which says who was first and what they did, where somebody was faster."""

    def propose(self, of: Proposal) -> DisposalInFull:
        """Propose it, for somebody else to decide on."""
        body = {
            "loan": of.loan,
            "application": of.application,
            "measure": of.measure,
            "reason": of.reason,
            "exposure": of.exposure,
            "expected": of.expected,
            "currency": of.currency,
            "place": of.place,
            "zone": of.zone,
            "letter": dict(of.letter or {}),
            "expires": None if of.expires is None else of.expires.isoformat(),
            "dates": [{"what": what, "due": due.isoformat()} for what, due in of.dates],
            "vulnerable": of.vulnerable,
        }
        return self._did(_ALL, body)

    def approve(self, seen: DisposalInFull) -> DisposalInFull:
        """Approve it, as somebody who did not propose it."""
        return self._do(seen, "approval")

    def refuse(self, seen: DisposalInFull, why: str) -> DisposalInFull:
        """Refuse it, as somebody who did not propose it."""
        return self._do(seen, "refusal", why=why)

    def begin(self, seen: DisposalInFull) -> DisposalInFull:
        """What was approved is under way."""
        return self._do(seen, "begin")

    def add_date(self, seen: DisposalInFull, what: str, due: date) -> DisposalInFull:
        """A date more of its calendar."""
        return self._do(seen, "dates", what=what, due=due.isoformat())

    def meet_date(self, seen: DisposalInFull, number: int) -> DisposalInFull:
        """A date of its calendar, counted from 0, is met today."""
        return self._do(seen, "dates/met", number=number)

    def plan_contact(self, seen: DisposalInFull, channel: str, at: datetime) -> DisposalInFull:
        """Plan a contact; one against the rules of the place raises Conflict, with the first moment
        at which the customer may be contacted."""
        return self._do(seen, "contacts", channel=channel, at=at.isoformat())

    def record_contact(
        self, seen: DisposalInFull, channel: str, text: str, *, talked: bool
    ) -> DisposalInFull:
        """A contact was made now; the customer answered (`talked`) or not."""
        return self._do(seen, "contacts/made", channel=channel, text=text, talked=talked)

    def change_care(self, seen: DisposalInFull, why: str, *, vulnerable: bool) -> DisposalInFull:
        """The customer is vulnerable from now on, or is no more."""
        return self._do(seen, "care", why=why, vulnerable=vulnerable)

    def realise(self, seen: DisposalInFull, entry: str, amount: int) -> DisposalInFull:
        """So many minor units came in today, as that entry of the books says."""
        return self._do(seen, "money", entry=entry, amount=amount)

    def end(self, seen: DisposalInFull) -> DisposalInFull:
        """It is over."""
        return self._do(seen, "end")

    def _do(self, seen: DisposalInFull, deed: str, **more: Any) -> DisposalInFull:
        return self._did(f"{_one(seen.id)}/{deed}", {"seen": seen.serial, **more})

    def _did(self, where: str, body: Any) -> DisposalInFull:
        return read(DisposalInFull, self._sender.ask("POST", where, body, again=False).json)


def _one(disposal_id: str) -> str:
    return f"{_ALL}/{quote(disposal_id, safe='')}"

"""Drafts: a front end of your own, from the first answer to where the application stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import quote

from .applicants import Asks, Complaints, Concerns, Data, Feedback, Helper, InPerson, Papers
from .reading import read
from .results import (
    Decline,
    Draft,
    Move,
    Offered,
    Offers,
    Progress,
    Reading,
    SecondLook,
    Standing,
    Terms,
)
from .transport import Transport

_ALL = "/v1/drafts"


class Drafts:
    """Needs the scope applications.apply. A program sees the drafts that it began. What an
    applicant does besides is in `papers`, `concerns`, `asks`, `complaints`, `feedback`, `helper`,
    `in_person` and `data`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.papers = Papers(transport)
        self.concerns = Concerns(transport)
        self.asks = Asks(transport)
        self.complaints = Complaints(transport)
        self.feedback = Feedback(transport)
        self.helper = Helper(transport)
        self.in_person = InPerson(transport)
        self.data = Data(transport)

    def begin(
        self,
        product: str,
        language: str = "",
        channel: str = "web",
        answers: Mapping[str, str] | None = None,
        need: str = "",
    ) -> Draft:
        """Begin an application; `channel` is how the person came. What they typed before goes
        along: the `answers` of a product that was found, and the `need`."""
        body = {"product": product, "language": language, "channel": channel,
                "answers": dict(answers or {}), "need": need}  # fmt: skip
        return read(Draft, self._transport.ask("POST", _ALL, body).json)

    def get(self, draft_id: str) -> Draft:
        """What is asked now, what was typed, and how it is read."""
        return read(Draft, self._transport.ask("GET", _one(draft_id)).json)

    def answer(self, draft_id: str, answers: Mapping[str, str | Mapping[str, str]]) -> Draft:
        """Keep answers as they were typed, readable or not; `problem` of each question says what
        cannot be read."""
        return self._post(draft_id, "answers", {"answers": answers})

    def contact(self, draft_id: str, email: str = "", phone: str = "") -> Draft:
        """Keep how the person is reached."""
        return self._post(draft_id, "contact", {"email": email, "phone": phone})

    def consent(self, draft_id: str, purposes: Collection[str]) -> Draft:
        """Say all that the person agrees to, by purpose."""
        return self._post(draft_id, "consents", {"purposes": [*purposes]})

    def revoke(self, draft_id: str, purpose: str) -> Draft:
        """Take back what the person agreed to and there is an answer without, also once it was
        sent."""
        return self._post(draft_id, "consents/revocation", {"purpose": purpose})

    def speak(self, draft_id: str, language: str) -> Draft:
        """Speak to the person in that language from now on, also once it was sent."""
        return self._post(draft_id, "language", {"language": language})

    def moves(self, draft_id: str) -> tuple[Move, ...]:
        """The other products, and what each would keep, ask besides and leave aside."""
        answer = self._transport.ask("GET", f"{_one(draft_id)}/moves").json
        return tuple(read(Move, each) for each in answer["moves"])

    def move(self, draft_id: str, product: str) -> Draft:
        """Go on as an application for another product; nothing is typed twice."""
        return self._post(draft_id, "moves", {"product": product})

    def send(self, draft_id: str, after: str = "") -> Draft:
        """Send it; or, with the draft's `after`, what was asked besides. Sent again it has one
        effect."""
        return self._post(draft_id, "send", {"after": after})

    def standing(self, draft_id: str) -> Standing:
        """Where it stands once it was sent, in the person's words."""
        return read(Standing, self._transport.ask("GET", f"{_one(draft_id)}/standing").json)

    def progress(self, draft_id: str) -> Progress:
        """How far it has come once it was sent, and what happened so far."""
        return read(Progress, self._transport.ask("GET", f"{_one(draft_id)}/progress").json)

    def offers(self, draft_id: str, order: str = "asked") -> Offers:
        """What can be taken, and what is read before; what they asked for first, or by the
        `instalment`, by what is `paid` in all, or by the `amount`."""
        where, query = f"{_one(draft_id)}/offers", {"order": order}
        return read(Offers, self._transport.ask("GET", where, query=query).json)

    def terms(self, draft_id: str, amount: str, months: str, *, wanted: bool = False) -> Terms:
        """What the strategy says to another amount or other months, as they were typed; what it
        offers is taken as any other offer. An offer that is `wanted` is the application's from
        now on, without being taken."""
        where = f"{_one(draft_id)}/terms"
        body = {"amount": amount, "months": months, "wanted": wanted}
        return read(Terms, self._transport.ask("POST", where, body).json)

    def accept(self, draft_id: str, offer: Offered) -> Reading:
        """Take an offer that the person has read; what comes back is read before it is signed."""
        body = {"seen": offer.seen, "amount": offer.asked_amount, "months": offer.asked_months}
        return self._agreed(draft_id, "acceptance", body)

    def reading(self, draft_id: str) -> Reading:
        """The agreement as it stands."""
        return read(Reading, self._transport.ask("GET", f"{_one(draft_id)}/reading").json)

    def sign(self, draft_id: str, name: str, seen: str) -> Reading:
        """Sign with the name that the person typed, having read it."""
        return self._agreed(draft_id, "signature", {"name": name, "seen": seen})

    def withdraw(self, draft_id: str) -> Reading:
        """Withdraw from what was signed, within its days."""
        return self._agreed(draft_id, "withdrawal", None)

    def decline(self, draft_id: str) -> Decline:
        """A no as its applicant reads it, with what would change it."""
        return read(Decline, self._transport.ask("GET", f"{_one(draft_id)}/decline").json)

    def take(self, draft_id: str, way: str) -> Standing:
        """Have it decided again with other terms, by the name of a takeable way; where it then
        stands."""
        where = f"{_one(draft_id)}/other-terms"
        return read(Standing, self._transport.ask("POST", where, {"way": way}).json)

    def second_look(self, draft_id: str, words: str = "") -> SecondLook:
        """Ask that a person looks again at a no; `words` are what the applicant says to it."""
        where = f"{_one(draft_id)}/second-look"
        return read(SecondLook, self._transport.ask("POST", where, {"words": words}).json)

    def delete(self, draft_id: str) -> None:
        """Destroy what was typed and not sent."""
        self._transport.ask("DELETE", _one(draft_id))

    def _agreed(self, draft_id: str, what: str, body: Mapping[str, Any] | None) -> Reading:
        return read(Reading, self._transport.ask("POST", f"{_one(draft_id)}/{what}", body).json)

    def _post(self, draft_id: str, what: str, body: Mapping[str, Any]) -> Draft:
        return read(Draft, self._transport.ask("POST", f"{_one(draft_id)}/{what}", body).json)


def _one(draft_id: str) -> str:
    return f"{_ALL}/{quote(draft_id, safe='')}"

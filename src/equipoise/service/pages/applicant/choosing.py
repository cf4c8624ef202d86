"""The offers of a decision as their person compares them: numbers in words, and payment by
payment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from equipoise.service.contexts.agreements.reading import Shown, shown_offer
from equipoise.service.contexts.decisions.reading import Choice, choice_of
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.pages.applicant.standing import Standing
from equipoise.strategy import Offer
from equipoise.strategy.offering import BY_SURPLUS, Alternative, Range
from equipoise.texts.decisions import money, percent
from equipoise.texts.saying import say
from equipoise.value.schedule import Payment


@dataclass(frozen=True, slots=True)
class Row:
    """One payment of a schedule, as it is written."""

    number: int
    paid: str
    interest: str
    principal: str
    left: str


@dataclass(frozen=True, slots=True)
class Terms:
    """A loan as it is written."""

    shown: Shown

    def _written(self, units: int) -> str:
        return self.shown.written(units)

    @property
    def title(self) -> str:
        return say("{amount} over {months} months", amount=self.amount, months=self.months)

    @property
    def amount(self) -> str:
        return self._written(self.shown.borrowed)

    @property
    def months(self) -> int:
        return len(self.shown.payments)

    @property
    def apr(self) -> str:
        return percent(self.shown.offer["apr"])

    @property
    def instalment(self) -> str:
        return self._written(self.shown.payments[0].paid)

    @property
    def paid(self) -> str:
        return self._written(self.shown.paid)

    @property
    def cost(self) -> str:
        return self._written(self.shown.cost)

    @property
    def rows(self) -> list[Row]:
        return [_row(each, self.shown.written) for each in self.shown.payments]

    @property
    def table(self) -> list[Row]:
        """The same for a table that names the currency once."""
        return [_row(each, self.shown.bare) for each in self.shown.payments]


def _row(payment: Payment, written: Callable[[int], str]) -> Row:
    amounts = (payment.paid, payment.interest, payment.principal, payment.left)
    return Row(payment.number, *map(written, amounts))


@dataclass(frozen=True, slots=True)
class Option:
    """An offer that can be taken: what has to be asked for to have it, as plain numbers, whether it
    is what was asked for last, and whether it is recommended."""

    terms: Terms
    amount: str
    months: str
    current: bool
    recommended: bool


@dataclass(frozen=True, slots=True)
class Slider:
    """A box for one of the terms, and how far it goes."""

    name: str
    label: str
    text: str
    low: str
    high: str
    step: str
    span: str


def what_can_be_chosen(where: Standing) -> Choice:
    """What can be chosen: of what a person offers nothing else, for it stands by their word."""
    if where.ruled is None:
        return choice_of(where.decision, FOR_APPLICANTS)
    return Choice([Alternative({}, Offer(**each), None) for each in where.offers], None, None)


def options(where: Standing, choice: Choice) -> list[Option]:
    """What can be chosen, in the order of the choice."""
    place = choice.recommended.place if choice.recommended else None
    return [_option(where, choice, offer, at == place) for at, offer in enumerate(choice.offers)]


def ordered(every: Sequence[Option], order: str) -> list[Option]:
    """In the order that a person likes (`look.ORDER`): whichever it is, none is left out."""
    key = _ORDERS.get(order)
    return sorted(every, key=key) if key else list(every)


_ORDERS: Mapping[str, Callable[[Option], float]] = {
    "order-instalment": lambda each: each.terms.shown.payments[0].paid,
    "order-paid": lambda each: each.terms.shown.paid,
    "order-amount": lambda each: -each.terms.shown.offer["amount"],
}


def reason(choice: Choice) -> str:
    """Why that one is recommended, in the language spoken now; empty where none is."""
    if choice.recommended is None:
        return ""
    if choice.recommended.rule == BY_SURPLUS:
        return say(
            "We recommend the offer that we expect to be worth most to you: we set how much people"
            " in a like position value a loan of that amount, term and price against what it costs"
            " them. It is chosen only among offers that we make, and only up to what you asked for."
        )
    return say(
        "We recommend the offer that costs you least in all, among those nearest to the amount that"
        " you asked for."
    )


def terms_of(where: Standing, offer: Offer) -> Terms:
    """One offer as it is written."""
    return Terms(shown_offer(offer.as_dict(), where.draft.product.contract.currency))


def sliders(choice: Choice, typed: Mapping[str, str], currency: str) -> list[Slider]:
    """The boxes in which other terms are asked for; none where none can be."""
    if choice.asked is None:
        return []
    amount, months = choice.asked.amount, choice.asked.months
    priced = partial(money, currency=currency)
    return [
        _slider("amount", say("How much"), amount, priced, typed),
        _slider("months", say("Over how many months"), months, "{:g}".format, typed),
    ]


def _option(where: Standing, choice: Choice, offer: Alternative, recommended: bool) -> Option:
    asked = choice.asked
    amount = months = ""
    if asked is not None:
        amount = _plain(offer.asked.get(asked.amount.field, asked.amount.asked))
        months = _plain(offer.asked.get(asked.months.field, asked.months.asked))
    current = offer.offer.as_dict() in where.offers
    return Option(terms_of(where, offer.offer), amount, months, current, recommended)


def _slider(
    name: str,
    label: str,
    asked: Range,
    written: Callable[[float], str],
    typed: Mapping[str, str],
) -> Slider:
    low, high = _plain(asked.low), _plain(asked.high)
    span = say("From {low} to {high}.", low=written(asked.low), high=written(asked.high))
    text = typed.get(name, _plain(asked.asked))
    return Slider(name, label, text, low, high, _plain(asked.step), span)


def _plain(number: float) -> str:
    return f"{number:.12g}"


def current(every: Sequence[Option]) -> Option | None:
    """The one that was asked for last."""
    return next((each for each in every if each.current), None)

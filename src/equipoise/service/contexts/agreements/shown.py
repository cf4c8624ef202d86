"""What a person reads before they take an offer, and before they sign: the page is made of it, and
it is what the record keeps."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from equipoise.record.chain import canonical
from equipoise.texts.agreements import Paragraph, paragraph
from equipoise.texts.currencies import decimals
from equipoise.texts.dates import written_day
from equipoise.texts.decisions import money, percent
from equipoise.texts.saying import spoken
from equipoise.value.measures import NO_CURRENCY
from equipoise.value.schedule import Payment, major, minor, paid_in_all, schedule

OFFER, AGREEMENT = "offer", "agreement"


@dataclass(frozen=True, slots=True)
class Shown:
    """Texts, terms and payments in one language; `payments` are in minor units."""

    page: str
    language: str
    currency: str
    texts: Sequence[Paragraph]
    offer: Mapping[str, Any]
    payments: Sequence[Payment]

    @property
    def paid(self) -> int:
        """All that is paid, in minor units."""
        return paid_in_all(self.payments)

    @property
    def cost(self) -> int:
        """What is paid beyond what was borrowed, in minor units."""
        return self.paid - self.borrowed

    @property
    def borrowed(self) -> int:
        """What is borrowed, in minor units."""
        return minor(self.offer["amount"], decimals(self.currency))

    def written(self, units: int) -> str:
        """Minor units as a person reads them."""
        return money(major(units, decimals(self.currency)), self.currency)

    def bare(self, units: int) -> str:
        """The same for a column that names the currency once: all of it with its decimals."""
        places = decimals(self.currency)
        return f"{major(units, places):z,.{places}f}"

    def as_dict(self) -> dict[str, Any]:
        """All of it as plain JSON."""
        numbers = {"offer": dict(self.offer), "paid": self.paid, "cost": self.cost}
        return {
            "page": self.page,
            "language": self.language,
            "currency": self.currency,
            "texts": [asdict(each) for each in self.texts],
            "numbers": {**numbers, "payments": [asdict(each) for each in self.payments]},
        }

    @property
    def seen(self) -> str:
        """By which a page's button says what was read there."""
        return digest_of(self.as_dict())

    def kept(self) -> dict[str, Any]:
        """As the record keeps it: with a salt, so that nobody tells by the digest what it says."""
        return {**self.as_dict(), "salt": secrets.token_hex(16)}


def digest_of(shown: Mapping[str, Any]) -> str:
    """SHA-256 of it as canonical JSON, as hex."""
    return sha256(canonical(shown)).hexdigest()


def shown_offer(offer: Mapping[str, Any], currency: str) -> Shown:
    """What stands beside the button that takes an offer."""
    terms = _loan(OFFER, offer, currency)
    return replace(terms, texts=[paragraph("taking")])


def shown_agreement(offer: Mapping[str, Any], currency: str, until: date | None) -> Shown:
    """What is read before it is signed, and signed with it; `until` is the last day of withdrawal
    if it is signed today."""
    right = (
        paragraph("withdrawal_none")
        if until is None
        else paragraph("withdrawal_until", day=written_day(until))
    )
    terms = _loan(AGREEMENT, offer, currency)
    more = [paragraph("late"), right, paragraph("signature")]
    return replace(terms, texts=[*_terms(terms), *more])


def _loan(page: str, offer: Mapping[str, Any], currency: str) -> Shown:
    """The numbers, without texts yet."""
    unit = "" if currency in NO_CURRENCY else currency
    places = decimals(unit)
    payments = schedule(offer["amount"], offer["apr"], int(offer["months"]), places)
    return Shown(page, spoken(), unit, (), offer, payments)


def _terms(shown: Shown) -> list[Paragraph]:
    """The loan in words, from the same numbers."""
    first, last = shown.payments[0], shown.payments[-1]
    written = shown.written
    return [
        paragraph("loan", amount=written(shown.borrowed), months=len(shown.payments)),
        paragraph("payments", instalment=written(first.paid), last=written(last.paid)),
        paragraph(
            "cost",
            apr=percent(shown.offer["apr"]),
            paid=written(shown.paid),
            cost=written(shown.cost),
        ),
    ]

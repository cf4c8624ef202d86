"""What a person reads before they take an offer and sign, each text with a version of its own.

Whoever changes a text gives it the next version: what somebody agreed to is known by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from equipoise.texts.saying import marked, say


@dataclass(frozen=True, slots=True)
class AgreementText:
    """A text by its name, and which version of it this is."""

    name: str
    version: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text as it was shown: its places filled, in one language."""

    name: str
    version: int
    text: str


_TEXTS = (
    AgreementText(
        "loan",
        1,
        marked("You borrow {amount}, and pay it back in {months} monthly payments."),
    ),
    AgreementText(
        "payments",
        1,
        marked("Each payment is {instalment}; the last one is {last}."),
    ),
    AgreementText(
        "cost",
        1,
        marked(
            "The price is {apr} a year. In all you pay back {paid}: {cost} more than you borrow."
        ),
    ),
    AgreementText(
        "taking",
        1,
        marked(
            "Taking this offer binds you to nothing yet. You read all of it again, and it holds"
            " once you have signed it."
        ),
    ),
    AgreementText(
        "late",
        1,
        marked(
            "If you cannot make a payment, tell us before it is due: we look for a way with you."
        ),
    ),
    AgreementText(
        "withdrawal_until",
        1,
        marked(
            "If you sign today, you can withdraw from the loan until {day}, without giving a"
            " reason. You then pay back what you received."
        ),
    ),
    AgreementText(
        "withdrawal_none",
        1,
        marked(
            "Once it is signed, this loan has no days in which you can withdraw without a reason."
            " Sign it when you are sure."
        ),
    ),
    AgreementText(
        "signature",
        1,
        marked(
            "I have read this agreement, and I take the loan on these terms. My name, typed below,"
            " is my signature."
        ),
    ),
)
TEXTS: Mapping[str, AgreementText] = {each.name: each for each in _TEXTS}
"""Every text, by its name."""


def paragraph(name: str, **values: object) -> Paragraph:
    """The text of that name in the language spoken now. Raises KeyError for a name or a place that
    is not there."""
    text = TEXTS[name]
    return Paragraph(text.name, text.version, say(text.text, **values))

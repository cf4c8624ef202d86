"""A way back: what to change, what the answer then is, how long it takes, until when it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from equipoise.contract.currencies import is_currency
from equipoise.contract.fields import Field
from equipoise.strategy.decision import Condition, Offer, Outcome
from equipoise.strategy.explaining.names import plain_name
from equipoise.strategy.recourse.moves import Move
from equipoise.texts.decisions import money, percent, phrase
from equipoise.texts.languages import text_in

Kind = Literal["counter_offer", "recourse"]
COUNTER_OFFER: Kind = "counter_offer"
RECOURSE: Kind = "recourse"


@dataclass(frozen=True, slots=True)
class Changed:
    """One field that changes; `said` holds it in words, by language."""

    field: str
    start: Any
    to: Any
    steps: int
    days: float
    said: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        return {
            "field": self.field,
            "from": self.start,
            "to": self.to,
            "steps": self.steps,
            "days": self.days,
            "said": dict(self.said),
        }


@dataclass(frozen=True, slots=True)
class WayBack:
    """Changes that were put through the whole strategy, and what it then answered.

    `counter_offer` where terms of the loan alone change, `recourse` where a fact of the
    applicant's does. `conditions` are the checks that the outcome still waits for. `days` is what
    the longest change takes; `effort` ranks; `valid_until` is the last day, of those looked at, on
    which the strategy gives this outcome.
    """

    kind: Kind
    changes: tuple[Changed, ...]
    outcome: Outcome
    offers: tuple[Offer, ...]
    conditions: tuple[Condition, ...]
    days: float
    effort: float
    valid_until: date

    def applied(self, application: Mapping[str, Any]) -> dict[str, Any]:
        """The application with the changes made."""
        return {**application, **{each.field: each.to for each in self.changes}}

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "changes": [each.as_dict() for each in self.changes],
            "outcome": self.outcome,
            "offers": [each.as_dict() for each in self.offers],
            "conditions": [each.as_dict() for each in self.conditions],
            "days": self.days,
            "effort": self.effort,
            "valid_until": self.valid_until.isoformat(),
        }


def changed(move: Move, steps: int, languages: tuple[str, ...], currency: str = "") -> Changed:
    """A move of so many steps, in every language of the strategy; `currency` is the contract's."""
    to = move.to(steps)
    said = {each: _said(move, to, each, currency) for each in languages}
    return Changed(move.field.name, move.start, to, steps, move.days(steps), said)


def _said(move: Move, to: Any, language: str, currency: str) -> str:
    label = text_in(move.field.label, language) or plain_name(move.field.name, language, "a_fact")
    start, end = (_value(each, move.field, language, currency) for each in (move.start, to))
    return phrase("changed", language, label=label, start=start, to=end)


def _value(value: Any, field: Field, language: str, currency: str) -> str:
    if isinstance(value, bool):
        return phrase("yes" if value else "no", language)
    if isinstance(value, str):
        labelled = text_in(field.value_label.get(value, {}), language)
        # a text of another script than ours is the lender's own word already
        own = value if not value.isascii() else plain_name(value, language, "a_choice")
        return labelled or own
    unit = field.unit.strip().partition(" ")[0]
    if unit == "share":
        return percent(value, language)
    if unit == "money" or is_currency(unit):
        return money(value, currency if unit == "money" else unit)
    return f"{value:,.10g}"

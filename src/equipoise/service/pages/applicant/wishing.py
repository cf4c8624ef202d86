"""Other terms than those that are offered: as a person types them, and what the strategy says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from equipoise.errors import BadInput
from equipoise.journey import NotRead, read_answer
from equipoise.service.contexts.decisions.reading import (
    Choice,
    NotOffered,
    offer_of,
    said_to,
)
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.pages.applicant.choosing import Terms, terms_of, what_can_be_chosen
from equipoise.service.pages.applicant.standing import Standing
from equipoise.texts.saying import say

BOXES = ("amount", "months")


@dataclass(frozen=True, slots=True)
class Wish:
    """Other terms as they were typed; `terms` is what the strategy offers for them, `refused` that
    it offers nothing, `faults` what cannot be read, by box."""

    typed: dict[str, str] = field(default_factory=dict)
    amount: float = 0.0
    months: float = 0.0
    terms: Terms | None = None
    refused: bool = False
    faults: Mapping[str, str] = field(default_factory=dict)


def wished(where: Standing, typed: dict[str, str]) -> Wish:
    """What was typed into both boxes, read as any other answer is."""
    choice = what_can_be_chosen(where)
    if choice.asked is None:
        return Wish(typed, faults={"amount": say("These terms cannot be changed.")})
    values: dict[str, float] = {}
    faults: dict[str, str] = {}
    fields = {each.name: each for each in where.draft.product.contract.fields}
    for name, each in (("amount", choice.asked.amount), ("months", choice.asked.months)):
        try:
            answer = read_answer(fields[each.field], {"": typed[name]}, where.draft.language)
            values[name] = float(answer)  # type: ignore[arg-type]  # a number, by the field's type
        except NotRead as fault:
            faults[name] = fault.message
    if faults:
        return Wish(typed, faults=faults)
    return Wish(typed, values["amount"], values["months"])


def tried(where: Standing, wish: Wish) -> Wish:
    """With what the strategy says to it."""
    if wish.faults:
        return wish
    numbers = (wish.typed, wish.amount, wish.months)
    try:
        offer = offer_of(said_to(where.decision, FOR_APPLICANTS, wish.amount, wish.months))
    except BadInput as fault:
        choice = what_can_be_chosen(where)
        return Wish(wish.typed, faults=_outside(choice, fault))
    except NotOffered:
        return Wish(*numbers, refused=True)
    return Wish(*numbers, terms_of(where, offer))


def _outside(choice: Choice, fault: BadInput) -> dict[str, str]:
    months = choice.asked is not None and fault.field == choice.asked.months.field
    return {"months" if months else "amount": say("Give a number that lies in the range.")}

"""A draft and where it stands, as a program is told: in the words of the pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from equipoise.errors import BadInput
from equipoise.journey import NotRead, Page, read_answer, written_answer
from equipoise.service.contexts.agreements.reading import what_was_shown
from equipoise.service.contexts.drafts.reading import (
    DraftState,
    DraftView,
    Product,
    asked,
    contacts_of,
)
from equipoise.service.contexts.drafts.schemas import question_of
from equipoise.service.pages.applicant.agreeing import to_sign
from equipoise.service.pages.applicant.arriving import arriving
from equipoise.service.pages.applicant.choosing import Option, Terms
from equipoise.service.pages.applicant.declining import Advice, Way
from equipoise.service.pages.applicant.history import events_of, lines_of
from equipoise.service.pages.applicant.products import asks_first, card
from equipoise.service.pages.applicant.stages import share as share_of
from equipoise.service.pages.applicant.stages import stages
from equipoise.service.pages.applicant.standing import Standing
from equipoise.service.pages.applicant.steps import questions, share, steps
from equipoise.service.pages.applicant.wishing import Wish
from equipoise.texts.purposes import PURPOSES
from equipoise.texts.saying import say


def draft_told(draft: DraftView) -> dict[str, Any]:
    """All that a front end needs to go on with it."""
    way = steps(draft) if draft.state in (DraftState.OPEN, DraftState.SENT) else []
    return {
        "id": draft.id,
        "reference": draft.reference,
        "product": draft.product.name,
        "language": draft.language,
        "state": draft.state.value,
        "share": share(draft) / 1000,
        "complete": bool(way) and all(step.done for step in way),
        "questions": [_answered(draft, page) for page in questions(draft)],
        "contact": _contact(draft),
        "consents": [_consent(draft, each.name) for each in PURPOSES],
        "after": asked(draft).after,
        "application": draft.application or None,
        "decision": draft.decision or None,
        "begun_at": draft.begun_at,
        "sent_at": draft.sent_at,
    }


def standing_told(where: Standing) -> dict[str, Any]:
    """Where it stands once it was sent."""
    words: Mapping[str, Any] = where.words
    return {
        "decision": where.decision.row.id,
        "outcome": where.outcome,
        "by_person": where.by_person,
        "turn": where.turn,
        "headline": words["headline"],
        "needed": words["conditions"],
        "reasons": words["reasons"],
        "rights": words["rights"],
        "offers": words["offers"],
        "takeable": where.offering and not where.signed,
        "asked": [step.title for step in where.more],
        "not_asked": [page.question for page in where.spared],
    }


def decline_told(where: Standing, advice: Advice) -> dict[str, Any]:
    """A no, with all that helps."""
    words: Mapping[str, Any] = where.words
    return {
        "decision": where.decision.row.id,
        "headline": words["headline"],
        "reasons": words["reasons"],
        "decided": advice.decided,
        "told": advice.typed,
        "elsewhere": advice.asked,
        "found": advice.summary,
        "ways": [_way(each) for each in advice.ways],
        "other_ways": advice.others,
        "rights": words["rights"],
        "answered_by": advice.due,
        "second_look": where.review,
    }


def card_told(product: Product) -> dict[str, Any]:
    """A product as it stands beside others, in the language spoken now."""
    shown = card(product)
    return {
        "name": shown.name,
        "title": shown.title,
        "about": shown.about,
        "rows": shown.rows,
        "first_idea": asks_first(product),
    }


def choices_told(choices: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Codes with their words."""
    return [{"code": code, "label": label} for code, label in choices]


def offer_told(option: Option) -> dict[str, Any]:
    """An offer: numbers, and the texts that are read before it is taken, with their versions."""
    amount = float(option.amount) if option.amount else None
    months = float(option.months) if option.months else None
    return {
        **_terms(option.terms),
        "recommended": option.recommended,
        "current": option.current,
        "asked_amount": amount,
        "asked_months": months,
    }


def wish_told(wish: Wish, *, wanted: bool = False) -> dict[str, Any]:
    """What the strategy says to other terms, and whether that is what is asked for from now on."""
    asked = {"asked_amount": wish.amount, "asked_months": wish.months}
    marks = {"recommended": False, "current": wanted}
    return {
        "problems": wish.faults,
        "refused": wish.refused,
        "offer": {**_terms(wish.terms), **marks, **asked} if wish.terms else None,
    }


def _terms(terms: Terms) -> dict[str, Any]:
    shown = terms.shown
    return {
        "title": terms.title,
        "amount": shown.offer["amount"],
        "months": terms.months,
        "apr": shown.offer["apr"],
        "instalment": terms.instalment,
        "paid": terms.paid,
        "cost": terms.cost,
        "payments": terms.rows,
        "texts": [each.text for each in shown.texts],
        "seen": shown.seen,
    }


def progress_told(where: Standing) -> dict[str, Any]:
    """How far it has come, when the answer arrives, and what happened so far, the newest first."""
    events = events_of(where.draft)
    lines = lines_of(where.draft, events)
    return {
        "share": share_of(events),
        "arrives": arriving(where, events),
        "stages": stages(where, events),
        "history": [{"at": each.at, "said": each.said} for each in lines],
    }


def reading_told(where: Standing) -> dict[str, Any]:
    """What is read before it is signed; once it was, where it stands."""
    agreement = where.agreement
    status = {
        "state": agreement.state.value if agreement else "",
        "signed_at": agreement.signed_at if agreement else None,
        "withdraw_until": agreement.withdraw_until if agreement else None,
    }
    if where.signed:
        shown = what_was_shown(where.draft.application)["shown"]
        return {**status, "texts": [each["text"] for each in shown["texts"]], "seen": ""}
    shown = to_sign(where)
    return {**status, "texts": [each.text for each in shown.texts], "seen": shown.seen}


def _way(way: Way) -> dict[str, Any]:
    return {
        "name": way.name if way.takeable else "",
        "takeable": way.takeable,
        "changes": way.changes,
        "then": way.then,
        "offers": way.offers,
        "owed": way.owed,
        "takes": way.takes,
        "days": way.days,
        "valid_until": way.last,
    }


def _answered(draft: DraftView, page: Page) -> dict[str, Any]:
    raw = dict(draft.typed.raw.get(page.field.name, {}))
    question = {**question_of(page), "boxes": list(page.boxes), "typed": raw}
    try:
        answer = read_answer(page.field, raw, draft.language)
    except NotRead as fault:
        return {**question, "value": None, "said": "", "problem": fault.message, "answered": False}
    currency = draft.product.contract.currency
    said = written_answer(page.field, answer, currency, draft.language, raw)
    value = answer.isoformat() if isinstance(answer, date) else answer
    there = page.field.name in draft.typed.raw
    return {
        **question,
        "value": value,
        "said": said if there else "",
        "problem": "",
        "answered": there,
    }


def _contact(draft: DraftView) -> dict[str, str]:
    typed, problem = draft.typed.contact, ""
    try:
        if not contacts_of(typed, draft.product.contract.currency):
            problem = say("Give an e-mail address or a telephone number.")
    except BadInput as error:
        problem = say("We cannot read this e-mail address. Write it as in name@example.com.")
        if error.field == "phone":
            problem = say(
                "We cannot read this telephone number. Begin with + and the country's number, as in"
                " +44 20 7946 0000."
            )
    return {"email": typed.get("email", ""), "phone": typed.get("phone", ""), "problem": problem}


def _consent(draft: DraftView, name: str) -> dict[str, Any]:
    (purpose,) = (each for each in PURPOSES if each.name == name)
    return {
        "purpose": name,
        "version": purpose.version,
        "title": say(purpose.title),
        "text": say(purpose.text),
        "needed": purpose.needed,
        "agreed": draft.typed.consents.get(name) == purpose.version,
        "without": say(purpose.without),
    }

"""Endpoints for a front end of the lender's own, before anybody applies: products side by side,
which of them fits, and a first idea of the answer. Nothing of what is sent is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from ninja import Router

from equipoise.journey import NotRead
from equipoise.service.contexts.drafts.reading import Product, products
from equipoise.service.pages.applicant import finder, ideas
from equipoise.service.pages.applicant.finder import ProductFit
from equipoise.service.pages.applicant.ideas import Fact, Idea
from equipoise.service.pages.fronts.held import our_language
from equipoise.service.pages.fronts.product_schemas import (
    FinderIn,
    FinderOut,
    FoundOut,
    RangeIn,
    RangeOut,
    Whom,
)
from equipoise.service.pages.fronts.telling import card_told, choices_told
from equipoise.service.platform.accounts.access import May
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.short_text import Place
from equipoise.texts.saying import speaking

router = Router(tags=["drafts"])
_MAY = May(Action.APPLY)
_FINDER, _RANGE = "/products/finder", "/products/range"


@router.get(_FINDER, auth=_MAY, response=FinderOut)
def read_finder(request: HttpRequest, language: Place = "") -> Any:
    """The products side by side, and what can be said to find the one that fits."""
    with speaking(our_language(language)):
        choices = finder.choices(finder.findable())
        return {
            "products": [card_told(each) for each in products()],
            "whom": choices_told(choices.whom),
            "needs": choices_told(choices.needs),
            "when": choices_told(choices.when),
        }


@router.post(_FINDER, auth=_MAY, response=FoundOut)
def find_product(request: HttpRequest, body: FinderIn) -> Any:
    """How each product fits what somebody looks for, those that fit first. What was typed as the
    amount and cannot be read is a `problem`, in words for the person."""
    offered = finder.findable()
    with speaking(our_language(body.language)):
        typed = body.model_dump(exclude={"language"})
        try:
            wish = finder.sought(typed, offered)
        except NotRead as fault:
            return {"products": [], "problem": fault.message}
        by_name = {each.name: each for each in offered}
        rows = [
            _fit_out(each, by_name[each.card.name], body.amount)
            for each in finder.fits_of(offered, wish)
        ]
        return {"products": rows, "problem": ""}


@router.get(_RANGE, auth=_MAY, response=RangeOut)
def read_range(request: HttpRequest, whom: Whom = "", language: Place = "") -> Any:
    """What is asked for a first idea of every product's answer, each fact once."""
    with speaking(our_language(language)):
        asked = ideas.asked(ideas.with_idea(whom))
        return _range(ideas.facts(asked, {}, {}))


@router.post(_RANGE, auth=_MAY, response=RangeOut)
def find_range(request: HttpRequest, body: RangeIn) -> Any:
    """A first idea of every product's answer, the likeliest first. It is no decision: nothing is
    kept, and no credit bureau is asked. A fact that is left out makes the range wider."""
    offered = ideas.with_idea(body.whom)
    with speaking(our_language(body.language)):
        asked = ideas.asked(offered)
        typed = {each.box: body.facts.get(each.box, "") for each in asked}
        faults = ideas.unreadable(asked, typed)
        estimates = [] if faults else ideas.ideas(offered, asked, typed)
        by_name = {each.name: each for each in offered}
        rows = [_idea(each, by_name[each.card.name]) for each in estimates]
        return _range(ideas.facts(asked, typed, faults), rows)


def _fit_out(row: ProductFit, product: Product, amount: str) -> dict[str, Any]:
    field = row.card.amount_field
    return {
        "product": card_told(product),
        "fits": row.fits,
        "reasons": row.reasons,
        "answers": {field: amount} if field and amount.strip() else {},
    }


def _idea(idea: Idea, product: Product) -> dict[str, Any]:
    return {
        "product": card_told(product),
        "verdict": idea.verdict,
        "said": idea.said,
        "rows": idea.rows,
        "depends": idea.depends,
        "answers": {each.field: each.text for each in idea.given},
    }


def _range(facts: list[Fact], rows: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    return {
        "asked": [
            {
                "box": each.asked.box,
                "kind": each.asked.page.kind,
                "question": each.asked.page.question,
                "help": each.asked.page.help,
                "choices": choices_told(each.asked.page.choices),
                "products": each.asked.products,
                "typed": each.text,
                "problem": each.fault,
            }
            for each in facts
        ],
        "ideas": rows,
        "caution": ideas.caution(),
    }

"""Endpoints about what can be applied for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from equipoise.journey import pages_of
from equipoise.service.contexts.drafts.reading import Product, products
from equipoise.service.contexts.drafts.schemas import ProductsOut, question_of
from equipoise.service.platform.accounts.access import May
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.short_text import Place

router = Router(tags=["applications"])


@router.get("/products", auth=May(Action.READ_DECISIONS), response=ProductsOut)
def list_products(request: HttpRequest, language: Place = "") -> Any:
    """What can be applied for, and what a person is asked for each, in a language we have words in;
    English where it is none."""
    return {"products": [_product(each, language) for each in products()]}


def _product(product: Product, language: str) -> dict[str, Any]:
    portrait, section = product.portrait, product.portrait.section
    return {
        "name": product.name,
        "digest": product.digest,
        "label": portrait.name(language),
        "about": portrait.about(language),
        "whom": section.whom if section else "",
        "needs": section.needs if section else [],
        "currency": portrait.currency,
        "amounts": _ends(portrait.amounts),
        "months": _ends(portrait.months),
        "rates": _ends(section.rates if section else None),
        "days": _ends(portrait.days),
        "asks_first": section.asks_first if section else [],
        "questions": [question_of(page) for page in pages_of(product.contract, language=language)],
    }


def _ends(ends: tuple[float, float] | None) -> dict[str, float] | None:
    return None if ends is None else {"least": ends[0], "most": ends[1]}

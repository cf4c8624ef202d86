"""What a person needs money for, carried from one product's question to another's."""

from __future__ import annotations

from equipoise.contract import Field
from equipoise.journey import NotRead, read_answer
from equipoise.service.contexts.drafts.products import Product
from equipoise.service.contexts.drafts.typed import Typed
from equipoise.strategy.product import PurposeField


def with_need(typed: Typed, product: Product, need: str) -> Typed:
    """The answer to the product's question for its purpose, where it has a value for the need."""
    purpose = _purpose(product)
    value = None if purpose is None else dict(purpose.values).get(need)  # type: ignore[call-overload]
    if purpose is None or value is None:
        return typed
    return typed.with_page(purpose.field, {"": value})


def carried(typed: Typed, before: Product, after: Product, language: str) -> Typed:
    """What was typed for one product, as it is read for another: what cannot be read as the other's
    purpose is said by the need that it stood for."""
    named = _purpose(after)
    if named is None or _answer(after.contract.field(named.field), typed, language) is not None:
        return typed
    return with_need(typed, after, _need(typed, before, language))


def _need(typed: Typed, product: Product, language: str) -> str:
    purpose = _purpose(product)
    if purpose is None:
        return ""
    answer = _answer(product.contract.field(purpose.field), typed, language)
    return next((need for need, value in purpose.values.items() if value == answer), "")


def _purpose(product: Product) -> PurposeField | None:
    section = product.portrait.section
    return None if section is None else section.purpose


def _answer(field: Field, typed: Typed, language: str) -> object:
    try:
        return read_answer(field, typed.raw.get(field.name, {}), language)
    except NotRead:
        return None

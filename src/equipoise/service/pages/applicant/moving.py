"""What becomes of an application's answers where it goes on as one for another product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from equipoise.journey import Page, pages_of, read_answer, written_answer
from equipoise.service.contexts.drafts.reading import (
    DraftView,
    Product,
    Typed,
    products,
    typed_for,
    unread,
)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that counts for both: its question, and how the other product reads it."""

    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Move:
    """To another product: which answers are kept, which questions are new, and which answers are
    kept aside since that product does not ask for them."""

    product: Product
    kept: Sequence[Kept]
    asked: Sequence[str]
    aside: Sequence[str]


def others(draft: DraftView) -> list[Product]:
    """The products that it could be an application for instead."""
    return [each for each in products() if each.name != draft.product.name]


def move_to(draft: DraftView, product: Product) -> Move:
    """What it would change, in the language spoken now."""
    there = typed_for(draft, product)
    open_ones = set(unread(product.first, there, draft.language))
    pages = {page.field.name: page for page in pages_of(product.first)}
    before = {page.field.name: page for page in pages_of(draft.product.first)}
    return Move(
        product,
        [
            Kept(page.question, _written(page, there, product, draft.language))
            for name, page in pages.items()
            if name not in open_ones
        ],
        [page.question for name, page in pages.items() if name in open_ones],
        [
            page.question
            for name, page in before.items()
            if name not in pages and name in draft.typed.raw
        ],
    )


def _written(page: Page, typed: Typed, product: Product, language: str) -> str:
    raw = typed.raw[page.field.name]
    answer = read_answer(page.field, raw, language)
    return written_answer(page.field, answer, product.contract.currency, language, raw)

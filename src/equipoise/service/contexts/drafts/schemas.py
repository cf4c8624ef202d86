"""Answers about what can be applied for."""

from __future__ import annotations

from ninja import Schema


class ChoiceOut(Schema):
    """An answer that can be chosen: its code, and what a person reads for it."""

    code: str
    label: str


class QuestionOut(Schema):
    """One thing that a person is asked: the contract's field, and its words in one language. `kind`
    is amount, whole, choice, yes_no, date or text."""

    field: str
    kind: str
    question: str
    help: str
    why: str
    choices: list[ChoiceOut]


class ProductOut(Schema):
    """What can be applied for: the strategy in force that decides it, and what it asks people."""

    name: str
    digest: str
    questions: list[QuestionOut]


class ProductsOut(Schema):
    """All that can be applied for."""

    products: list[ProductOut]

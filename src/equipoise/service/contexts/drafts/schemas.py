"""Answers about what can be applied for."""

from __future__ import annotations

from typing import Any

from ninja import Schema

from equipoise.journey import Page


class ChoiceOut(Schema):
    """An answer that can be chosen: its code, and what a person reads for it."""

    code: str
    label: str


class QuestionOut(Schema):
    """One thing that a person is asked: the contract's field, and its words in one language. `kind`
    is amount, whole, choice, yes_no, date, text or file; `accepts` says what a file may be, picture
    or pdf."""

    field: str
    kind: str
    question: str
    help: str
    why: str
    choices: list[ChoiceOut]
    accepts: list[str]


def question_of(page: Page) -> dict[str, Any]:
    """A page as it is told to programs."""
    return {
        "field": page.field.name,
        "kind": page.kind,
        "question": page.question,
        "help": page.help,
        "why": page.why,
        "choices": [{"code": code, "label": label} for code, label in page.choices],
        "accepts": list(page.field.accepts),
    }


class EndsOut(Schema):
    """The least and the most there is of something."""

    least: float
    most: float


class ProductOut(Schema):
    """What can be applied for: the strategy in force that decides it, what is told of it, and what
    it asks people. `label` is what people read for its name; `whom` is person or business, empty
    where the strategy has no words for people. `amounts` are in `currency`, `rates` fractions a
    year, `days` those that its journeys wait for staff, on average."""

    name: str
    digest: str
    label: str
    about: str
    whom: str
    needs: list[str]
    currency: str
    amounts: EndsOut | None
    months: EndsOut | None
    rates: EndsOut | None
    days: EndsOut | None
    asks_first: list[str]
    questions: list[QuestionOut]


class ProductsOut(Schema):
    """All that can be applied for."""

    products: list[ProductOut]

"""What can be applied for, and what is asked for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that can be chosen: its code, and what a person reads for it."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that a person is asked: the contract's field, and its words in one language."""

    field: str
    kind: str
    question: str
    help: str
    why: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Ends:
    """The least and the most there is of something."""

    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Product:
    """What can be applied for, what is told of it, and what it asks people. People read `label` for
    its `name`; `amounts` are in `currency`, `rates` fractions a year, `days` those that it waits
    for staff, on average."""

    name: str
    digest: str
    label: str
    about: str
    whom: str
    needs: tuple[str, ...]
    currency: str
    amounts: Ends | None
    months: Ends | None
    rates: Ends | None
    days: Ends | None
    asks_first: tuple[str, ...]
    questions: tuple[Question, ...]

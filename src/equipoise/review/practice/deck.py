"""A deck of past cases to practise on: the facts as they were, the outcome, and what the model and
the strategy say. It stands alone: whoever reads it needs neither the contract nor the strategy."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from equipoise.contract import Field
from equipoise.errors import BadInput
from equipoise.numeric.arrays import Array, FloatArray
from equipoise.review.practice.kinds import cut, kinds, near

FORMAT = "equipoise-practice-deck"


@dataclass(frozen=True, slots=True)
class Case:
    """One past case. `number` is its place in the deck and says nothing of who it was; `facts` are
    in the order of the deck's fields.

    `outcome` and `reasons` (keys of the deck's texts) are the strategy's, `pd` the model's. Money
    is None where nothing says what the loan is worth.
    """

    number: int
    facts: tuple[Any, ...]
    bad: bool
    pd: float
    outcome: str
    grade: str
    reasons: tuple[str, ...]
    if_good: float | None
    if_bad: float | None

    @property
    def lends(self) -> bool:
        """Whether the strategy's answer is a loan."""
        return self.outcome in ("approve", "counter_offer", "ask_for_more")

    @property
    def decides(self) -> bool:
        """Whether the strategy answers by itself."""
        return self.lends or self.outcome == "decline"


@dataclass(frozen=True, slots=True)
class Deck:
    """Cases, and what is needed to show them. `strategy` names the version that answered, `known`
    says out of how many past cases of known outcome these were drawn, `window_months` in which
    time a loan counts as gone bad, `texts` what a reason says, by language."""

    simulated: bool
    strategy: str
    currency: str
    window_months: float
    known: int
    fields: tuple[Field, ...]
    texts: Mapping[str, Mapping[str, str]]
    cases: tuple[Case, ...]
    _of: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def model(self) -> FloatArray:
        """The model's PDs (n,)."""
        return np.array([case.pd for case in self.cases])

    @property
    def cut(self) -> float | None:
        """The PD above which the strategy declines, by its own answers."""
        own = [case for case in self.cases if case.decides]
        lends = np.array([case.lends for case in own], dtype=bool)
        return cut(np.array([case.pd for case in own]), lends)

    @property
    def kinds(self) -> Array:
        """One kind to a case (n,)."""
        if "kinds" not in self._of:
            grade = np.array([case.grade for case in self.cases], dtype=object)
            self._of["kinds"] = kinds(grade, near(self.model, self.cut))
        return np.asarray(self._of["kinds"])

    @property
    def facts(self) -> dict[str, Array]:
        """Each fact of all cases (n,), None where it is missing."""
        columns = zip(*(case.facts for case in self.cases), strict=True)
        return {
            each.name: np.array(column, dtype=object)
            for each, column in zip(self.fields, columns, strict=True)
        }

    def text(self) -> str:
        """The deck as a file holds it: a head, and a line to each case."""
        head = {
            "format": FORMAT,
            "simulated": self.simulated,
            "strategy": self.strategy,
            "currency": self.currency,
            "window_months": self.window_months,
            "known": self.known,
            "fields": [_lean(each) for each in self.fields],
            "texts": {key: dict(texts) for key, texts in self.texts.items()},
        }
        return "\n".join(_line(each) for each in (head, *map(_row, self.cases))) + "\n"


def read_deck(text: str) -> Deck:
    """Read a deck back. Raises BadInput where it is none."""
    lines = text.splitlines()
    head = json.loads(lines[0]) if lines else {}
    if head.pop("format", "") != FORMAT:
        raise BadInput("this is no deck of cases", mend="have it made anew")
    fields = tuple(Field.model_validate(each) for each in head.pop("fields"))
    rows = (_case(number, json.loads(line)) for number, line in enumerate(lines[1:], 1))
    return Deck(fields=fields, cases=tuple(rows), **head)


def evenly(kinds_of: Sequence[str], size: int, seed: int) -> list[int]:
    """Places of at most `size` cases, of each kind as many as of any other as far as there are so
    many, in an order that says nothing."""
    rng = np.random.default_rng(seed)
    heaps = {kind: [] for kind in sorted(set(kinds_of))}  # type: dict[str, list[int]]
    for place in rng.permutation(len(kinds_of)).tolist():
        heaps[kinds_of[place]].append(place)
    chosen: list[int] = []
    while len(chosen) < size and any(heaps.values()):
        for heap in heaps.values():
            if heap and len(chosen) < size:
                chosen.append(heap.pop())
    rng.shuffle(chosen)
    return chosen


def _lean(each: Field) -> dict[str, Any]:
    kept = ("name", "type", "unit", "values", "label", "value_label", "unit_label", "source")
    plain = each.model_dump(mode="json")
    return {name: plain[name] for name in kept if plain.get(name)}


def _row(case: Case) -> list[Any]:
    money = [None if each is None else round(each, 2) for each in (case.if_good, case.if_bad)]
    return [
        list(case.facts),
        int(case.bad),
        round(case.pd, 6),
        case.outcome,
        case.grade,
        list(case.reasons),
        *money,
    ]


def _case(number: int, row: list[Any]) -> Case:
    facts, bad, pd, outcome, grade, reasons, if_good, if_bad = row
    return Case(
        number, tuple(facts), bool(bad), pd, outcome, grade, tuple(reasons), if_good, if_bad
    )


def _line(plain: object) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


@cache
def simulated_deck() -> Deck:
    """Cases of the synthetic lender, which are always at hand."""
    file = files("equipoise.review.practice").joinpath("simulated.jsonl")
    return read_deck(file.read_text(encoding="utf-8"))

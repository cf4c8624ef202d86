"""Who may have what, and which treatment is given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from equipoise.numeric.arrays import FloatArray
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.program import GRADE, PD, POINTS, allowed_name
from equipoise.strategy.runtimes.sql.layers import Layers
from equipoise.strategy.runtimes.sql.rules import GAP, RULE
from equipoise.strategy.runtimes.sql.scoring import DOUBTS
from equipoise.strategy.runtimes.sql.spelling import Spelling
from equipoise.value.compiled.sql import INPUTS, TERMS, Question, choice_sql, seconds
from equipoise.value.measures import MEASURES

CHOICE = "its choice"
KEPT = "its kept"
_FIGURE_OF = {
    "lgd": "its lgd",
    "amount": "its amount",
    "income": "its monthly_income",
    "apr": "its apr",
}


class Choosing:
    """The choice of a treatment, by the balance or by a table or a cut-off.

    `keep` are the columns that go through it, `besides` among them.
    """

    def __init__(self, compiled: Compiled, spelling: Spelling, besides: Iterable[str]) -> None:
        self._compiled, self._spelling = compiled, spelling
        self._program = compiled.program
        self.keep = ["its id", DOUBTS, RULE, GAP, GRADE, PD, POINTS]
        self.keep += [*self._program.figures, *besides]
        if self._program.choice is not None:
            self.keep.append(CHOICE)

    def choose(self, layers: Layers) -> None:
        """Layers with who may have what, and then what each is given."""
        layers.add(self._eligible())
        if self._program.choice is not None:
            layers.add({CHOICE: f"({self._spelling.of(self._program.choice)})"})
        compiled = self._compiled
        packs = layers.dialect == "spark"
        if packs:
            self._pack(layers)
        question = self._question(layers.source(), [KEPT] if packs else self.keep)
        figures = compiled.valuer.figures
        layers.query = choice_sql(figures, self._program.menu, question, layers.dialect)
        if packs:
            name = self._spelling.name
            kept = [f"{name(KEPT)}.{name(each)} AS {name(each)}" for each in self.keep]
            layers.select([*kept, *self._given()])

    def _pack(self, layers: Layers) -> None:
        """What goes through as one value: Spark copies a row's columns one by one in each layer."""
        name, text = self._spelling.name, self._spelling.text
        parts = ", ".join(f"{text(each)}, {name(each)}" for each in self.keep)
        layers.add({KEPT: f"named_struct({parts})"})

    def _given(self) -> list[str]:
        columns = ["treatment", "net", *TERMS]
        second = [seconds(each) for each in columns]
        return columns if self._compiled.explorer is None else [*columns, *second]

    def _eligible(self) -> dict[str, str]:
        columns = {
            allowed_name(k): "TRUE" if each is None else self._spelling.held(each)
            for k, each in enumerate(self._program.allowed, start=1)
        }
        conditions = (each for each in self._program.where if each is not None)
        for at, each in enumerate(conditions):
            columns[where_name(at)] = self._spelling.held(each)
        return columns

    def _question(self, source: str, keep: Sequence[str]) -> Question:
        name, weights = self._spelling.name, self._compiled.weights
        base, rows = weights.base, weights.rows
        if self._program.choice is not None:
            base, rows = _approvals(), np.zeros((0, len(MEASURES)))
        months = f"FLOOR({name('its term_months')} + 0.5)"
        known = {k: name(v) for k, v in _FIGURE_OF.items()} | {"pd": name(PD), "months": months}
        # figures of those alone who are still to be decided
        still = f"({name(PD)} IS NOT NULL AND {name(RULE)} IS NULL AND NOT {name(GAP)})"
        return Question(
            source=source,
            keep=keep,
            inputs={k: f"CASE WHEN {still} THEN {known[k]} END" for k in INPUTS},
            base=base,
            rows=rows,
            where=[name(where_name(k)) for k in range(len(rows))],
            allowed=self._allowed(),
            second=self._compiled.explorer is not None,
        )

    def _allowed(self) -> dict[int, str]:
        """The condition of each treatment; under a table or a cut-off that it is the one given."""
        name, text = self._spelling.name, self._spelling.text
        menu = list(enumerate(self._program.menu))[1:]
        if self._program.choice is None:
            return {k: name(allowed_name(k)) for k, _ in menu}
        return {k: f"({name(CHOICE)} = {text(each.name)})" for k, each in menu}


def where_name(at: int) -> str:
    """What says whether the condition of a priced limit holds."""
    return f"its where {at}"


def _approvals() -> FloatArray:
    """Weights by which the one treatment that is allowed is chosen: its approvals are 1."""
    weights = np.zeros(len(MEASURES))
    weights[MEASURES.index("approvals")] = 1.0
    return weights

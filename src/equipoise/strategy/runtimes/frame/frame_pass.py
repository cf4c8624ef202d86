"""One frame of applications on its way through a strategy's program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from equipoise.authority import SYSTEM
from equipoise.contract.days import today
from equipoise.contract.facts.table import Source, Table
from equipoise.expression import Expression
from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.strategy.compiled import MOST_REASONS, Compiled
from equipoise.strategy.conditions import owed
from equipoise.strategy.decision import (
    APPROVE,
    ASK_FOR_MORE,
    COUNTER_OFFER,
    DECLINE,
    OFFERING,
    OUTCOMES,
    REFER,
)
from equipoise.strategy.exploring.explorer import Explorer
from equipoise.strategy.fact_checks import DAY, not_a_number
from equipoise.strategy.intake import CHECKS
from equipoise.strategy.program import (
    GRADE,
    NOT_ELIGIBLE,
    PD,
    POINTS,
    TIER,
    Named,
    allowed_name,
)
from equipoise.strategy.runtimes.frame.answers import CODE, NONE, Answers, lists, offers
from equipoise.strategy.runtimes.frame.exploring import ExploringFrame
from equipoise.strategy.runtimes.frame.results import FrameResults
from equipoise.texts import codes
from equipoise.value.compiled import ChosenMany

DOUBT = "its doubt"
_OFFERED = [CODE[outcome] for outcome in OFFERING]


@dataclass(frozen=True, slots=True)
class Given:
    """What a table gives: rows of the frame, their facts, what each may have and what it gets."""

    rows: IntArray
    part: pl.DataFrame
    allowed: BoolArray
    index: IntArray


class Pass:
    """One frame on its way through the program."""

    def __init__(
        self, compiled: Compiled, frame: pl.DataFrame, at: date | None, file: str, first_row: int
    ) -> None:
        self.compiled, self.program = compiled, compiled.program
        self.rows = frame.height
        contract = compiled.content.contract
        self.results = FrameResults.read(compiled.intake, frame, file, first_row)
        table = compiled.tables.read(frame.drop(CHECKS, strict=False), Source(file, first_row))
        day = _days(table.days, at, today(contract))
        doubt = _doubt_of_numbers(table)
        self.table = table.facts.with_columns(doubt.alias(DOUBT), day.alias(DAY))
        self.ids, self.extras = table.ids, table.extras
        self.found = Answers.empty(self.rows)
        # what may be asked for next, and which of it a row is asked for
        self.steps: list[str] = [*compiled.conditions]
        self.next: IntArray = np.full(self.rows, NONE)
        self.fired: BoolArray = np.zeros(self.rows, dtype=bool)
        # which of `carried` a row has: the codes of all rules that refer it
        self.exceptions: IntArray = np.full(self.rows, NONE)
        self.carried: list[tuple[str, ...]] = []

    def open_rows(self) -> IntArray:
        """Run the program up to the choice; the rows that are left to choose for."""
        doubted = self._facts()
        usable = ~doubted
        self._score(usable)
        graded = usable & ~np.isnan(self.pd)
        self._refer(usable & ~graded, codes.NO_SCORE)
        self._add({TIER: self.program.tier})
        self._add(self.program.figures)
        self.fired = self._rules(graded)
        left = graded & ~self.fired
        unpriced = self._mask(self.program.unpriced) & left
        self._refer(unpriced, codes.NO_TERMS)
        return np.flatnonzero(left & ~unpriced)

    def answer(self) -> pl.DataFrame:
        """Every row's answer."""
        self._choose(self.open_rows())
        self._sign()
        return self._frame()

    def allowed(self, rows: IntArray, part: pl.DataFrame) -> tuple[BoolArray, dict[str, Any]]:
        """(rows, treatments) which each may be given; and `allowed_name` columns that differ."""
        allowed = np.ones((rows.size, len(self.program.menu)), dtype=bool)
        columns: dict[str, Any] = {}
        for k, each in enumerate(self.program.allowed, start=1):
            if each is not None:
                column = _column(part, each)
                columns[allowed_name(k)] = column
                allowed[:, k] = column.fill_null(value=False).to_numpy()
        return allowed, columns

    def masks(self, part: pl.DataFrame) -> BoolArray:
        """(rows, limits) where the conditions of priced limits hold."""
        conditions = [each for each in self.program.where if each is not None]
        found = np.zeros((part.height, len(conditions)), dtype=bool)
        for at, each in enumerate(conditions):
            found[:, at] = _column(part, each).fill_null(value=False).to_numpy()
        return found

    def _facts(self) -> BoolArray:
        program = self.program
        for stage in program.facts:
            self._add(stage)
        names = [DOUBT, *program.doubts]
        doubt = self.table.select(pl.coalesce(names).alias("x"))["x"]
        self.table = self.table.drop(DOUBT)
        doubted = doubt.is_not_null().to_numpy()
        if doubted.any():
            first = doubt.str.split(" ").list.first()
            for code in first.drop_nulls().unique(maintain_order=True):
                self._refer((first == code).fill_null(value=False).to_numpy(), code)
        return doubted

    def _score(self, usable: BoolArray) -> None:
        compiled, model = self.compiled, self.compiled.model
        features = self.table.select(
            each.polars().cast(pl.String if each.type == "string" else pl.Float64).alias(name)
            for name, each in self.program.model_features.items()
        )
        self.features = features
        points, pd = model.score_frame(features)
        self.pd = np.where(usable, pd, np.nan)
        self.table = self.table.with_columns(
            pl.Series(POINTS, np.where(usable, points, np.nan), nan_to_null=True),
            pl.Series(PD, self.pd, nan_to_null=True),
        )
        self._add({GRADE: compiled.program.grade})

    def _rules(self, usable: BoolArray) -> BoolArray:
        document = self.compiled.document
        held = np.zeros((len(document.rules), self.rows), dtype=bool)
        for at, each in enumerate(self.program.rules.values()):
            held[at] = self._mask(each) & usable
        if not len(held):
            return np.zeros(self.rows, dtype=bool)
        fired = held.any(axis=0)
        first = held.argmax(axis=0)
        rows = np.flatnonzero(fired)
        outcomes = np.array([CODE[rule.outcome] for rule in document.rules])
        self.found.outcome[rows] = outcomes[first[rows]]
        if rows.size:
            self._state(rows, held[:, rows])
        return np.asarray(fired)

    def _state(self, rows: IntArray, held: BoolArray) -> None:
        """Reasons of the rules that fired: those with the outcome of the first, in order."""
        rules = self.compiled.document.rules
        packed = np.packbits(held, axis=0).T
        patterns, which = np.unique(packed, axis=0, return_inverse=True)
        for at in range(len(patterns)):
            together = rows[which.ravel() == at]
            bits = np.unpackbits(patterns[at], count=len(rules)).astype(bool)
            same = [r for r, bit in zip(rules, bits, strict=True) if bit]
            alike = [r.reason for r in same if r.outcome == same[0].outcome]
            named = tuple(dict.fromkeys(alike))
            if same[0].outcome == REFER:
                if named not in self.carried:
                    self.carried.append(named)
                self.exceptions[together] = self.carried.index(named)
            for place, code in enumerate(named[:MOST_REASONS]):
                self.found.reasons[together, place] = self.found.word(code)

    def _stop(self, rows: IntArray) -> None:
        """A stop is a decline, whichever check it was and whether or not it was asked for."""
        self.found.outcome[rows] = CODE[DECLINE]
        self.found.treatment[rows] = 0
        self.found.reasons[rows, 0] = self.found.word(codes.CHECK_STOPPED)

    def _choose(self, rows: IntArray) -> None:
        program = self.program
        stopped = self.results.stopped[rows]
        self._stop(rows[stopped])
        rows = rows[~stopped]
        part = self.table[rows] if rows.size < self.rows else self.table
        allowed, extra = self.allowed(rows, part)
        if program.choice is None:
            self._record(rows, self._best(rows, part, allowed))
            return
        for k in range(1, len(program.menu)):
            extra.setdefault(allowed_name(k), pl.lit(value=True))
        part = part.with_columns(**extra)
        given = _column(part, program.choice)
        names = [each.name for each in program.menu]
        index = given.replace_strict(
            [*names, NOT_ELIGIBLE], [*range(len(names)), -2], default=-3, return_dtype=pl.Int64
        ).to_numpy()
        self._refer_rows(rows[index == -2], codes.NOT_ELIGIBLE)
        self._person(rows[index == -3])
        taken = index >= 0
        part, allowed, index = part.filter(pl.Series(taken)), allowed[taken], index[taken]
        self._record(rows[taken], self._given(Given(rows[taken], part, allowed, index)))

    def _best(self, rows: IntArray, part: pl.DataFrame, allowed: BoolArray) -> ChosenMany:
        """The best of the allowed treatments for each row."""
        compiled = self.compiled
        found = compiled.valuer.many(
            *arguments(part),
            compiled.weights.base,
            compiled.weights.rows,
            self.masks(part),
            allowed,
        )
        if compiled.explorer is not None:
            self._explore(rows, part, found, compiled.explorer)
        return found

    def _given(self, given: Given) -> ChosenMany:
        """What the treatment that a table gives each row means for it."""
        weights = self.compiled.weights.base
        return self.compiled.valuer.given_many(*arguments(given.part), weights, given.index)

    def _explore(
        self, rows: IntArray, part: pl.DataFrame, found: ChosenMany, explorer: Explorer
    ) -> None:
        exploring = ExploringFrame(
            self.compiled,
            explorer,
            self.ids[rows],
            arguments(part),
            part[GRADE],
            part["its product"] if self._has_products else None,
        )
        self.found.propensity[rows], self.found.explored[rows] = exploring.apply(found)

    def _record(self, rows: IntArray, found: Any) -> None:
        answers, compiled = self.found, self.compiled
        answers.treatment[rows] = found.index
        answers.measures[rows] = found.measures
        answers.net[rows] = found.net
        nothing = found.index == 0
        self._explain(rows[nothing], codes.NO_OFFER)
        answers.outcome[rows[nothing]] = CODE[DECLINE]
        lent = rows[~nothing]
        answers.terms[lent] = found.terms[~nothing]
        answers.offered[lent] = True
        person = np.array(compiled._person)[found.index]
        self._person(rows[person & ~nothing])
        self._answer(rows[~nothing & ~person])

    def _ask(self, rows: IntArray) -> IntArray:
        """Ask those who send results for the next check that is owed; the others are left."""
        given = rows[self.results.given[rows]]
        for journey, place, some in self._alike(given):
            left = owed(journey, self.results.known(place))
            self.next[some] = self.steps.index(left[0]) if left else NONE
        asked = self.next[rows] != NONE
        self.found.outcome[rows[asked]] = CODE[ASK_FOR_MORE]
        others: IntArray = rows[~asked]
        return others

    def _answer(self, rows: IntArray) -> None:
        rows = self._ask(rows)
        amount = self.table["its amount"].to_numpy()[rows]
        months = np.floor(self.table["its term_months"].to_numpy()[rows] + 0.5)
        terms = self.found.terms[rows]
        less = (terms[:, 1] < amount) | (terms[:, 2] != months)
        self.found.outcome[rows] = np.where(less, CODE[COUNTER_OFFER], CODE[APPROVE])
        self._explain(rows[less], "")

    def _person(self, rows: IntArray) -> None:
        self.found.outcome[rows] = CODE[REFER]
        self._explain(rows, codes.TO_A_PERSON)

    def _explain(self, rows: IntArray, otherwise: str) -> None:
        """The model's reasons; `otherwise` where it has none."""
        if not rows.size:
            return
        compiled = self.compiled
        ranked = compiled.ranker.many(compiled.model.risks(self.features[rows]))
        words = np.array([*map(self.found.word, map(codes.concept_code, ranked.concepts)), NONE])
        found = words[ranked.codes]
        if otherwise:
            found[found[:, 0] == NONE, 0] = self.found.word(otherwise)
        self.found.reasons[rows] = found

    def _refer(self, mask: BoolArray, code: str) -> None:
        self._refer_rows(np.flatnonzero(mask), code)

    def _refer_rows(self, rows: IntArray, code: str) -> None:
        self.found.outcome[rows] = CODE[REFER]
        self.found.reasons[rows, 0] = self.found.word(code)

    def _sign(self) -> None:
        """Who must sign; what is above the machine's authority goes to a person."""
        compiled, found = self.compiled, self.found
        if compiled.authority is None:
            return
        graded = self.table[GRADE].is_not_null().to_numpy()
        refer = (found.outcome == CODE[REFER]) & graded
        lent = np.isin(found.outcome, _OFFERED)
        amounts = np.where(lent, found.terms[:, 1], self.table["its amount"].to_numpy())
        cases = pl.DataFrame(
            {
                "amount": pl.Series(amounts, nan_to_null=True),
                "grade": self.table[GRADE],
                "product": self.table["its product"] if self._has_products else None,
            },
            schema_overrides={"product": pl.String},
        )
        product = "product" if self._has_products else None
        plain = compiled.authority.level_for_frame(cases, product=product)
        level, signatures = plain["level"].to_numpy().copy(), plain["signatures"].to_numpy().copy()
        for at, named in enumerate(self.carried):
            odd = np.flatnonzero(self.exceptions == at)
            case = cases[odd].with_columns(exceptions=pl.lit(list(named)))
            some = compiled.authority.level_for_frame(
                case, exceptions="exceptions", product=product
            )
            level[odd], signatures[odd] = some["level"].to_numpy(), some["signatures"].to_numpy()
        level[refer & (level == SYSTEM)] = compiled.lowest
        above = lent & (level != SYSTEM)
        found.outcome[above] = CODE[REFER]
        found.reasons[above] = NONE
        found.reasons[above, 0] = found.word(codes.ABOVE_AUTHORITY)
        signed = lent | refer
        level[~signed] = None
        found.level = pl.Series(level.tolist(), dtype=pl.String)
        found.signatures = np.where(signed, signatures, 0)

    @property
    def _has_products(self) -> bool:
        return "its product" in self.table.columns

    def _alike(self, rows: IntArray) -> Iterator[tuple[tuple[str, ...], int, IntArray]]:
        """Rows with the same journey's checks and the same results: both, and which rows."""
        size = len(self.results.distinct)
        pairs = self.found.treatment[rows] * size + self.results.of[rows]
        for pair in np.unique(pairs):
            treatment, place = divmod(int(pair), size)
            journey = self.program.menu[treatment].journey
            yield journey.checks if journey else (), place, rows[pairs == pair]

    def _conditions(self) -> pl.Series:
        """What each row's offer still waits for."""
        names = [*self.compiled.conditions]
        places: IntArray = np.full((self.rows, len(names)), NONE)
        waits = np.isin(self.found.outcome, _OFFERED) & (self.found.treatment != NONE)
        for checks, place, rows in self._alike(np.flatnonzero(waits)):
            results = self.results.known(place)
            for first in np.unique(self.next[rows]):
                some = rows[self.next[rows] == first]
                left = owed(checks, results, self.steps[first] if first != NONE else None)
                places[some, : len(left)] = [names.index(name) for name in left]
        return lists(names, places)

    def _frame(self) -> pl.DataFrame:
        found, program = self.found, self.program
        menu = pl.Series([each.name for each in program.menu], dtype=pl.String)
        ways = [each.journey.name if each.journey else None for each in program.menu]
        journeys = pl.Series(ways, dtype=pl.String)
        taken = pl.Series(found.treatment)
        taken = pl.select(pl.when(taken >= 0).then(taken)).to_series()
        asked = np.where(found.outcome == CODE[ASK_FOR_MORE], self.next, NONE)
        step = pl.select(pl.when(pl.Series(asked != NONE)).then(pl.Series(asked))).to_series()
        return pl.DataFrame(
            {
                "id": self.ids,
                "outcome": pl.Series(list(OUTCOMES)).gather(found.outcome),
                "grade": self.table[GRADE],
                "reasons": lists(found.words, found.reasons),
                "offers": offers(menu, found),
                "journey": journeys.gather(taken),
                "conditions": self._conditions(),
                "authority": found.level,
                "signatures": found.signatures,
                "digest": pl.repeat(self.compiled.digest, self.rows, eager=True),
                "treatment": menu.gather(taken),
                "pd": self.table[PD],
                "points": self.table[POINTS],
                "propensity": found.propensity,
                "explored": found.explored,
                "next_check": pl.Series(self.steps, dtype=pl.String).gather(step),
            }
        )

    def _add(self, named: Named) -> None:
        if named:
            self.table = self.table.with_columns(
                [each.polars().alias(name) for name, each in named.items()]
            )

    def _mask(self, condition: Expression) -> BoolArray:
        column = _column(self.table, condition)
        return column.fill_null(value=False).to_numpy()


def _column(frame: pl.DataFrame, expression: Expression) -> pl.Series:
    found = frame.select(expression.polars().alias("x"))["x"]
    return found.new_from_index(0, frame.height) if found.len() != frame.height else found


def arguments(
    part: pl.DataFrame,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """What the valuer needs of each row: pd, lgd, amount, months, income, apr."""

    def column(name: str) -> FloatArray:
        return np.ascontiguousarray(part[name].to_numpy(), dtype=float)

    months = np.floor(column("its term_months") + 0.5)
    return (
        column(PD), column("its lgd"), column("its amount"), months,
        column("its monthly_income"), column("its apr"),
    )  # fmt: skip


def _days(own: pl.Series | None, at: date | None, otherwise: date) -> pl.Expr | pl.Series:
    """The day of each decision: the one given, else the application's own, else today."""
    if at is not None or own is None:
        return pl.lit(at or otherwise, dtype=pl.Date)
    return own.fill_null(otherwise)


def _doubt_of_numbers(table: Table) -> pl.Expr:
    """The first field whose number is none to decide by, as a doubt."""
    doubt: pl.Expr = pl.lit(None, dtype=pl.String)
    for name, where in reversed(list(table.not_a_number.items())):
        doubt = pl.when(where).then(pl.lit(not_a_number(name))).otherwise(doubt)
    return doubt

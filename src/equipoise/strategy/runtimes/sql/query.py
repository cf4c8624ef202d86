"""The whole strategy as one SQL query: the live program's own expressions, stage by stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal, cast

import numpy as np

from equipoise.authority import SYSTEM
from equipoise.contract.facts.sql import OWN_DAY, SqlReader
from equipoise.contract.naming import LONGEST
from equipoise.errors import BadInput, did_you_mean
from equipoise.expression import Expression
from equipoise.expression import compile as compile_expression
from equipoise.risk import Scorecard, pd_sql, points_sql
from equipoise.risk.linear import LinearModel
from equipoise.risk.linear_sql import linear_layers
from equipoise.risk.scorecard_sql import double, quoted, text
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.decision import APPROVE, COUNTER_OFFER, DECLINE, REFER
from equipoise.strategy.fact_checks import DAY, not_a_number
from equipoise.strategy.program import (
    GRADE,
    NOT_ELIGIBLE,
    PD,
    POINTS,
    TIER,
    Named,
    allowed_name,
)
from equipoise.strategy.runtimes.sql.exploring import ExploringSql, certain
from equipoise.texts import codes
from equipoise.value.compiled.layers import FENCES
from equipoise.value.compiled.sql import INPUTS, Question, choice_sql, seconds
from equipoise.value.compiled.unnested import unnested
from equipoise.value.measures import MEASURES
from equipoise.value.treatments import DECLINE as NOTHING

SqlDialect = Literal["duckdb", "postgres", "sqlite", "spark"]
DIALECTS = ("duckdb", "postgres", "sqlite", "spark")
_TEXT = {"duckdb": "VARCHAR", "postgres": "TEXT", "sqlite": "TEXT", "spark": "STRING"}
_FIGURE_OF = {
    "lgd": "its lgd",
    "amount": "its amount",
    "income": "its monthly_income",
    "apr": "its apr",
}


def strategy_sql(compiled: Compiled, dialect: str, table: str, at: date | None = None) -> str:
    """A query over `table`, whose columns are the contract's, with one row per application.

    Columns: id, outcome, grade, reason (what decided, where that is not the model), treatment,
    apr, amount, months, instalment, journey, conditions (names, with commas), authority, pd,
    points, digest, propensity, explored. `at` is the day of the decision; without it the
    application's own date, else today. Raises BadInput for a model of trees and for a dialect
    that is not known.
    """
    if dialect not in DIALECTS:
        raise BadInput(
            f"'{dialect}' is not a dialect",
            field="--dialect",
            mend=did_you_mean(dialect, DIALECTS) or f"one of {', '.join(DIALECTS)}",
        )
    if compiled.document.asking is not None:
        raise BadInput(
            "a strategy that asks step by step has no SQL: what to ask next is searched over sets "
            "of checks, which no query can do to the bit",
            field="asking",
            mend="use `equipoise decide`, or take `asking` out",
        )
    if not isinstance(compiled.model, Scorecard | LinearModel):
        raise BadInput(
            "a strategy with a model of trees has no SQL: a database would not give the same bits",
            field="model",
            mend="seal it with a scorecard, or use `equipoise decide`",
        )
    return _Query(compiled, compiled.model, cast("SqlDialect", dialect), at).text(table)


def where_name(at: int) -> str:
    """What says whether the condition of a priced limit holds."""
    return f"its where {at}"


class _Query:
    """Sub-selects, each with the columns of the one inside and some more.

    Only the innermost reads the lender's own columns. From there on every name has a blank, which
    no field's has, and a field or a feature its place in front: whatever the fields are called,
    and whether or not an engine tells upper from lower case, a name means one thing.
    """

    def __init__(
        self,
        compiled: Compiled,
        model: Scorecard | LinearModel,
        dialect: SqlDialect,
        at: date | None,
    ) -> None:
        self.compiled, self.model, self.dialect, self.at = compiled, model, dialect, at
        self.program = compiled.program
        self.layers = 0
        read = [*self.program.inputs, *compiled.document.features]
        self.columns = {each: _placed(at, each) for at, each in enumerate(read)}

    def text(self, table: str) -> str:
        program, name = self.program, self._name
        inner = self._intake(table)
        for stage in program.facts:
            inner = self._added(inner, self._sql(stage))
        parts = ", ".join([name("its doubt"), *map(name, program.doubts)])
        called = {n: f"model {_placed(at, n)}" for at, n in enumerate(program.model_features)}
        features = {called[n]: self._feature(each) for n, each in program.model_features.items()}
        inner = self._added(inner, {"its doubts": f"COALESCE({parts})", **features})
        columns = {each: name(column) for each, column in called.items()}
        for layer in self._scored(columns):
            inner = self._added(inner, layer)
        inner = self._added(inner, self._sql({GRADE: program.grade}))
        inner = self._added(inner, self._sql({TIER: program.tier}))
        inner = self._added(inner, self._sql(program.figures))
        ruled = {"its rule": self._fired(), "its gap": self._unpriced(), **self._carried_codes()}
        inner = self._added(inner, ruled)
        inner = self._added(inner, self._allowed())
        return self._whole(self._answer(self._explored(self._chosen(inner))))

    def _scored(self, columns: Mapping[str, str]) -> Iterator[dict[str, str]]:
        """Points and PD by the model, of applications without a doubt."""
        sound = f"{self._name('its doubts')} IS NULL"
        if isinstance(self.model, Scorecard):
            points = points_sql(self.model, self.dialect, columns)
            yield {POINTS: f"CASE WHEN {sound} THEN {points} END"}
            yield {PD: pd_sql(self.model, self.dialect, self._name(POINTS))}
        else:
            yield {POINTS: f"CAST(NULL AS {double(self.dialect)})"}
            yield from linear_layers(self.model, self.dialect, columns, PD, sound)

    def _whole(self, query: str) -> str:
        """DuckDB would write an outer query's conditions and groups into every layer."""
        if self.dialect == "sqlite":
            return unnested(query)
        if self.dialect != "duckdb":
            return query
        return f"WITH decided AS MATERIALIZED ({query})\nSELECT * FROM decided"

    @property
    def _fence(self) -> str:
        """Keeps an engine from writing one layer into the next, where it would grow and grow."""
        return FENCES.get(self.dialect, "")

    def _name(self, name: str) -> str:
        return quoted(name, self.dialect)

    def _of(self, expression: Expression) -> str:
        return expression.sql(self.dialect, self.columns)

    def _sql(self, named: Named) -> dict[str, str]:
        found = {name: f"({self._of(each)})" for name, each in named.items()}
        return {self.columns.get(name, name): sql for name, sql in found.items()}

    def _added(self, inner: str, columns: Mapping[str, str]) -> str:
        if not columns:
            return inner
        self.layers += 1
        listed = ", ".join(f"{sql} AS {self._name(name)}" for name, sql in columns.items())
        return f"SELECT *, {listed}\nFROM ({inner}) AS l{self.layers}{self._fence}"

    def _intake(self, table: str) -> str:
        """Facts by the one reading, the day of the decision, and the first doubt of a number."""
        contract = self.compiled.content.contract
        facts = {name: self.columns[name] for name in self.program.inputs}
        reader = self.compiled.edition.queries().of(contract, facts, self.dialect)
        inner = reader.layers(self._name(table), self._fence)
        columns = {DAY: self._day(reader), "its doubt": self._odd(reader.engine.nan())}
        return self._added(inner, columns)

    def _day(self, reader: SqlReader) -> str:
        own = self.compiled.content.contract.date
        column = None if own is None else self._name(OWN_DAY)
        if self.at is None:
            today = reader.today()
            return today if column is None else f"COALESCE({column}, {today})"
        at = reader.engine.day(self.at.isoformat())
        # the own day is read even where it does not count: what cannot be read is refused
        return at if column is None else f"CASE WHEN {column} IS NULL THEN {at} ELSE {at} END"

    def _odd(self, none: str) -> str:
        """Which number is none to decide by."""
        arms = " ".join(
            f"WHEN {self._name(self.columns[name])} = {none} THEN {self._text(not_a_number(name))}"
            for name, kind in self.program.inputs.items()
            if kind in ("number", "integer")
        )
        return f"CAST({f'CASE {arms} END' if arms else 'NULL'} AS {_TEXT[self.dialect]})"

    def _text(self, value: str) -> str:
        return text(value, self.dialect)

    def _feature(self, expression: Expression) -> str:
        sql = self._of(expression)
        if expression.type == "boolean":
            return f"CASE WHEN {sql} THEN 1 WHEN NOT ({sql}) THEN 0 END"
        return f"({sql})"

    def _fired(self) -> str:
        rules = self.program.rules
        if not rules:
            return self._nothing()
        arms = " ".join(
            f"WHEN {self._name(PD)} IS NOT NULL AND ({self._of(each)}) THEN {self._text(name)}"
            for name, each in rules.items()
        )
        return f"CASE {arms} END"

    def _carried_codes(self) -> dict[str, str]:
        """For each code of a rule that refers, whether one of its rules holds."""
        found: dict[str, list[str]] = {name: [] for name in self._exceptions().values()}
        for rule in self.compiled.document.rules:
            if rule.outcome == REFER:
                held = self._of(self.program.rules[rule.name])
                found[self._exceptions()[rule.reason]].append(f"COALESCE({held}, FALSE)")
        return {name: f"({' OR '.join(held)})" for name, held in found.items()}

    def _exceptions(self) -> dict[str, str]:
        """The column that says whether an application carries a code, by code."""
        rules = self.compiled.document.rules
        referring = dict.fromkeys(rule.reason for rule in rules if rule.outcome == REFER)
        return {code: f"its code {at}" for at, code in enumerate(referring)}

    def _nothing(self) -> str:
        return f"CAST(NULL AS {_TEXT[self.dialect]})"

    def _unpriced(self) -> str:
        return f"({self._of(self.program.unpriced)})"

    def _allowed(self) -> dict[str, str]:
        """Who may have what; under a table or a cut-off also what is given."""
        found = {
            allowed_name(k): "TRUE" if each is None else f"COALESCE({self._of(each)}, FALSE)"
            for k, each in enumerate(self.program.allowed, start=1)
        }
        for at, each in enumerate(each for each in self.program.where if each is not None):
            found[where_name(at)] = f"COALESCE({self._of(each)}, FALSE)"
        return found

    def _open(self) -> str:
        name = self._name
        return f"({name(PD)} IS NOT NULL AND {name('its rule')} IS NULL AND NOT {name('its gap')})"

    def _chosen(self, inner: str) -> str:
        compiled, program, name = self.compiled, self.program, self._name
        base, where = (
            compiled.weights.base,
            [name(where_name(k)) for k in range(len(compiled.weights.rows))],
        )
        allowed = {k: name(allowed_name(k)) for k in range(1, len(program.menu))}
        keep = self._kept()
        if program.choice is not None:
            inner = self._added(inner, {"its choice": f"({self._of(program.choice)})"})
            allowed = {
                k: f"({name('its choice')} = {self._text(each.name)})"
                for k, each in enumerate(program.menu)
                if k
            }
            # approvals are 1 for whatever is given: the one that is allowed is chosen
            base = np.zeros(len(MEASURES))
            base[MEASURES.index("approvals")] = 1.0
            where = []
        months = f"FLOOR({name('its term_months')} + 0.5)"
        known = {k: name(v) for k, v in _FIGURE_OF.items()} | {"pd": name(PD), "months": months}
        inputs = {k: f"CASE WHEN {self._open()} THEN {known[k]} END" for k in INPUTS}
        self.layers += 1
        question = Question(
            source=f"({inner}) AS l{self.layers}",
            keep=keep,
            inputs=inputs,
            base=base,
            rows=compiled.weights.rows if program.choice is None else np.zeros((0, len(MEASURES))),
            where=where,
            allowed=allowed,
            second=compiled.explorer is not None,
        )
        return choice_sql(compiled.valuer.figures, program.menu, question, self.dialect)

    def _kept(self) -> list[str]:
        """Columns that go through the choice."""
        keep = ["its id", "its doubts", "its rule", "its gap", GRADE, PD, POINTS]
        keep += [*self.program.figures, *self._exceptions().values()]
        return keep if self.program.choice is None else [*keep, "its choice"]

    def _explored(self, inner: str) -> str:
        """The runner-up, where it is nearly as good and the lot falls on the applicant."""
        explorer, name = self.compiled.explorer, self._name
        if explorer is None:
            return self._added(inner, certain(self.dialect))
        second, system = seconds("treatment"), self._text(SYSTEM)
        alone = [f"NOT ({self._person()}) AND NOT ({self._person(second)})"]
        if self.compiled.authority is not None:
            alone += [
                f"(treatment = 0 OR {self._level('amount')} = {system})",
                f"{self._level(seconds('amount'))} = {system}",
            ]
        written = ExploringSql(explorer, self.dialect)
        applicant, tie = name("its id"), name("its tie")
        inner = self._added(inner, {"its tie": written.tie(applicant, alone)})
        inner = self._added(inner, {"explored": written.falls(applicant, tie)})
        self.layers += 1
        listed = ", ".join([*map(name, self._kept()), *written.given(tie, "explored")])
        return f"SELECT {listed}\nFROM ({inner}) AS l{self.layers}{self._fence}"

    def _answer(self, inner: str) -> str:
        name, program = self._name, self.program
        menu = [self._text(each.name) for each in program.menu]
        ways = [
            self._text(each.journey.name) if each.journey else self._nothing()
            for each in program.menu
        ]
        place = "treatment"
        cases = {
            "its journey": self._by(place, ways),
            "its treatment": self._by(place, menu),
            "its level": self._level("amount"),
            "its asked level": self._level(name("its amount")),
            "its ruled level": self._level(name("its amount"), self._exceptions()),
        }
        inner = self._added(inner, cases)
        inner = self._added(inner, {"its outcome": self._outcome(), "its reason": self._reason()})
        given = f"{name('its outcome')} IS NOT NULL AND treatment > 0"
        terms = [f"CASE WHEN {given} THEN {each} END AS {each}" for each in
                 ("apr", "amount", "months", "instalment")]  # fmt: skip
        self.layers += 1
        listed = [
            f"{name('its id')} AS id",
            f"{name('its outcome')} AS outcome",
            f"{name(GRADE)} AS grade",
            f"{name('its reason')} AS reason",
            f"{name('its treatment')} AS treatment",
            *terms,
            f"{name('its journey')} AS journey",
            f"{self._conditions()} AS conditions",
            f"{self._authority()} AS authority",
            f"{name(PD)} AS pd",
            f"{name(POINTS)} AS points",
            f"{self._text(self.compiled.digest)} AS digest",
            "propensity",
            "explored",
        ]
        return f"SELECT {', '.join(listed)}\nFROM ({inner}) AS l{self.layers}{self._fence}"

    def _conditions(self) -> str:
        """What an offer still waits for: no result of a check stands in a table."""
        journeys = [each.journey for each in self.program.menu]
        checks = [self._text(",".join(each.checks) if each else "") for each in journeys]
        offers = f"({self._text(APPROVE)}, {self._text(COUNTER_OFFER)})"
        outcome = self._name("its outcome")
        return f"CASE WHEN {outcome} IN {offers} THEN {self._by('treatment', checks)} ELSE '' END"

    def _by(self, place: str, texts: Sequence[str]) -> str:
        arms = " ".join(f"WHEN {k} THEN {each}" for k, each in enumerate(texts))
        return f"CASE {place} {arms} END"

    def _level(self, amount: str, exceptions: Mapping[str, str] | None = None) -> str:
        authority = self.compiled.authority
        if authority is None:
            return self._nothing()
        carried = dict.fromkeys((exceptions or {}).values(), "boolean")
        types = {"the amount": "number", GRADE: "string", "its product": "string", **carried}
        product = "its product" if "its product" in self.program.figures else None
        level = compile_expression(
            authority.as_expression("the amount", GRADE, product, exceptions), types
        ).sql(self.dialect)
        return f"({level.replace(self._name('the amount'), amount)})"

    def _person(self, place: str = "treatment") -> str:
        places = [str(k) for k, held in enumerate(self.compiled.by_person) if held]
        return f"{place} IN ({', '.join(places)})" if places else "FALSE"

    def _arms(self) -> list[tuple[str, str, str]]:
        """Condition, outcome and reason of every way a decision can end, first come first."""
        name, rules = self._name, self.compiled.document.rules
        null = self._nothing()
        doubt = name("its doubts")
        ends = [
            (f"{doubt} IS NOT NULL", REFER, self._first_word(doubt)),
            (f"{name(PD)} IS NULL", REFER, self._text(codes.NO_SCORE)),
        ]
        for rule in rules:
            held = f"{name('its rule')} = {self._text(rule.name)}"
            ends.append((held, rule.outcome, self._text(rule.reason)))
        ends.append((name("its gap"), REFER, self._text(codes.NO_TERMS)))
        if self.program.choice is not None:
            choice = name("its choice")
            ends += [
                (f"{choice} = {self._text(NOT_ELIGIBLE)}", REFER, self._text(codes.NOT_ELIGIBLE)),
                (f"{choice} = {self._text(NOTHING)}", DECLINE, null),
                (f"treatment = 0 OR {choice} IS NULL", REFER, null),
            ]
        ends += [("treatment = 0", DECLINE, null), (self._person(), REFER, null)]
        if self.compiled.authority is not None:
            above = f"{name('its level')} <> {self._text(SYSTEM)}"
            ends.append((above, REFER, self._text(codes.ABOVE_AUTHORITY)))
        months = f"FLOOR({name('its term_months')} + 0.5)"
        less = f"amount < {name('its amount')} OR months <> {months}"
        return [*ends, (less, COUNTER_OFFER, null)]

    def _first_word(self, column: str) -> str:
        if self.dialect == "spark":
            return f"SUBSTRING_INDEX({column}, ' ', 1)"
        if self.dialect == "sqlite":
            return f"SUBSTR({column}, 1, INSTR({column} || ' ', ' ') - 1)"
        return f"SPLIT_PART({column}, ' ', 1)"

    def _outcome(self) -> str:
        arms = " ".join(f"WHEN {c} THEN {self._text(outcome)}" for c, outcome, _ in self._arms())
        return f"CASE {arms} ELSE {self._text(APPROVE)} END"

    def _reason(self) -> str:
        arms = " ".join(f"WHEN {c} THEN {reason}" for c, _, reason in self._arms())
        return f"CASE {arms} ELSE {self._nothing()} END"

    def _authority(self) -> str:
        """Who signs: for offers by what is offered, for what a person decides by what is asked."""
        compiled, name = self.compiled, self._name
        if compiled.authority is None or compiled.lowest is None:
            return self._nothing()
        system, lowest = self._text(SYSTEM), self._text(compiled.lowest)

        def person(level: str) -> str:
            return f"CASE WHEN {level} = {system} THEN {lowest} ELSE {level} END"

        offered = f"treatment > 0 AND NOT ({self._person()})"
        return (
            f"CASE WHEN {name(GRADE)} IS NULL THEN {self._nothing()}"
            f" WHEN {name('its outcome')} = {self._text(DECLINE)} THEN {self._nothing()}"
            f" WHEN {name('its rule')} IS NOT NULL THEN {person(name('its ruled level'))}"
            f" WHEN {offered} THEN {name('its level')}"
            f" ELSE {person(name('its asked level'))} END"
        )


def _placed(at: int, name: str) -> str:
    """A name of its own for the field or feature at a place; PostgreSQL cuts long ones."""
    return f"{at} {name}"[: LONGEST - len("model ")]

"""Who signs, as columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from equipoise.authority import SYSTEM
from equipoise.expression import compile as compile_expression
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.decision import DECLINE
from equipoise.strategy.program import GRADE
from equipoise.strategy.runtimes.sql.rules import RULE
from equipoise.strategy.runtimes.sql.spelling import Spelling
from equipoise.value.compiled.sql import seconds

LEVEL, ASKED_LEVEL, RULED_LEVEL = "its level", "its asked level", "its ruled level"


class Signing:
    """Levels by the strategy's authority; none without one."""

    def __init__(
        self, compiled: Compiled, spelling: Spelling, exceptions: Mapping[str, str]
    ) -> None:
        self._spelling, self._exceptions = spelling, exceptions
        self._authority, self._lowest = compiled.authority, compiled.lowest
        self._by_person = [str(k) for k, held in enumerate(compiled.by_person) if held]
        named = "its product" in compiled.program.figures
        self._product = "its product" if named else None

    def columns(self) -> dict[str, str]:
        """Levels by what is given, by what was asked for, and the same with rules' codes."""
        asked = self._spelling.name("its amount")
        return {
            LEVEL: self._level("amount"),
            ASKED_LEVEL: self._level(asked),
            RULED_LEVEL: self._level(asked, self._exceptions),
        }

    def by_person(self, place: str = "treatment") -> str:
        """Whether a person decides in the journey of the treatment at a place."""
        return f"{place} IN ({', '.join(self._by_person)})" if self._by_person else "FALSE"

    def above(self) -> str | None:
        """Whether what is given is above the machine's authority; None where it may give all."""
        if self._authority is None:
            return None
        return f"{self._spelling.name(LEVEL)} <> {self._spelling.text(SYSTEM)}"

    def alone(self) -> list[str]:
        """Conditions that the machine may give the treatment, or the second best, by itself."""
        second, amount = seconds("treatment"), seconds("amount")
        conditions = [f"NOT ({self.by_person()}) AND NOT ({self.by_person(second)})"]
        if self._authority is not None:
            system = self._spelling.text(SYSTEM)
            conditions += [
                f"(treatment = 0 OR {self._level('amount')} = {system})",
                f"{self._level(amount)} = {system}",
            ]
        return conditions

    def signer(self, outcome: str) -> str:
        """Who signs: for offers by what is offered, for what a person decides by what is asked."""
        spelling, name, nothing = self._spelling, self._spelling.name, self._spelling.nothing
        if self._authority is None or self._lowest is None:
            return nothing
        system, lowest = spelling.text(SYSTEM), spelling.text(self._lowest)

        def person(level: str) -> str:
            return f"CASE WHEN {level} = {system} THEN {lowest} ELSE {level} END"

        offered = f"treatment > 0 AND NOT ({self.by_person()})"
        return (
            f"CASE WHEN {name(GRADE)} IS NULL THEN {nothing}"
            f" WHEN {name(outcome)} = {spelling.text(DECLINE)} THEN {nothing}"
            f" WHEN {name(RULE)} IS NOT NULL THEN {person(name(RULED_LEVEL))}"
            f" WHEN {offered} THEN {name(LEVEL)}"
            f" ELSE {person(name(ASKED_LEVEL))} END"
        )

    def signatures(self, outcome: str) -> str:
        """How many sign, where anybody does."""
        authority, name = self._authority, self._spelling.name
        if authority is None:
            return "0"
        asked, say = name("its amount"), authority.signatures_as_expression
        ruled = self._by_matrix(say, asked, self._exceptions)
        offered = f"treatment > 0 AND NOT ({self.by_person()})"
        return (
            f"CASE WHEN {name(GRADE)} IS NULL OR {name(outcome)} = {self._spelling.text(DECLINE)}"
            f" THEN 0 WHEN {name(RULE)} IS NOT NULL THEN {ruled}"
            f" WHEN {offered} THEN {self._by_matrix(say, 'amount')}"
            f" ELSE {self._by_matrix(say, asked)} END"
        )

    def _level(self, amount: str, exceptions: Mapping[str, str] | None = None) -> str:
        if self._authority is None:
            return self._spelling.nothing
        return self._by_matrix(self._authority.as_expression, amount, exceptions)

    def _by_matrix(
        self,
        say: Callable[..., str],
        amount: str,
        exceptions: Mapping[str, str] | None = None,
    ) -> str:
        """What `say` has the matrix answer on an amount, a column or an expression."""
        carried = dict.fromkeys((exceptions or {}).values(), "boolean")
        types = {"the amount": "number", GRADE: "string", "its product": "string", **carried}
        text = say("the amount", GRADE, self._product, exceptions)
        sql = compile_expression(text, types).sql(self._spelling.dialect)
        return f"({sql.replace(self._spelling.name('the amount'), amount)})"

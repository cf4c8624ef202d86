"""Exploring near ties in SQL, over the columns that the choice of a treatment gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from equipoise.expression import DialectName, literal, number
from equipoise.strategy.exploring.explorer import Explorer
from equipoise.strategy.exploring.split import draw_sql, threshold
from equipoise.strategy.runtimes.sql.layers import Layers
from equipoise.strategy.runtimes.sql.signing import Signing
from equipoise.strategy.runtimes.sql.spelling import Spelling
from equipoise.value.compiled.sql import TERMS, seconds


def explore(
    explorer: Explorer | None,
    spelling: Spelling,
    signing: Signing,
    keep: Sequence[str],
    layers: Layers,
) -> None:
    """The runner-up, where it is nearly as good and the lot falls on the applicant.

    `keep` are the columns that go through.
    """
    dialect, name = spelling.dialect, spelling.name
    if explorer is None:
        layers.add({"propensity": number(1.0, dialect), "explored": "FALSE"})
        return
    written = ExploringSql(explorer, dialect)
    applicant, tie = name("its id"), name("its tie")
    layers.add({"its tie": written.tie(applicant, signing.alone())})
    layers.add({"explored": written.falls(applicant, tie)})
    layers.select([*map(name, keep), *written.given(tie, "explored")])


@dataclass(frozen=True, slots=True)
class ExploringSql:
    """Writes who is tied, on whom the lot falls, and what they are given."""

    explorer: Explorer
    dialect: DialectName

    def tie(self, applicant: str, alone: Sequence[str]) -> str:
        """Whether the applicant (a column of ids) is near a tie; `alone` are conditions that the
        machine may give either treatment without a person."""
        within = number(self.explorer.within, self.dialect)
        near = [
            f"{applicant} IS NOT NULL AND {seconds('treatment')} > 0",
            f"net - {seconds('net')} <= {within}",
            *alone,
        ]
        return f"COALESCE({' AND '.join(near)}, FALSE)"

    def falls(self, applicant: str, tie: str) -> str:
        """Whether the lot falls on them."""
        lot = draw_sql(self.explorer.experiment, applicant, self.dialect)
        return f"({tie} AND {lot} < {literal(threshold(self.explorer.share), self.dialect)})"

    def given(self, tie: str, explored: str) -> list[str]:
        """What is given in the end, under the names of the choice's columns; and its chance."""
        swapped = [
            f"CASE WHEN {explored} THEN {seconds(each)} ELSE {each} END AS {each}"
            for each in ("treatment", "net", *TERMS)
        ]
        chances = (
            self.explorer.propensity(explored=True),
            self.explorer.propensity(explored=False),
            1.0,
        )
        lot, rest, certain = (number(each, self.dialect) for each in chances)
        chance = f"CASE WHEN {explored} THEN {lot} WHEN {tie} THEN {rest} ELSE {certain} END"
        return [*swapped, f"{chance} AS propensity", explored]

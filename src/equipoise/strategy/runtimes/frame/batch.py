"""Deciding a frame of applications: the same answers as one by one, to the bit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from equipoise.contract.facts.table import Source
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.intake import CHECKS
from equipoise.strategy.runtimes.frame.frame_pass import Pass
from equipoise.strategy.runtimes.frame.results import FrameResults
from equipoise.value.measures import MEASURES


class Batch:
    """A strategy over frames. It shares the program, the model and the valuer with `Compiled`."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled

    def over(
        self, frame: pl.DataFrame, at: date | None, file: str = "", first_row: int = 1
    ) -> Pass:
        """One frame on its way through the program."""
        return Pass(self.compiled, frame, at, file, first_row)

    def decide(
        self,
        frame: pl.DataFrame,
        *,
        at: date | None = None,
        file: str = "",
        first_row: int = 1,
    ) -> pl.DataFrame:
        """One row per application, in order: id, outcome, grade, reasons, offers, journey, ...

        Raises BadInput naming the row where the shape of an application is wrong.
        """
        one_pass = self.over(frame, at, file, first_row)
        return one_pass.answer().hstack(one_pass.extras)

    def records(self, frame: pl.DataFrame) -> Iterator[dict[str, Any]]:
        """The rows of a frame as applications that `Compiled.decide` reads."""
        contract, inputs = self.compiled.content.contract, self.compiled.program.inputs
        table = self.compiled.tables.read(frame.drop(CHECKS, strict=False), Source())
        own = {contract.id: table.ids, contract.date: table.days}
        typed = table.facts.select(list(inputs)).with_columns(
            values.alias(name)
            for name, values in own.items()
            if name and values is not None and name not in inputs
        )
        results = FrameResults.read(self.compiled.intake, frame, "", 1)
        for record, place in zip(typed.iter_rows(named=True), results.of.tolist(), strict=True):
            known = results.distinct[place]
            yield record if known is None else {**record, CHECKS: dict(known)}

    def valued(
        self, frame: pl.DataFrame, *, at: date | None = None, file: str = ""
    ) -> pl.DataFrame:
        """The answers of `decide`, each with its expected measures; of no treatment they are 0.

        `asked` is the amount asked for, `product` the product where the strategy names one.
        """
        run = self.over(frame, at, file)
        answers = run.answer()
        measures = run.found.measures
        known = {"asked": "its amount", "product": "its product"}
        return answers.with_columns(
            **{name: measures[:, at] for at, name in enumerate(MEASURES)},
            **{name: run.table[own] for name, own in known.items() if own in run.table.columns},
        )

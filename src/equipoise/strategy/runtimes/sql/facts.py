"""Facts by the one reading, the day of the decision, and doubts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from equipoise.contract.facts.sql import OWN_DAY, SqlReader
from equipoise.contract.facts.sql_engines import Sort
from equipoise.expression import DIALECTS
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.fact_checks import DAY, not_a_number
from equipoise.strategy.runtimes.sql.layers import Layers
from equipoise.strategy.runtimes.sql.spelling import Spelling

DOUBT = "its doubt"


@dataclass(frozen=True, slots=True)
class Source:
    """What a query decides: the rows of `table`, on the day `at`, without it on an application's
    own, else `otherwise`, which is today unless given. `sorts` says of which sort the columns of
    fields are, where that is known."""

    table: str
    at: date | None = None
    otherwise: date | None = None
    sorts: Mapping[str, Sort] = field(default_factory=dict)


def facts_of(compiled: Compiled, spelling: Spelling, source: Source) -> Layers:
    """The innermost layers: facts, the day, and the first doubt of a number; then the features."""
    contract, program = compiled.content.contract, compiled.program
    facts = {name: spelling.columns[name] for name in program.inputs}
    reader = compiled.edition.queries().of(contract, facts, spelling.dialect, source.sorts)
    fence = DIALECTS[spelling.dialect].fence
    layers = Layers(reader.layers(spelling.name(source.table), fence), spelling.dialect)
    day = _day(reader, None if contract.date is None else spelling.name(OWN_DAY), source)
    layers.add({DAY: day, DOUBT: _odd(compiled, spelling, reader.engine.nan())})
    for stage in program.facts:
        layers.add(spelling.named(stage))
    return layers


def _day(reader: SqlReader, own: str | None, source: Source) -> str:
    """The day of each decision: the one given, else the column of its own, else today."""
    day = reader.engine.day
    if source.at is None:
        today = reader.today() if source.otherwise is None else day(source.otherwise.isoformat())
        return today if own is None else f"COALESCE({own}, {today})"
    given = day(source.at.isoformat())
    # the own day is read even where it does not count: what cannot be read is refused
    return given if own is None else f"CASE WHEN {own} IS NULL THEN {given} ELSE {given} END"


def _odd(compiled: Compiled, spelling: Spelling, none: str) -> str:
    """Which number is none to decide by."""
    arms = " ".join(
        f"WHEN {spelling.name(spelling.columns[name])} = {none}"
        f" THEN {spelling.text(not_a_number(name))}"
        for name, kind in compiled.program.inputs.items()
        if kind in ("number", "integer")
    )
    return f"CAST({f'CASE {arms} END' if arms else 'NULL'} AS {spelling.string})"

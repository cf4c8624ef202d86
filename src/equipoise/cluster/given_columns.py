"""Which columns of a DataFrame a strategy reads, refused before any work where they do not fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from equipoise.contract.facts.names import FieldNames
from equipoise.contract.facts.table import EXTRA
from equipoise.strategy.intake import CHECKS

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from equipoise.strategy.engine import Strategy


@dataclass(frozen=True, slots=True)
class Given:
    """By field the column it stands in, where it has one; the columns kept beside the answers; and
    whether results of checks came along."""

    places: dict[str, str]
    beside: tuple[str, ...]
    checks: bool

    @property
    def columns(self) -> list[str]:
        """All that are read."""
        results = [CHECKS] if self.checks else []
        return list(dict.fromkeys([*self.places.values(), *self.beside, *results]))


def given_to(strategy: Strategy, applications: DataFrame) -> Given:
    """What the strategy reads of a DataFrame. Raises BadInput as the local engine does for a table
    with these columns."""
    _refuse_unfit(strategy, applications)
    contract, names = strategy.content.contract, applications.columns
    known = FieldNames.of(contract)
    wanted = [*strategy.compiled.program.inputs, contract.id, contract.date]
    places = {}
    for name in dict.fromkeys(each for each in wanted if each):
        place = known.place(contract.field(name), names, None)
        if place is not None:
            places[name] = place
    others = [name for name in names if name != CHECKS]
    kept = known.strangers(others, None, "column ") if contract.extra == "keep" else []
    return Given(places, tuple(kept), CHECKS in names)


def _refuse_unfit(strategy: Strategy, applications: DataFrame) -> None:
    """Decides nobody, by columns of these names and types."""
    import polars as pl
    from pyspark.sql.pandas.types import to_arrow_schema

    none = to_arrow_schema(applications.schema).empty_table()
    strategy.decide_frame(pl.DataFrame(pl.from_arrow(none)))


def kept_as(name: str) -> str:
    """What a column that is kept beside is called among the answers."""
    return EXTRA + name


def quoted(name: str) -> str:
    """A column's name as Spark's `select` reads it, whatever it is made of."""
    return "`" + name.replace("`", "``") + "`"

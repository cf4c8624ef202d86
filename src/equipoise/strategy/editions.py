"""Editions of sealed strategies: everything between the bytes and the answer that is not sealed.

How facts are read, named and checked, which day it is, how an expression is meant: a seal says by
which edition of all that it decides, and deciding and replaying take it from here. Where the next
change would give another answer, it gets an edition of its own beside this one, and what was
sealed before goes on as it was, to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from equipoise.contract import Contract
from equipoise.contract.facts import RecordReader
from equipoise.errors import BadInput
from equipoise.strategy.fact_checks import doubts

if TYPE_CHECKING:
    from equipoise.contract.facts import SqlReader, TableReader


@dataclass(frozen=True, slots=True)
class Edition:
    """How one edition reads an application, a table of them, and what makes a fact doubtful."""

    number: int
    records: type[RecordReader]
    tables: Callable[[], type[TableReader]]
    queries: Callable[[], type[SqlReader]]
    doubts: Callable[[Contract, Sequence[str]], list[str]]


# Reading tables and writing SQL is large, and who decides one by one does without it.
def _tables() -> type[TableReader]:
    from equipoise.contract.facts import TableReader

    return TableReader


def _queries() -> type[SqlReader]:
    from equipoise.contract.facts import SqlReader

    return SqlReader


CURRENT = 2
EDITIONS = {2: Edition(2, RecordReader, _tables, _queries, doubts)}


def edition_of(number: object) -> Edition:
    """The edition of that number. Raises BadInput for one that is not known here."""
    if isinstance(number, int) and number in EDITIONS:
        return EDITIONS[number]
    known = ", ".join(map(str, EDITIONS))
    raise BadInput(
        f"the strategy was sealed under edition {number!r:.20}, and this version decides by "
        f"edition {known}",
        field="edition",
        mend="seal it anew with `equipoise strategy upgrade SEALED --output FILE`"
        if number is None or (isinstance(number, int) and number < CURRENT)
        else "use the version of Equipoise that sealed it, or a later one",
    )

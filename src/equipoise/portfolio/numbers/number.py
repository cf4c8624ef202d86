"""Which number of a measured book is meant, and what a query of it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "open", "late", "vintage", "ever_bad", "roll", "move", "stage", "allowance", "lifetime",
    "capital", "grade", "concentration", "largest", "limit", "price", "gap", "worth", "income",
    "shock", "prepaid", "left_out", "faults",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
TableName = Literal["book", "terms", "rates", "prices", "faults"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number, or those that stand in one row. `of` and `at` say which of its kind: the vintage
    and its month on book, the states from and to, the stage, the grade, the dimension and
    its name, the limit and its name, the bucket of time, the shock."""

    kind: Kind
    of: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """SQL over one table: `sql` gives the number in one row, `rows` what it is counted from,
    ordered. DuckDB and PostgreSQL read both alike."""

    table: TableName
    sql: str
    rows: str

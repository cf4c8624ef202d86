"""The one reading of facts: one value, one record, a column, a table and a database's columns.

`grammar` says what text means; `value` and `column` read by it, one by one and as a table; `record`
and `table` read whole applications. Nothing else in the project turns what was given into a fact.
"""

from equipoise.contract.facts.column import DTYPES, Cast, as_plain, cast_column
from equipoise.contract.facts.record import RecordReader
from equipoise.contract.facts.sql import SqlReader
from equipoise.contract.facts.table import Table, TableReader
from equipoise.contract.facts.value import value_reader

__all__ = [
    "DTYPES",
    "Cast",
    "RecordReader",
    "SqlReader",
    "Table",
    "TableReader",
    "as_plain",
    "cast_column",
    "value_reader",
]

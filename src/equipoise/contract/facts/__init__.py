"""The one reading of facts: one value, one record, a column, a table and a database's columns.

`grammar` says what text means; `value` and `column` read by it, one by one and as a table; `record`
and `table` read whole applications. Nothing else in the project turns what was given into a fact.
"""

from equipoise.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)

"""From a number of a measured book to the query that gives it, and the rows behind it.

`tables` are what is asked: a row for each loan and month, and one for each open loan with the terms
of its losses and capital. `queries` are SQL over them, made of what was measured alone; `figures`
is what was measured; `asking` runs a query in DuckDB.
"""

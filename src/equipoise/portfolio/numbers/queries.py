"""The query of every number."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from equipoise.portfolio.numbers import of_book, of_faults, of_names, of_rates, of_terms
from equipoise.portfolio.numbers.figures import figures_of
from equipoise.portfolio.numbers.number import Kind, Number, Query
from equipoise.portfolio.numbers.of_book import Measured
from equipoise.portfolio.tape.book import STATES

_QUERIES: Mapping[Kind, Callable[[Measured, Number], Query]] = {
    "open": of_book.open_now,
    "late": of_book.late,
    "vintage": of_book.vintage,
    "ever_bad": of_book.ever_bad,
    "roll": of_book.roll,
    "move": of_book.move,
    "stage": of_terms.stage,
    "allowance": of_terms.allowance,
    "lifetime": of_terms.lifetime,
    "capital": of_terms.capital,
    "grade": of_terms.grade,
    "concentration": of_names.concentration,
    "largest": of_names.largest,
    "limit": of_names.limit,
    "price": of_names.price,
    "gap": of_rates.gap,
    "worth": of_rates.worth,
    "income": of_rates.income,
    "shock": of_rates.shock,
    "prepaid": of_rates.prepaid,
    "left_out": of_rates.left_out,
    "faults": of_faults.told,
}


def query_of(measured: Measured, number: Number) -> Query:
    """The query that gives a number of a measured book, one of its `figures_of`."""
    return _QUERIES[number.kind](measured, number)


def named_queries(measured: Measured) -> list[dict[str, str]]:
    """The query of every number, and of two matrices a part: the newest cell of each vintage, and
    the moves of loans that are not late."""
    numbers = list(figures_of(measured))
    newest = {each.of: each for each in numbers if each.kind == "vintage"}
    return [
        {"number": each.kind, "of": each.of, "at": each.at, "query": query_of(measured, each).sql}
        for each in numbers
        if (each.kind != "vintage" or newest[each.of] == each)
        and (each.kind != "move" or each.of == STATES[0])
    ]

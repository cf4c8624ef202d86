"""The past that a link rests on: the economy's, and what share of the book defaulted then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.portfolio import STATES, Book, MacroPath, quarter_text

_DEFAULT = STATES.index("91+")
_REPAID = STATES.index("repaid")
_MONTHS = 3
_LEAST_LOANS = 100  # at risk in each month of a quarter, for its rate to say something


def economy(paths: Sequence[MacroPath], names: Mapping[str, str]) -> MacroPath:
    """The past as one path over the quarters that all files tell, under the scenarios' names.

    Raises BadInput where they have no quarter in common, or tell one variable twice.
    """
    renamed = [replace(e, names=tuple(names.get(n, n) for n in e.names)) for e in paths]
    first = max(int(each.quarters[0]) for each in renamed)
    last = min(int(each.quarters[-1]) for each in renamed)
    if first > last:
        raise BadInput("the files of the past have no quarter in common", field="history")
    every = [name for each in renamed for name in each.names]
    twice = {name for name in every if every.count(name) > 1}
    if twice:
        raise BadInput(
            f"'{min(twice)}' is told by two files of the past",
            field="history",
            mend="leave one of them out, or call one otherwise under `names`",
        )
    rows = [each.values[(each.quarters >= first) & (each.quarters <= last)] for each in renamed]
    quarters = np.arange(first, last + 1, dtype=np.int64)
    return MacroPath("history", quarters, tuple(every), np.hstack(rows))


def default_rates(book: Book, quarters: IntArray) -> FloatArray:
    """What share of loans not in default came to default in each quarter (T,); NaN where the tape
    has not all of its moves, or fewer than 100 loans in a month.

    Of a tape of quarters a rate is of the quarter that most of its months lie in. One of half years
    or years has none: it does not say in which quarter a loan came to default.
    """
    rates = np.full(quarters.size, np.nan)
    step, first = book.step, book.first_month
    if step > _MONTHS:
        return rates
    span = (book.last_month - first) // step + 1
    same = (book.loan[1:] == book.loan[:-1]) & (book.month[1:] == book.month[:-1] + step)
    known = (book.state[:-1] >= 0) & (book.state[1:] >= 0)
    at_risk = same & known & (book.state[:-1] < _DEFAULT)
    new = at_risk & (book.state[1:] >= _DEFAULT) & (book.state[1:] < _REPAID)
    into = (book.month[1:] - first) // step
    of = np.bincount(into[at_risk], minlength=span).astype(np.float64)
    bad = np.bincount(into[new], minlength=span).astype(np.float64)
    by_step = np.divide(bad, of, out=np.full(span, np.nan), where=of >= _LEAST_LOANS)
    steps = _MONTHS // step
    for place, quarter in enumerate(quarters):
        at = -(-(int(quarter) * _MONTHS + step // 2 - first) // step)
        if at >= 0 and at + steps <= span:
            rates[place] = 1 - np.prod(1 - by_step[at : at + steps])
    return rates


def other_rates(path: MacroPath, quarters: IntArray) -> FloatArray:
    """Rates of others in per cent as shares, for the quarters asked for; NaN where it has none.

    Raises BadInput where the file holds more than one series, or no share.
    """
    if len(path.names) != 1:
        raise BadInput("a file of rates holds one series", field="rates.file")
    shares = path.values[:, 0] / 100
    wrong = np.flatnonzero(~((shares >= 0) & (shares < 1)) & ~np.isnan(shares))
    if wrong.size:
        raise BadInput(
            f"{path.values[wrong[0], 0]:g} in {quarter_text(int(path.quarters[wrong[0]]))} "
            "is no rate in per cent",
            field="rates.file",
        )
    known = dict(zip(path.quarters.tolist(), shares.tolist(), strict=True))
    return np.array([known.get(int(each), np.nan) for each in quarters])

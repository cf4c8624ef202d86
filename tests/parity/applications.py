"""Applications to the corner lender: drawn at random, with what edges and engines trip over."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

from corner_lender import TODAY
from hypothesis import strategies as st

Application = dict[str, Any]

_sound: dict[str, st.SearchStrategy[Any]] = {
    "applied_on": st.just(TODAY),
    "amount": st.floats(500, 50000),
    "term": st.sampled_from([6, 12, 36, 48, 84]),
    "income": st.floats(500, 20000),
    "dti": st.floats(0, 0.6),
    "score": st.floats(300, 850),
    "score_date": st.integers(-30, 0).map(lambda days: TODAY + timedelta(days=days)),
    "employment": st.sampled_from(["permanent", "temporary", "own"]),
    "on_sick_leave": st.sampled_from([False, None]),
}
_odd: dict[str, st.SearchStrategy[Any]] = {
    "applied_on": st.just(date(2025, 12, 31)),
    "amount": st.sampled_from([500.0, 8000.0, 10000.0, 30000.0, 50000.0, 50000.01]),
    "term": st.sampled_from([85, 7]),
    "income": st.sampled_from([0.0, 5e-324, 1e300, math.nan, 3000.0, -1.0]),
    "dti": st.sampled_from(
        [None, -1.0, -0.0, 0.3, 0.5, 0.6, 3.0, 3.0000000000000004, math.nan, math.inf]
    ),
    "score": st.sampled_from([None, 499.99999999999994, 500.0, 700.0, 299.0]),
    "score_date": st.one_of(
        st.none(), st.sampled_from([TODAY - timedelta(days=31), TODAY + timedelta(days=3)])
    ),
    "employment": st.one_of(st.none(), st.sampled_from(["Own", "d'or", "", "own "])),
    "on_sick_leave": st.just(True),
}


@st.composite
def applications(draw: st.DrawFn) -> Application:
    """A sound application with none, one or two odd facts."""
    odd = draw(st.sets(st.sampled_from(sorted(_odd)), max_size=2))
    return {name: draw((_odd if name in odd else _sound)[name]) for name in _sound}


def numbered(records: list[Application]) -> list[Application]:
    """The same under ids."""
    return [{"application_id": f"a{at}", **record} for at, record in enumerate(records)]

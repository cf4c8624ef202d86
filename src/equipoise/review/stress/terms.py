"""What a scenario's odds of default are made of: for each quarter the figures of the economy that
count in it, with their place in the scenario's file."""

from __future__ import annotations

import numpy as np

from equipoise.documents import Document
from equipoise.portfolio import Driver, MacroPath, quarter_text
from equipoise.review.stress.links import FactorLink, SatelliteLink, quarter_before


class Term(Document):
    """A driver in a quarter of a scenario: its `value`, told for `quarter` in the `row` of the
    scenario's file (None: by the past), and `before`, the one that counts for the last quarter
    before the scenario. Of a satellite it `adds` its slope times their difference to the log-odds;
    of one factor nothing adds up by itself (None)."""

    driver: str
    quarter: str
    row: int | None = None
    value: float
    before: float
    adds: float | None = None


def terms_of(link: SatelliteLink | FactorLink, path: MacroPath) -> tuple[tuple[Term, ...], ...]:
    """(Q,) of a scenario as it is written: a term for each driver."""
    model = link.model if isinstance(link, SatelliteLink) else None
    drivers = model.drivers if model else link.drivers if isinstance(link, FactorLink) else ()
    lags = model.lags if model else (0,) * len(drivers)
    slopes = model.slopes if model else (None,) * len(drivers)
    columns = [
        _terms(each, path, link.history, lag, slope)
        for each, lag, slope in zip(drivers, lags, slopes, strict=True)
    ]
    return tuple(zip(*columns, strict=True))


def _terms(
    driver: Driver, path: MacroPath, history: MacroPath, lag: int, slope: float | None
) -> list[Term]:
    now = quarter_before(history, path)
    whole = np.r_[history.series(driver.name)[: now + 1], path.series(driver.name)]
    before = float(whole[now - lag])
    terms = []
    for at in range(path.quarters.size):
        there, value = at - lag, float(whole[now + 1 + at - lag])
        terms.append(
            Term(
                driver=driver.name,
                quarter=quarter_text(int(path.quarters[0]) + there),
                row=path.rows[there] if there >= 0 and path.rows else None,
                value=value,
                before=before,
                adds=None if slope is None else slope * (value - before),
            )
        )
    return terms

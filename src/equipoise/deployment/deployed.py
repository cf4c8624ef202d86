"""A population as the sealed strategy sees it: its own PDs, prices, eligibility and rules."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import polars as pl
from numpy.typing import NDArray

from equipoise.strategy.engine import Strategy
from equipoise.strategy.frame_pass import Pass, arguments
from equipoise.strategy.program import WORDS
from equipoise.value.measures import Measures
from equipoise.value.population import Population

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Deployed:
    """What the strategy can do with each applicant that its rules leave open.

    `rows` are positions in the frame; `table` is (rows, treatments), as valued live; `allowed`
    likewise; `part` the applications with everything that conditions read, under the names they
    read it by.
    """

    rows: NDArray[np.int64]
    table: Measures
    allowed: BoolArray
    part: pl.DataFrame

    def of_choice(self, choice: NDArray[np.integer]) -> Measures:
        """The measures of one treatment each, (rows,)."""
        at = np.arange(len(choice))
        names = [each.name for each in fields(Measures)]
        return Measures(**{name: getattr(self.table, name)[at, choice] for name in names})


def deployed(strategy: Strategy, applications: pl.DataFrame, lgd: pl.Series) -> Deployed:
    """Run the strategy up to its choice on checked applications, and value every treatment.

    `lgd` is what the fit found for each application.
    """
    known = {field.name for field in strategy.content.contract.fields}
    own = applications.select(name for name in applications.columns if name in known)
    run = Pass(strategy.live, own, None, "", 1)
    rows = run.open_rows()
    part = run.table[rows]
    allowed, _ = run.allowed(rows, part)
    pd, its_lgd, amount, months, income, apr = arguments(part)
    people = Population(
        pd=pd,
        seen_pd=pd,
        lgd=its_lgd,
        amount=amount,
        months=months,
        income=income,
        apr=apr,
        instalment=np.zeros_like(pd),
        today=np.zeros(rows.size, dtype=np.intp),
        eligible=allowed,
    )
    others = [name for name in applications.columns if name not in part.columns]
    whole = part.with_columns(applications[rows].select(others)) if others else part
    words = {word: part[name] for word, name in WORDS.items()}
    whole = whole.with_columns(lgd=lgd.gather(rows), **words)
    return Deployed(rows, strategy.live.valuer.table(people), allowed, whole)

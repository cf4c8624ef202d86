"""A population as the sealed strategy sees it: its own PDs, prices, eligibility and rules."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import polars as pl
from numpy.typing import NDArray

from equipoise.numeric.arrays import BoolArray
from equipoise.strategy.engine import Strategy
from equipoise.strategy.program import WORDS
from equipoise.strategy.runtimes.frame.cases import arguments
from equipoise.value.measures import Measures
from equipoise.value.model import ValueModel
from equipoise.value.population import Population


@dataclass(frozen=True, slots=True)
class Deployed:
    """What the strategy can do with each applicant that its rules leave open.

    `rows` are positions in the frame; `table` is (rows, treatments), as valued live, and `own` as
    the balance values them; `allowed` likewise; `part` the applications with everything that
    conditions read, under the names they read it by. `same_model` tells whether the strategy scores
    with the model that the balance rests on.
    """

    rows: NDArray[np.int64]
    table: Measures
    own: Measures
    allowed: BoolArray
    part: pl.DataFrame
    same_model: bool

    @property
    def held(self) -> tuple[Measures, ...]:
        """The tables by which a limit has to hold: with a model of its own, a strategy can only
        hold what it scores itself.
        """
        return (self.table, self.own) if self.same_model else (self.table,)

    def of_choice(self, choice: NDArray[np.integer]) -> Measures:
        """The measures of one treatment each as valued live, (rows,)."""
        return _chosen(self.table, choice)

    def own_of_choice(self, choice: NDArray[np.integer]) -> Measures:
        """The measures of one treatment each as the balance values them, (rows,)."""
        return _chosen(self.own, choice)


def _chosen(table: Measures, choice: NDArray[np.integer]) -> Measures:
    at = np.arange(len(choice))
    names = [each.name for each in fields(Measures)]
    return Measures(**{name: getattr(table, name)[at, choice] for name in names})


def deployed(
    strategy: Strategy,
    applications: pl.DataFrame,
    lgd: pl.Series,
    own: tuple[ValueModel, Population],
    *,
    same_model: bool,
) -> Deployed:
    """Run the strategy up to its choice on checked applications, and value every treatment.

    `lgd` is what the fit found for each application; `own` the balance's model and its people, in
    the same order. The strategy scores by the model that was fitted on everybody and takes today's
    checks as one shift; the balance uses each applicant's PD out of fold, before their own checks.
    """
    known = {field.name for field in strategy.content.contract.fields}
    facts = applications.select(name for name in applications.columns if name in known)
    undecided = strategy.frame.undecided(facts)
    rows, part, allowed = undecided.rows, undecided.part, undecided.allowed
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
    model, everybody = own
    return Deployed(
        rows=rows,
        table=strategy.compiled.valuer.table(people),
        own=_in_order(model.table(everybody.rows(rows)), model, strategy),
        allowed=allowed,
        part=whole,
        same_model=same_model,
    )


def _in_order(table: Measures, model: ValueModel, strategy: Strategy) -> Measures:
    """The columns of the balance's table in the order of the strategy's menu."""
    places = [each.name for each in model.menu]
    order = [places.index(each.name) for each in strategy.compiled.program.menu]
    if order == list(range(len(places))):
        return table
    names = [each.name for each in fields(Measures)]
    return Measures(**{name: getattr(table, name)[:, order] for name in names})

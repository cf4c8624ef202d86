"""What was found of each row as the columns of an answer."""

from __future__ import annotations

import numpy as np
import polars as pl

from equipoise.strategy.answer import answer_schema
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.decision import ASK_FOR_MORE, OUTCOMES
from equipoise.strategy.program import GRADE, PD, POINTS
from equipoise.strategy.runtimes.frame.answers import CODE, NONE, lists, offers
from equipoise.strategy.runtimes.frame.cases import Cases
from equipoise.strategy.runtimes.frame.owing import conditions


def answers_of(compiled: Compiled, cases: Cases) -> pl.DataFrame:
    """One row each, in order, with the columns of `answer_schema`."""
    answers, menu = cases.answers, compiled.program.menu
    names = pl.Series([each.name for each in menu], dtype=pl.String)
    journeys = pl.Series(
        [each.journey.name if each.journey else None for each in menu], dtype=pl.String
    )
    place = pl.Series(answers.treatment)
    treatment = pl.select(pl.when(place >= 0).then(place)).to_series()
    asked = pl.Series(np.where(answers.outcome == CODE[ASK_FOR_MORE], cases.next, NONE))
    step = pl.select(pl.when(asked != NONE).then(asked)).to_series()
    columns = {
        "id": cases.ids,
        "outcome": pl.Series(list(OUTCOMES)).gather(answers.outcome),
        "grade": cases.table[GRADE],
        "reasons": lists(answers.words, answers.reasons),
        "offers": offers(names, answers),
        "journey": journeys.gather(treatment),
        "conditions": conditions([*compiled.conditions], menu, cases),
        "authority": answers.level,
        "signatures": answers.signatures,
        "digest": pl.repeat(compiled.digest, cases.rows, eager=True),
        "treatment": names.gather(treatment),
        "pd": cases.table[PD],
        "points": cases.table[POINTS],
        "propensity": answers.propensity,
        "explored": answers.explored,
        "next_check": pl.Series(cases.steps, dtype=pl.String).gather(step),
    }
    schema = answer_schema()
    return pl.DataFrame({name: columns[name] for name in schema}, schema=schema)

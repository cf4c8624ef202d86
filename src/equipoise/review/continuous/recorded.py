"""A lender's applicants as a record of decisions tells them: their facts, and what they were given.

A history says in columns of its own what today's policy gives; a record says it with each decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from equipoise.contract import Contract
from equipoise.contract.facts import cast_column
from equipoise.documents import Loaded
from equipoise.expression import compile as compile_expression
from equipoise.review.applicants import applicants_of
from equipoise.review.continuous.situation import Situation
from equipoise.value.treatments import TreatmentsDocument

TREATMENT, APR, ACTED = "recorded_treatment", "recorded_apr", "recorded_checks_acted"
_TYPES = {TREATMENT: "string", APR: "number", ACTED: "boolean"}


@dataclass(frozen=True, slots=True)
class Treated:
    """An application that was decided: its facts as they were sent, the treatment's name on the
    menu, and the APR that prices are relative to, a fraction a year."""

    facts: Mapping[str, Any]
    treatment: str
    apr: float


def of_record(history: Situation, contract: Contract, treated: Sequence[Treated]) -> Situation:
    """The same lender, with the applicants of a record in place of its history's.

    Those whose treatment is not on the menu any more are left out. Checks had acted on the outcomes
    that the models were fitted on as often as the history says.
    """
    return replace(
        history,
        facts=recorded_facts(history, contract, treated),
        types={**history.types, **_TYPES},
        treatments=reading_record(history.treatments),
    )


def recorded_facts(
    history: Situation, contract: Contract, treated: Sequence[Treated]
) -> pl.DataFrame:
    """The applicants' facts as the lender's contract reads them, and what they were given; columns
    that no record holds, such as outcomes, are empty."""
    menu = {each.name for each in history.treatments.value.menu()}
    known = [each for each in treated if each.treatment in menu]
    given = applicants_of(contract, [each.facts for each in known]).frame if known else None
    columns = [
        _column(given, contract, name, dtype, len(known))
        for name, dtype in history.facts.schema.items()
    ]
    acted = np.arange(len(known)) < round(
        _share_acted(history) * len(known)
    )  # only its mean counts
    return pl.DataFrame(
        [
            *columns,
            pl.Series(TREATMENT, [each.treatment for each in known], pl.String),
            pl.Series(APR, [each.apr for each in known], pl.Float64),
            pl.Series(ACTED, acted, pl.Boolean),
        ]
    )


def reading_record(menu: Loaded[TreatmentsDocument]) -> Loaded[TreatmentsDocument]:
    """The menu, with what today's policy gives read from a record's columns."""
    columns = {"today": TREATMENT, "apr": APR, "checks_acted": ACTED}
    applicant = menu.value.applicant.model_copy(update=columns)
    return replace(menu, value=menu.value.model_copy(update={"applicant": applicant}))


def is_recorded(situation: Situation) -> bool:
    """Whether its applicants are a record's."""
    return TREATMENT in situation.types


def _column(
    given: pl.DataFrame | None, contract: Contract, name: str, dtype: pl.DataType, height: int
) -> pl.Series:
    field = contract.field(name)
    if given is not None:
        for column in (field.name, field.column):
            if column in given.columns:
                return cast_column(given[column], field, contract.time_zone).value.alias(name)
    return pl.Series(name, [None] * height, dtype)


def _share_acted(history: Situation) -> float:
    text = history.treatments.value.applicant.checks_acted
    if text is None or history.facts.is_empty():
        return 1.0
    where = history.treatments.span("applicant", "checks_acted")
    expression = compile_expression(text, history.types, where=where)
    acted = history.facts.select(expression.polars().cast(pl.Float64).mean()).item()
    return 1.0 if acted is None else float(acted)

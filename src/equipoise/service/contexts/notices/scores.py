"""The credit scores that were used in a decision, as `lender.yaml` says which facts those are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from equipoise.contract import Contract
from equipoise.errors import BadInput
from equipoise.letters import Score
from equipoise.service.contexts.decisions.reading import DecisionView
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS
from equipoise.service.contexts.notices.lender import FILE, Lender, ScoreSection
from equipoise.service.contexts.registry.reading import loaded


def scores_used(
    decision: DecisionView, lender: Lender, language: str, bought: bool
) -> tuple[Score, ...]:
    """Those that the strategy read and that were there; `bought` says that facts of a bureau were
    used.

    Raises BadInput where a score lacks its day or its factors, and where facts of a bureau were
    used and nobody said which of them are a score.
    """
    if lender.scores is None:
        if not bought:
            return ()
        raise BadInput(
            f"{FILE} does not say which facts are an agency's credit score",
            field="scores",
            mend="list them under `scores`, or write `scores: []` where there are none",
        )
    strategy = loaded(decision.row.digest)
    facts: Mapping[str, Any] = decision.parts_for(FOR_APPLICANTS).sealed["application"]
    read = strategy.compiled.intake.read(facts).facts
    used = [
        each
        for each in lender.scores
        if each.field in strategy.compiled.program.inputs and read.get(each.field) is not None
    ]
    contract = strategy.content.contract
    return tuple(
        _score(each, {**facts, each.field: read[each.field]}, contract, language) for each in used
    )


def _score(
    asked: ScoreSection, facts: Mapping[str, Any], contract: Contract, language: str
) -> Score:
    as_of = {each.name: each.as_of for each in contract.fields}[asked.field]
    made_on = facts.get(asked.date or as_of or "")
    codes = [facts.get(name) for name in asked.factors]
    factors = tuple(asked.factor(str(code), language) for code in codes if code not in (None, ""))
    if made_on is None or not factors:
        what = "the day it was made" if made_on is None else "the factors that lowered it"
        raise BadInput(
            f"the score '{asked.field}' was used, and {what} is not known",
            field=asked.field,
            mend=f"have the contract hold it, in the fields that {FILE} names",
        )
    return Score(
        value=float(facts[asked.field]),
        lowest=asked.lowest,
        highest=asked.highest,
        on=made_on if isinstance(made_on, date) else date.fromisoformat(str(made_on)),
        agency=asked.made_by(language),
        factors=factors,
    )

"""`learn`: what would teach most about the balance that was found."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from equipoise.balance.limits import Masks
from equipoise.balance.problem import Infeasible
from equipoise.balance.result_document import BalanceResult
from equipoise.balance.search import Asked, InMemory
from equipoise.errors import BadInput, Span
from equipoise.files import write_json
from equipoise.progress import Progress, Silent
from equipoise.review.learning import Flow, Stand, learn
from equipoise.review.learning.priors import Correlations
from equipoise.review.learning.ranking import DRAWS, By
from equipoise.review.learning.result_document import LearningResult, learning_result
from equipoise.value.population import read_population
from equipoise.workspace.balance_inputs import BalanceInputs, read_balance_inputs
from equipoise.workspace.building import recover
from equipoise.workspace.folder import Workspace
from equipoise.workspace.results import CHOICES, LEARNING, read_balance

_DAYS_A_MONTH = 365 / 12


def learn_workspace(
    workspace: Workspace,
    *,
    per_day: float | None = None,
    share: float | None = None,
    by: By = "promise",
    count: int = DRAWS,
    seed: int = 0,
    correlated: Correlations | None = None,
    progress: Progress | None = None,
) -> LearningResult:
    """Rank the assumptions of the workspace's balance and keep the answer in build/learning.json.

    `per_day`, the lender's applications a day, is counted in the data where the contract has a
    date. Raises BadInput where there is no balance, it is older than its files, or the flow cannot
    be told.
    """
    steps = progress or Silent()
    recover(workspace)
    balance = read_balance(workspace)
    inputs = read_balance_inputs(workspace, steps)
    flow = _flow(inputs, per_day, share)
    stand = stand_of(workspace, inputs, balance)
    learnt = learn(
        stand, flow, by=by, count=count, seed=seed, correlated=correlated, progress=steps
    )
    result = learning_result(learnt, workspace.name, inputs.contract.currency)
    write_json(workspace.build / LEARNING, result.as_dict())
    return result


def rank_workspace(
    workspace: Workspace,
    *,
    per_day: float | None = None,
    by: By = "promise",
    count: int = DRAWS,
    progress: Progress | None = None,
) -> LearningResult:
    """Rank the assumptions of a workspace that is fitted, whether or not it was balanced: the move
    at today's risk is found first. Writes nothing.

    The loss budget is today's, without the cut against the optimiser's curse. Raises BadInput where
    it is not fitted, and Infeasible where the appetite cannot be met.
    """
    steps = progress or Silent()
    inputs = read_balance_inputs(workspace, steps)
    flow = _flow(inputs, per_day, None)
    applications, types = inputs.applications.drop("row"), inputs.types
    people = read_population(inputs.treatments, applications, types, inputs.experience)
    asked = Asked(inputs.model(), people, Masks(applications, types), inputs.appetite)
    with steps.step("Finding the recommended moves"):
        search = InMemory(asked)
        today = search.today.totals()
        try:
            move = search.same_risk(today[asked.axes.x], today[asked.axes.y])
        except Infeasible as error:
            raise search.as_written(error) from None
    learnt = learn(Stand(asked, move.choice), flow, by=by, count=count, progress=steps)
    return learning_result(learnt, workspace.name, inputs.contract.currency)


def stand_of(workspace: Workspace, inputs: BalanceInputs, balance: BalanceResult) -> Stand:
    """What the recommended move stands on. Raises BadInput where the choices are not those."""
    applications, types = inputs.applications.drop("row"), inputs.types
    people = read_population(inputs.treatments, applications, types, inputs.experience)
    model = inputs.model()
    names = [each.name for each in model.menu]
    path = workspace.build / CHOICES
    choices = pl.read_parquet(path) if path.exists() else pl.DataFrame()
    if not choices.height or not choices["row"].equals(inputs.scored["row"]):
        raise BadInput(
            "what the balance chose for each applicant is not there",
            where=Span(str(path)),
            mend=f"run `equipoise balance {workspace.folder}` again",
        )
    chosen = choices["recommended"].replace_strict(
        names, list(range(len(names))), return_dtype=pl.Int64
    )
    curse = balance.curse
    return Stand(
        Asked(model, people, Masks(applications, types), inputs.appetite),
        chosen.to_numpy().astype(np.intp),
        curse.budget / curse.today if curse.today else 1.0,
    )


def _flow(inputs: BalanceInputs, per_day: float | None, share: float | None) -> Flow:
    given = per_day if per_day is not None else _counted(inputs)
    window = inputs.window_months * _DAYS_A_MONTH
    if share is None:
        return Flow(given, window_days=window)
    return Flow(given, share=share, window_days=window)


def _counted(inputs: BalanceInputs) -> float:
    """Applications a day in the data, with those that have no PD."""
    field = inputs.contract.date
    days = None if field is None else inputs.facts[field].drop_nulls()
    first, last = (None, None) if days is None or not days.len() else (days.min(), days.max())
    if not isinstance(first, date) or not isinstance(last, date) or first == last:
        raise BadInput(
            "nothing says how many applications come in a day",
            field="--per-day",
            mend="give --per-day, or name the applications' `date` in contract.yaml",
        )
    return (inputs.facts.height + inputs.unscored) / ((last - first).days + 1)

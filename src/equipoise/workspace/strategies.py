"""A workspace's strategy: read, put together with its models, sealed into a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from equipoise.contract import Contract, TableLayout
from equipoise.documents import Loaded, read_document
from equipoise.errors import BadInput, Span
from equipoise.experience import ExperienceFit
from equipoise.progress import Progress
from equipoise.risk import RiskFit, load_risk
from equipoise.strategy.asking import asking_figures
from equipoise.strategy.checks import StrategyCheck, check_strategy
from equipoise.strategy.content import Content, model_part
from equipoise.strategy.document import StrategyDocument
from equipoise.strategy.estimating.learning import learn
from equipoise.strategy.program import build
from equipoise.strategy.sealing import Sealed, seal
from equipoise.value.compiled import figures_of
from equipoise.value.model import ValueModel, value_model
from equipoise.workspace.balance_inputs import ASSUMED_WINDOW
from equipoise.workspace.building import recover
from equipoise.workspace.fitting import EXPERIENCE_FILE, POPULATION, RISK_FOLDER
from equipoise.workspace.folder import Workspace
from equipoise.workspace.results import read_fit

STRATEGY = "strategy.yaml"
SEALED_FOLDER = "sealed"
SHORT = 12


def read_strategy(workspace: Workspace) -> Loaded[StrategyDocument]:
    """strategy.yaml. Raises BadInput or Faults with file, line, field and mend."""
    path = workspace.folder / STRATEGY
    if not path.is_file():
        raise BadInput(
            "there is no strategy.yaml",
            where=Span(str(path)),
            mend="write one, or let `equipoise strategy from-frontier` write it",
        )
    return read_document(path, StrategyDocument)


def fitted_parts(workspace: Workspace) -> tuple[RiskFit, ExperienceFit]:
    """The fitted models. Raises BadInput where the workspace is not fitted, or changed since."""
    recover(workspace)
    read_fit(workspace)
    risk = load_risk(workspace.build / RISK_FOLDER)
    return risk, ExperienceFit.load(workspace.build / EXPERIENCE_FILE)


def workspace_values(workspace: Workspace, risk: RiskFit, experience: ExperienceFit) -> ValueModel:
    """The value model that the workspace's treatments, fit and journey make."""
    return value_model(
        workspace.treatments(),
        experience,
        float(risk.window_months or ASSUMED_WINDOW.value),
        (risk.price_response, risk.burden_response),
        {"lgd": risk.lgd},
    )


def _habits(contract: Contract) -> TableLayout | None:
    habits = contract.layout.habits if contract.layout else None
    return habits if habits != TableLayout() else None


def strategy_content(
    workspace: Workspace, document: StrategyDocument, risk: RiskFit, experience: ExperienceFit
) -> Content:
    """Everything the strategy needs to decide, from the workspace's files alone."""
    model = workspace_values(workspace, risk, experience)
    contract = workspace.contract().value
    used = document.model
    part = model_part(risk, used)
    return Content(
        strategy=document,
        # where the data stand differs between machines, and no decision reads them; other files of
        # the same program are read by its habits
        contract=contract.model_copy(update={"data": "", "layout": _habits(contract)}),
        treatments=workspace.treatments().value,
        model=part,
        model_features=_features(risk, used),
        types=dict(risk.types),
        grades=risk.grades.as_dict(),
        concepts=dict(risk.concepts),
        reference=risk.references[used].as_dict(),
        lgd=float(risk.lgd.value),
        window_months=model.window_months,
        figures=figures_of(model, document.checks_shift).as_dict(),
        checks=_checks(experience),
        wording=workspace.experience().value.wording(),
        cautions=tuple(risk.validation.get("cautions", ())),
        asking=None if (asking := asking_figures(model, document)) is None else asking.as_dict(),
    )


def check_workspace_strategy(
    workspace: Workspace, progress: Progress | None = None
) -> StrategyCheck:
    """Check strategy.yaml against everything it refers to, and count its rules on the data."""
    loaded = read_strategy(workspace)
    risk, _ = fitted_parts(workspace)
    contract, treatments = workspace.contract().value, workspace.treatments().value
    data = scored_applications(workspace, progress)
    return check_strategy(
        loaded, contract, treatments, risk, workspace.experience(), applications=data
    )


def scored_applications(workspace: Workspace, progress: Progress | None = None) -> pl.DataFrame:
    """The checked applications with their PD, out of fold where the outcome is known.

    It takes the place of a field that is called `pd`.
    """
    return with_pd(*checked_applications(workspace, progress))


def with_pd(facts: pl.DataFrame, pd: pl.Series) -> pl.DataFrame:
    """Applications with their PD as conditions read it."""
    return facts.with_columns(pd.alias("pd"))


def checked_applications(
    workspace: Workspace, progress: Progress | None = None
) -> tuple[pl.DataFrame, pl.Series]:
    """The checked applications as they are, and the PD of each."""
    population = pl.read_parquet(workspace.build / POPULATION)
    checked = workspace.applications(workspace.contract().value, progress)
    if not checked.rows.equals(population["row"]):
        raise BadInput(
            "the data have changed since the workspace was fitted",
            where=Span(str(workspace.folder)),
            field="data",
            mend="run `equipoise fit` again",
        )
    return checked.frame, population["pd"]


def seal_workspace(workspace: Workspace) -> tuple[Sealed, Path]:
    """Check strategy.yaml, seal it and write the file. Raises Faults where it is not sound.

    Sealed strategies stand beside build/, not in it: a new fit must not take away what decides.
    """
    loaded = read_strategy(workspace)
    sealed = seal_document(workspace, loaded)
    name = f"{loaded.value.name}-v{loaded.value.version}-{sealed.digest[:SHORT]}.json"
    path = workspace.folder / SEALED_FOLDER / name
    path.parent.mkdir(exist_ok=True)
    sealed.write(path)
    return sealed, path


def seal_document(workspace: Workspace, loaded: Loaded[StrategyDocument]) -> Sealed:
    """Check a strategy's document against the workspace, and seal it. Raises Faults."""
    risk, experience = fitted_parts(workspace)
    contract, treatments = workspace.contract().value, workspace.treatments().value
    check_strategy(loaded, contract, treatments, risk, workspace.experience()).refuse()
    content = strategy_content(workspace, loaded.value, risk, experience)
    return seal(_with_population(workspace, content))


def _with_population(workspace: Workspace, content: Content) -> Content:
    """The content with who applies, where a first idea of the answer is given from a few facts."""
    product = content.strategy.product
    if product is None or not product.asks_first:
        return content
    names = [name for name in build(content).inputs if name not in product.works_out]
    learned = learn(scored_applications(workspace), content.contract, names)
    return content.model_copy(update={"population": learned})


def _features(risk: RiskFit, model: str) -> dict[str, str]:
    texts = risk.features.texts()
    return {name: texts[name] for name in risk.models[model].features}


def _checks(experience: ExperienceFit) -> dict[str, dict[str, Any]]:
    checks: dict[str, dict[str, Any]] = {}
    for each in experience.checks:
        check = each.check()
        checks[each.name] = {
            "minutes": check.minutes,
            "cost": check.cost,
            "drop_off": check.drop_off,
            "sensitivity": check.sensitivity,
            "false_alarm": check.false_alarm,
            "underwriter_hours": check.underwriter_hours,
            "manual": check.manual,
            "questions": check.questions,
        }
    plain: dict[str, dict[str, Any]] = json.loads(json.dumps(checks, default=_number))
    return plain


def _number(value: object) -> float:
    if isinstance(value, np.generic):
        return float(value)
    raise TypeError(f"{value!r} is no number")

"""`strategy from-frontier`: a point of the found balance, written into strategy.yaml."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import yaml

from equipoise.balance.limits import Masks, appetite_rows
from equipoise.balance.result_document import BalanceResult, Totals
from equipoise.contract.naming import WORDS
from equipoise.deployment import Distilled, Point, Taken, distil, take, with_sections
from equipoise.deployment.deployed import Deployed, deployed
from equipoise.deployment.frontier import scales
from equipoise.deployment.priced import appetite_limits, axis_limit
from equipoise.deployment.table import measured
from equipoise.documents import Document
from equipoise.errors import BadInput
from equipoise.files import write_text
from equipoise.progress import Progress, Silent
from equipoise.strategy.document import PricedRow, StrategyDocument
from equipoise.strategy.engine import Strategy
from equipoise.strategy.sealing import seal
from equipoise.value.measures import Measures, label_of
from equipoise.value.population import Population, read_population
from equipoise.workspace.balance_inputs import BalanceInputs, read_balance_inputs
from equipoise.workspace.building import recover
from equipoise.workspace.folder import Workspace
from equipoise.workspace.results import read_balance
from equipoise.workspace.strategies import STRATEGY, read_strategy, strategy_content

RECOMMENDED, SAME_EXPERIENCE = "same_risk", "same_experience"
_FLOAT_DIGITS = 12


@dataclass(frozen=True, slots=True)
class _Ground:
    """What taking a point stands on."""

    strategy: Strategy
    people: Deployed
    masks: Masks
    today: Measures
    point: Point
    worth: float
    shift: float
    unit: str
    axis: str
    level: float


class TakenFromFrontier(Document):
    """What a point stood for, and what of it the strategy reaches; totals are by measure.

    `frontier` is what the balance found there, None at a level between its points; `table` and what
    it gives up are None where no table was distilled. `balance` scores as the strategy does live,
    `balance_out_of_fold` as the balance values it. `given_up` and `violation` are relative.
    """

    workspace: str
    strategy: str
    point: str
    model: str
    balance_model: str
    axis: str
    level: float
    choose: Literal["balance", "table"]
    prices: tuple[PricedRow, ...]
    worth: float
    unit: str
    given_up: float
    violation: float
    today: Totals
    frontier: Totals | None
    balance: Totals
    balance_out_of_fold: Totals
    table: Mapping[str, int | float] | None
    table_out_of_fold: Totals | None
    given_up_by_table: float | None

    def as_dict(self) -> dict[str, Any]:
        """Plain data, as `strategy from-frontier --json` prints it."""
        return self.model_dump(mode="json")


def from_frontier(
    workspace: Workspace,
    point: str = RECOMMENDED,
    most_rules: int | None = None,
    progress: Progress | None = None,
) -> TakenFromFrontier:
    """Write the balance (and with `most_rules` a table distilled from it) into strategy.yaml.

    `point` is same_risk (the recommended), same_experience, a number of the frontier's points
    (from 1), or x=LEVEL. Returns what was measured. Raises BadInput, and Infeasible where the
    strategy's own rules and prices leave no policy within the limits.
    """
    steps = progress or Silent()
    read_strategy(workspace)
    recover(workspace)
    balance = read_balance(workspace)
    inputs = read_balance_inputs(workspace, steps)
    text, result = taken_from(workspace, balance, inputs, point, most_rules, steps)
    write_text(workspace.folder / STRATEGY, text)
    return result


def taken_from(  # noqa: PLR0917 - what it stands on, and what is wanted of it
    workspace: Workspace,
    balance: BalanceResult,
    inputs: BalanceInputs,
    point: str = RECOMMENDED,
    most_rules: int | None = None,
    progress: Progress | None = None,
) -> tuple[str, TakenFromFrontier]:
    """strategy.yaml with a point of that balance in it, and what was measured; writes nothing."""
    steps = progress or Silent()
    loaded = read_strategy(workspace)
    with steps.step("Valuing the applications"):
        ground = _ground(workspace, loaded.value, inputs, balance, point)
    taken = take(ground.point, ground.people, ground.masks, ground.worth, steps)
    table = _distilled(ground, taken, most_rules, steps)
    sections, comments = _sections(loaded.value, ground, taken, table)
    path = workspace.folder / STRATEGY
    text = with_sections(path.read_text(encoding="utf-8"), sections, comments)
    StrategyDocument.model_validate(yaml.safe_load(text))
    return text, _result(workspace, ground, (taken, table), balance, inputs.risk.used)


def _ground(
    workspace: Workspace,
    document: StrategyDocument,
    inputs: BalanceInputs,
    balance: BalanceResult,
    point: str,
) -> _Ground:
    applications, types = inputs.applications, inputs.types
    population = read_population(inputs.treatments, applications, types, inputs.experience)
    model = inputs.model()
    today = model.of_choice(population, population.today)
    shift = _shift(population)
    document = document.model_copy(update={"checks_shift": shift})
    content = strategy_content(workspace, document, inputs.risk, inputs.experience)
    strategy = Strategy(seal(content))
    people = deployed(
        strategy,
        inputs.facts,
        applications["lgd"],
        (model, population),
        same_model=document.model == inputs.risk.used,
    )
    appetite = inputs.appetite
    every = Masks(applications, types)
    nothing = Measures.zeros((1, 1))
    held = appetite_rows(appetite, every, nothing, today)
    sizes = {}
    for at, parity in enumerate(appetite.value.parity):
        group = every.of(parity.group, appetite.span("parity", at))
        inside = int(np.sum(group)) if group is not None else 0
        sizes[parity.name] = (inside, applications.height - inside)
    axes = appetite.value.frontier
    level, name = _level(balance, point, axes.x)
    limits = (axis_limit(axes.x, level), *appetite_limits(appetite.value, held, sizes))
    worth, unit = _worth(balance, today, appetite.value.goal)
    whole = Point(name, appetite.value.goal, limits, scales(limits, today))
    known = {**types, **strategy.compiled.program.types}
    masks = Masks(people.part, known)
    return _Ground(
        strategy=strategy,
        people=people,
        masks=masks,
        today=today,
        point=whole,
        worth=worth,
        shift=shift,
        unit=unit,
        axis=axes.x,
        level=level,
    )


def _shift(people: Population) -> float:
    """What today's checks took off the log-odds of the fitted PD, on average."""
    seen = np.log(people.seen_pd / (1 - people.seen_pd))
    before = np.log(people.pd / (1 - people.pd))
    return float(f"{float(np.mean(seen - before)):.{_FLOAT_DIGITS}g}")


def _level(balance: BalanceResult, point: str, measure: str) -> tuple[float, str]:
    """The level of the axis that a point stands for, and its name.

    Raises BadInput for a level outside of the frontier: there nothing is proved.
    """
    if point in (RECOMMENDED, SAME_EXPERIENCE):
        try:
            place = balance.place(point)
        except LookupError:
            raise BadInput(f"the balance found no '{point}'", field="--point") from None
        if point == RECOMMENDED:
            today = balance.champion.measures[measure]
            return today / (1 + balance.curse.tightening), point
        return place.measures[measure], point
    if point.startswith("x="):
        return _between(point, [each.measures[measure] for each in balance.frontier])
    points = balance.frontier
    if point.isdigit() and 1 <= int(point) <= len(points):
        return points[int(point) - 1].measures[measure], f"point {point}"
    raise BadInput(
        f"there is no point '{point}'",
        field="--point",
        mend=f"give {RECOMMENDED}, {SAME_EXPERIENCE}, 1 to {len(points)}, or x=LEVEL",
    )


def _between(point: str, levels: list[float]) -> tuple[float, str]:
    try:
        level = float(point[2:])
    except ValueError:
        raise BadInput(f"'{point}' gives no number", field="--point") from None
    low, high = min(levels), max(levels)
    if not low <= level <= high:
        raise BadInput(
            f"{level:g} lies outside the frontier, which runs from {low:.6g} to {high:.6g}",
            field="--point",
            mend="give a level within it, or widen the limits of appetite.yaml",
        )
    return level, point


def _worth(balance: BalanceResult, today: Measures, goal: str) -> tuple[float, str]:
    """Money per unit of the goal: at the profit limit's own price, else what it brings today."""
    price = balance.recommended.same_risk.multipliers.get("profit", 0.0)
    label = label_of(goal).lower()
    if goal == "profit":
        return 1.0, "the goal is money"
    if price > 0:
        return _short(1 / price), f"one of {label} is worth it at the profit limit's own price"
    totals = today.totals()
    worth = totals["profit"] / totals[goal] if totals[goal] else 1.0
    return _short(max(worth, 1e-6)), f"today's profit per one of {label}"


def _distilled(
    ground: _Ground, taken: Taken, most_rules: int | None, steps: Progress
) -> Distilled | None:
    if most_rules is None:
        return None
    part = ground.people.part
    program = ground.strategy.compiled.program
    names = ["pd"]
    facts = {**program.inputs, **ground.strategy.content.strategy.features}
    for name, kind in facts.items():
        if name in WORDS:
            continue  # a condition that reads it reads what the strategy found
        numeric = part[name].dtype.is_numeric()
        if name in part.columns and numeric and not part[name].null_count() and kind != "string":
            names.append(name)
    menu = [each.name for each in program.menu]
    with steps.step("Distilling a table"):
        return distil(
            ground.point, taken, ground.people, ground.masks, names,
            most_rules=most_rules, menu=menu,
        )  # fmt: skip


def _sections(
    document: StrategyDocument, ground: _Ground, taken: Taken, table: Distilled | None
) -> tuple[dict[str, Any], dict[str, str]]:
    balance = taken.section.model_dump(mode="json", exclude_defaults=False)
    balance["prices"] = [
        {key: value for key, value in row.items() if value not in (None, "", False)}
        for row in balance["prices"]
    ]
    sections: dict[str, Any] = {
        "version": document.version + 1,
        "choose": "balance" if table is None else "table",
        "checks_shift": ground.shift,
        "balance": _rounded(balance),
    }
    comments = {
        "balance": f"Taken from the frontier at {ground.point.name}; {ground.unit}.\n"
        "Each applicant gets the treatment with the best value of the goal less these prices."
    }
    if table is not None:
        rows = table.section.model_dump(mode="json")["rows"]
        sections["table"] = {
            "rows": [{k: v for k, v in row.items() if v is not None} for row in rows]
        }
        comments["table"] = (
            f"Distilled from the balance: {len(rows)} rows, {table.given_up:.2%} of the goal lost."
        )
    return sections, comments


def _rounded(value: Any) -> Any:
    """Numbers with the digits that matter, so that the document can be read."""
    return json.loads(json.dumps(value), parse_float=_short)


def _short(text: str | float) -> float:
    return float(f"{float(text):.{_FLOAT_DIGITS}g}")


def _result(
    workspace: Workspace,
    ground: _Ground,
    ways: tuple[Taken, Distilled | None],
    balance: BalanceResult,
    balance_model: str,
) -> TakenFromFrontier:
    taken, table = ways
    return TakenFromFrontier(
        workspace=workspace.name,
        strategy=str(workspace.folder / STRATEGY),
        point=ground.point.name,
        model=ground.strategy.content.strategy.model,
        balance_model=balance_model,
        axis=ground.axis,
        level=ground.level,
        choose="balance" if table is None else "table",
        prices=taken.section.prices,
        worth=ground.worth,
        unit=ground.unit,
        given_up=taken.given_up,
        violation=taken.violation,
        today=ground.today.totals(),
        frontier=_promised(balance, ground.point.name),
        balance=taken.measures.totals(),
        balance_out_of_fold=taken.own.totals(),
        table=None if table is None else measured(table),
        table_out_of_fold=None
        if table is None
        else ground.people.own_of_choice(table.choice).totals(),
        given_up_by_table=None if table is None else table.given_up,
    )


def _promised(balance: BalanceResult, point: str) -> dict[str, float] | None:
    """What the balance found at a point; None at a level between points."""
    if point not in (RECOMMENDED, SAME_EXPERIENCE) and not point.startswith("point "):
        return None
    return dict(balance.place(point).measures)

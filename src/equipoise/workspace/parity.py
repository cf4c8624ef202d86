"""What parity between groups would cost on a workspace's applicants, at its recommended point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from equipoise.balance.limits import Masks, appetite_rows, axis_row
from equipoise.balance.problem import Problem
from equipoise.errors import BadInput
from equipoise.progress import Progress, Silent
from equipoise.review.fairness import AuditSection, parity_rows, price_of_parity, with_default_bands
from equipoise.review.fairness.groups import MISSING, grouped
from equipoise.value.measures import Measures, label_of
from equipoise.value.population import read_population
from equipoise.workspace.balance_inputs import read_balance_inputs
from equipoise.workspace.folder import Workspace
from equipoise.workspace.results import read_balance

WITHIN = (0.05, 0.02, 0.01)


@dataclass(frozen=True, slots=True)
class _Ground:
    """The problem of the recommended point, and the people it is about."""

    problem: Problem
    offers: Any
    people: pl.DataFrame


def parity_prices(
    workspace: Workspace,
    section: AuditSection | None = None,
    *,
    by: Sequence[str] = (),
    within: Sequence[float] = WITHIN,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The goal given up to hold each group's share of offers within a distance of the others'.

    Groups are of the contract's protected fields, or of `by`; groups under `min_cell` are left
    out. Everything else is held as at the recommended point of the workspace's balance. Returns
    the goal, its label and one row per group and distance. Raises BadInput before fit and balance.
    """
    steps = progress or Silent()
    section = section or AuditSection()
    contract = workspace.contract().value
    names = tuple(by) or section.groups or contract.protected
    if not names:
        raise BadInput(
            "the contract has no protected field, so there are no groups to hold alike",
            field="protected",
            mend="name fields with --by",
        )
    with steps.step("Reading the balance"):
        ground = _ground(workspace)
    groups = ground.people.select(name for name in names if name in ground.people.columns)
    section = with_default_bands(groups, section.model_copy(update={"groups": ()}))
    section = section.model_copy(update={"intersections": ()})
    masks = list(_masks(groups, section))
    rows: list[dict[str, Any]] = []
    with steps.step("Pricing parity") as step:
        for done, (column, name, mask) in enumerate(masks):
            wanted = {w: parity_rows(f"{column} {name}", ground.offers, mask, w) for w in within}
            prices = price_of_parity(ground.problem, wanted)
            rows += [{"column": column, "group": name, **each.as_dict()} for each in prices]
            step.advance(done + 1, len(masks))
    goal = workspace.appetite().value.goal
    return {"goal": goal, "label": label_of(goal), "people": ground.people.height, "rows": rows}


def _ground(workspace: Workspace) -> _Ground:
    balance = read_balance(workspace)
    inputs = read_balance_inputs(workspace)
    people, types = inputs.applications, inputs.types
    population = read_population(inputs.treatments, people, types, inputs.experience)
    model = inputs.model()
    table = model.table(population)
    appetite = inputs.appetite
    today = _today(table, population.today)
    held = appetite_rows(appetite, Masks(people, types), table, today)
    axis = appetite.value.frontier.x
    level = float(balance.recommended.same_risk.measures[axis])
    rows = (*(each.row for each in held), axis_row(axis, level, table))
    value = getattr(table, appetite.value.goal)
    return _Ground(Problem(value, rows, population.eligible), table.approvals, people)


def _today(table: Measures, choice: Any) -> Measures:
    rows = np.arange(len(choice))
    return Measures(**{name: getattr(table, name)[rows, choice] for name in Measures.__slots__})


def _masks(groups: pl.DataFrame, section: AuditSection) -> Iterator[tuple[str, str, Any]]:
    """Groups large enough, of two only the smaller: the other's distance is the same."""
    for column, labels in grouped(groups, section):
        counts = dict(labels.value_counts().iter_rows())
        large = sorted(k for k, n in counts.items() if n >= section.min_cell and k != MISSING)
        if len(counts) == 2 and len(large) == 2:
            large = [min(large, key=lambda name: counts[name])]
        for name in large:
            mask = (labels == name).to_numpy()
            if not mask.all():
                yield column, name, mask

"""A change of law or policy tried on the workspace's history: found into a folder beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from equipoise.balance import AppetiteDocument
from equipoise.balance.limits import Masks
from equipoise.balance.result_document import BalanceResult
from equipoise.balance.swap_sets import Segment, segments
from equipoise.contract import Contract
from equipoise.documents import Loaded
from equipoise.errors import BadInput, Span
from equipoise.expression import compile as compile_expression
from equipoise.files import write_json
from equipoise.numeric.arrays import BoolArray
from equipoise.progress import Progress, Silent
from equipoise.review.policy.change import NewLimit, PolicyChange, Refusal, Rule
from equipoise.review.policy.lawful import barred, capped, lawful
from equipoise.strategy.engine import Strategy
from equipoise.value.model import ValueModel
from equipoise.value.population import Population
from equipoise.workspace.balance_inputs import read_balance_inputs
from equipoise.workspace.balance_runs import kept, read_appetite
from equipoise.workspace.balancing import whole_balance
from equipoise.workspace.books import try_rules
from equipoise.workspace.building import recover
from equipoise.workspace.folder import Workspace
from equipoise.workspace.policy_held import Held, hold

CHANGE = "change.json"
AFFECTED_FILE = "affected.parquet"


def refuse_unsound(rule: Rule, contract: Contract) -> None:
    """Raises BadInput where a condition of the rule reads what applications do not have."""
    if isinstance(rule, Refusal):
        text: str | None = rule.when
    else:
        text = rule.limit.where if isinstance(rule, NewLimit) else rule.where
    if text is None:
        return
    types = {**contract.types(), "pd": "number", "lgd": "number"}
    expression = compile_expression(text, types, where=Span("condition", 1))
    if expression.type != "boolean":
        raise BadInput(f"'{text}' is a {expression.type}, not a condition", field="condition")


def run_change(  # noqa: PLR0917 - what it is tried on, what changes, and who is held against it
    workspace: Workspace,
    appetite: Path,
    change: PolicyChange,
    folder: Path,
    strategies: Mapping[str, Strategy],
    progress: Progress | None = None,
) -> BalanceResult:
    """Find the balance under the change, and write it into the folder as `run_balance` does.

    Before that, change.json: who is shut out, by segment, how each of the strategies stands to the
    change, and what its packs move of the book; and affected.parquet: whose offers it takes away, a
    row each, by strategy. Raises what `run_balance` and `try_rules` raise; Infeasible where the
    change leaves no policy that meets the appetite.
    """
    steps = progress or Silent()
    recover(workspace)
    tried = read_appetite(appetite, workspace.contract().value)
    inputs = read_balance_inputs(workspace, steps)
    menu = replace(inputs.treatments, value=capped(inputs.treatments, change))
    inputs = replace(inputs, appetite=_limited(tried.appetite, change), treatments=menu)
    with steps.step("Holding strategies against the change"):
        held = [hold(change, name, each, inputs) for name, each in strategies.items()]
    book = None
    if change.book:
        book = try_rules(workspace.folder, change.book, change.on, steps).as_dict()

    def within(model: ValueModel, people: Population, masks: Masks) -> BoolArray:
        allowed = lawful(change, model, people, masks)
        shut = barred(allowed, people.eligible)
        parts = segments(masks.frame, inputs.types)
        answer = {"people": people.size, "barred": int(shut.sum()),
                "held": [each.document for each in held], "book": book,
                "segments": [each for part in parts for each in _shut(part, shut)]}  # fmt: skip
        write_json(folder / CHANGE, answer)
        _affected(held, shut).write_parquet(folder / AFFECTED_FILE)
        return allowed

    balance = whole_balance(workspace, inputs, steps, within=within)
    return kept(workspace, folder, balance, inputs, (tried.digest, steps))


def run_book_change(
    lender: Path, change: PolicyChange, folder: Path, progress: Progress | None = None
) -> None:
    """A change that is only about loans already made: what its packs move of the lender's book,
    written into the folder as change.json. Nobody is asked anew, and no balance is found."""
    book = try_rules(lender, change.book, change.on, progress).as_dict()
    answer = {"people": 0, "barred": 0, "held": [], "book": book, "segments": []}
    write_json(folder / CHANGE, answer)


def _affected(held: Sequence[Held], shut: BoolArray) -> pl.DataFrame:
    """Whose offers the change takes away, and whether anything lawful is left to them."""
    frames = []
    for each in held:
        last = shut[shut.size - each.places.size :]
        left = pl.Series("shut_out", last[each.places], dtype=pl.Boolean)
        name = pl.lit(each.document["strategy"]).alias("strategy")
        frames.append(each.affected.with_columns(name, left))
    return pl.concat(frames) if frames else pl.DataFrame()


def _limited(appetite: Loaded[AppetiteDocument], change: PolicyChange) -> Loaded[AppetiteDocument]:
    """The appetite with the limit that the change sets, if it sets one."""
    if not isinstance(change.rule, NewLimit):
        return appetite
    limits = (*appetite.value.constraints, change.rule.limit)
    return replace(appetite, value=appetite.value.model_copy(update={"constraints": limits}))


def _shut(segment: Segment, shut: BoolArray) -> list[dict[str, Any]]:
    """How many of each level are shut out."""
    levels = len(segment.levels)
    people = np.bincount(segment.codes, minlength=levels)
    out = np.bincount(segment.codes[shut], minlength=levels)
    return [
        {"field": segment.field, "level": level, "people": int(people[at]), "barred": int(out[at])}
        for at, level in enumerate(segment.levels)
        if people[at]
    ]

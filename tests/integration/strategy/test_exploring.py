"""What exploring is for: the log it makes tells what another policy would have brought."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from equipoise.balance.evaluation import MissingSupport, evaluate_policy
from equipoise.simulation import simulate
from equipoise.strategy.engine import Strategy
from equipoise.strategy.sealing import seal
from equipoise.workspace.folder import Workspace
from equipoise.workspace.strategies import seal_workspace
from equipoise.workspace.taking import from_frontier

APPLICANTS, SEED = 8000, 3  # the fitted workspace's
SHARE, WITHIN = 0.2, 30.0
REPEATS = 40


class World:
    """A strategy from the frontier, and the truth about everybody."""

    def __init__(self, workspace: Workspace) -> None:
        from_frontier(workspace, "same_risk")
        self.content = seal_workspace(workspace)[0].content
        self.lender = simulate(APPLICANTS, SEED)
        self.names = {name: at for at, name in enumerate(self.lender.menu.names)}
        contract = workspace.contract().value
        frame = pl.read_parquet(contract.data_path(workspace.folder))
        known = {f.name for f in contract.fields if f.use in ("feature", "identifier", "date")}
        self.applications = frame.select(name for name in frame.columns if name in known)
        self.profits = np.stack(
            [self.lender.truth.outcome(each).profit for each in self.lender.treatments], axis=1
        )

    def decided(self, explore: dict[str, Any] | None) -> tuple[np.ndarray, np.ndarray]:
        """What each applicant is given (0: no loan), and with what chance."""
        document = self.content.strategy.model_dump()
        strategy = type(self.content.strategy).model_validate({**document, "explore": explore})
        sealed = seal(self.content.model_copy(update={"strategy": strategy}))
        answers = Strategy(sealed).decide_frame(self.applications)
        given = [self.names.get(name, 0) for name in answers["treatment"]]
        return np.array(given), answers["propensity"].to_numpy()

    def mean(self, given: np.ndarray) -> float:
        return float(self.profits[np.arange(APPLICANTS), given].mean())


@pytest.fixture
def world(lender: Workspace) -> World:
    return World(lender)


def test_the_value_of_every_runner_up_is_told_by_the_log_of_a_few(world: World) -> None:
    best, _ = world.decided(None)
    always = {"experiment": "all", "share": 1 - 1e-12, "within": WITHIN}
    runner_up, _ = world.decided(always)
    changed = float(np.mean(best != runner_up))
    truth = world.mean(runner_up)
    rng = np.random.default_rng(5)
    # an outcome model that is wrong by half: what is doubly robust needs no more
    model = world.profits * 0.5 + rng.normal(0, 20, world.profits.shape)
    hits = {"ips": 0, "doubly_robust": 0}
    values: dict[str, list[float]] = {name: [] for name in hits}
    for at in range(REPEATS):
        given, propensity = world.decided(
            {"experiment": f"trial_{at}", "share": SHARE, "within": WITHIN}
        )
        rewards = world.profits[np.arange(APPLICANTS), given]
        result = evaluate_policy(given, propensity, rewards, runner_up, outcomes=model)
        for name in hits:
            each = result.estimates[name]
            hits[name] += each.low <= truth <= each.high
            values[name].append(each.value)
    assert changed > 0.02
    assert min(hits.values()) >= 0.9 * REPEATS
    for name, found_ in values.items():
        spread = np.std(found_, ddof=1) / REPEATS**0.5
        assert np.mean(found_) == pytest.approx(truth, abs=3 * spread), name


def test_without_exploring_the_same_question_has_no_answer(world: World) -> None:
    best, propensity = world.decided(None)
    runner_up, _ = world.decided({"experiment": "all", "share": 1 - 1e-12, "within": WITHIN})
    rewards = world.profits[np.arange(APPLICANTS), best]
    with pytest.raises(MissingSupport):
        evaluate_policy(best, propensity, rewards, runner_up)

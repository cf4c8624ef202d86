"""Honest evaluation: unbiased where the log explored, refused where it did not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from equipoise.balance import MissingSupport, evaluate_policy
from equipoise.errors import BadInput

ACTIONS = 6


def _world(
    explored: float, applicants: int = 4000, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Expected rewards, the target, and one log that mostly follows an older policy."""
    rng = np.random.default_rng(seed)
    truth = rng.gamma(2.0, 1.0, (applicants, ACTIONS))
    target = truth.argmax(axis=1)
    older = np.where(rng.random(applicants) < 0.74, target, rng.integers(0, ACTIONS, applicants))
    chance = np.full((applicants, ACTIONS), explored / ACTIONS)
    chance[np.arange(applicants), older] += 1 - explored
    pick = (rng.random((applicants, 1)) > chance.cumsum(axis=1)).sum(axis=1)
    taken = np.minimum(pick, ACTIONS - 1)
    reward = truth[np.arange(applicants), taken] + rng.normal(0, 1, applicants)
    return truth, target, chance, taken, reward


def _errors(explored: float, repeats: int = 60) -> dict[str, np.ndarray]:
    """Relative errors of each estimator; the outcome model is 15 % optimistic on purpose."""
    errors: dict[str, list[float]] = {}
    for seed in range(repeats):
        truth, target, chance, taken, reward = _world(explored, seed=seed)
        true = truth[np.arange(target.size), target].mean()
        result = evaluate_policy(
            taken, chance, reward, target, outcomes=1.15 * truth, tolerated=1.0
        )
        for name, estimate in result.estimates.items():
            errors.setdefault(name, []).append(estimate.value / true - 1)
    return {name: np.array(values) for name, values in errors.items()}


def test_with_exploration_all_but_the_direct_method_are_unbiased() -> None:
    errors = _errors(explored=0.1)
    for name in ("ips", "snips", "doubly_robust"):
        standard = errors[name].std() / errors[name].size ** 0.5
        assert abs(errors[name].mean()) < 3 * standard + 0.002, name
    assert errors["direct"].mean() == pytest.approx(0.15, abs=0.01)


def test_doubly_robust_varies_least_of_the_unbiased() -> None:
    errors = _errors(explored=0.1)
    assert errors["doubly_robust"].std() < errors["snips"].std()
    assert errors["doubly_robust"].std() < errors["ips"].std()


def test_a_deterministic_log_is_biased_whatever_the_effective_sample_size_says() -> None:
    errors = _errors(explored=0.0)
    assert errors["ips"].mean() < -0.1
    assert abs(errors["doubly_robust"].mean()) > 0.02
    *_, chance, taken, reward = _world(0.0)
    target = _world(0.0)[1]
    result = evaluate_policy(taken, chance, reward, target, tolerated=1.0)
    assert result.effective_sample_size > 0.7 * result.applicants  # looks fine, and misleads


@pytest.mark.parametrize("whole_table", [True, False])
def test_a_deterministic_log_is_refused_with_the_share_it_never_showed(whole_table: bool) -> None:
    _, target, chance, taken, reward = _world(0.0)
    known = chance if whole_table else chance[np.arange(taken.size), taken]
    with pytest.raises(MissingSupport, match=r"zero logged propensity") as refused:
        evaluate_policy(taken, known, reward, target)
    assert refused.value.share == pytest.approx(np.mean(target != taken))
    assert refused.value.exit_code == 1


def test_few_effective_applicants_are_reported_but_not_refused() -> None:
    _, target, chance, taken, reward = _world(0.02)
    result = evaluate_policy(taken, chance, reward, target)
    assert result.effective_sample_size < 0.1 * result.applicants
    assert result.max_weight > 100


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    held = 0
    for seed in range(100):
        truth, target, chance, taken, reward = _world(0.3, seed=seed)
        true = truth[np.arange(target.size), target].mean()
        result = evaluate_policy(taken, chance, reward, target, outcomes=truth)
        low, high = result.estimates["doubly_robust"].low, result.estimates["doubly_robust"].high
        held += low <= true <= high
    assert 88 <= held <= 100


def test_evaluating_the_logged_policy_itself_gives_the_mean_reward() -> None:
    _, _, chance, taken, reward = _world(0.3)
    result = evaluate_policy(taken, chance, reward, chance)
    for estimate in result.estimates.values():
        assert estimate.value == pytest.approx(reward.mean())
    assert result.effective_sample_size == pytest.approx(taken.size)


def test_clipping_cuts_the_largest_weights_and_says_how_many() -> None:
    _, target, chance, taken, reward = _world(0.1)
    result = evaluate_policy(taken, chance, reward, target, clip=5.0)
    assert result.max_weight == 5.0
    assert 0 < result.clipped < 0.1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rewards": np.array([1.0, np.nan])}, "not finite"),
        ({"rewards": np.ones(3)}, "shape"),
        ({"propensities": np.array([0.5, 0.0])}, "propensity zero"),
        ({"propensities": np.array([0.5, 1.5])}, "between 0 and 1"),
        ({"target": np.array([[0.5, 0.1], [1.0, 0.0]])}, "sum to 1"),
        ({"target": np.array([0, 5]), "outcomes": np.ones((2, 2))}, "no column"),
        ({"actions": np.array([0.5, 1.0])}, "whole numbers"),
    ],
)
def test_inputs_that_do_not_fit_are_refused(change: dict[str, np.ndarray], message: str) -> None:
    given = {
        "actions": np.array([0, 1]),
        "propensities": np.array([0.5, 0.5]),
        "rewards": np.ones(2),
        "target": np.array([0, 0]),
    }
    with pytest.raises(BadInput, match=message):
        evaluate_policy(**(given | change))


def test_on_a_randomised_trial_a_constant_policy_earns_its_arms_mean(shared_data: Path) -> None:
    file = shared_data / "hillstrom" / "hillstrom.parquet"
    if not file.exists():
        pytest.skip("hillstrom is not among the public data")
    trial = pl.read_parquet(file)
    arms = sorted(trial["segment"].unique())
    taken = trial["segment"].replace_strict({arm: k for k, arm in enumerate(arms)}).to_numpy()
    visits = trial["visit"].to_numpy().astype(float)
    chance = np.full((taken.size, len(arms)), 1 / len(arms))  # assigned at random, a third each
    for k in range(len(arms)):
        result = evaluate_policy(taken, chance, visits, np.full(taken.size, k)).estimates
        mean = visits[taken == k].mean()
        assert result["ips"].low <= mean <= result["ips"].high
        assert result["snips"].value == pytest.approx(mean)

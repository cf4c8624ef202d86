"""The chance that a person changes the answer: known truth, an oracle, and who is never learned."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from equipoise.contract.document import Contract
from equipoise.errors import BadInput, GateRefused
from equipoise.review.casework.chance import Prior, fit_chance

TRUE = {"grade": {"A": -0.6, "B": 0.0, "C": 0.8}, "reasons": {"INCOME": 1.2, "ADDRESS": -0.7}}
BASE = -1.5


def world(size: int, seed: int) -> tuple[pl.DataFrame, np.ndarray]:
    """Past cases whose chances are known."""
    rng = np.random.default_rng(seed)
    grade = rng.choice(list("ABC"), size)
    income, address = rng.random(size) < 0.4, rng.random(size) < 0.3
    z = BASE + np.array([TRUE["grade"][each] for each in grade])
    z = z + TRUE["reasons"]["INCOME"] * income + TRUE["reasons"]["ADDRESS"] * address
    chance = expit(z)
    reasons = [
        [name for name, has in (("INCOME", i), ("ADDRESS", a)) if has]
        for i, a in zip(income, address, strict=True)
    ]
    changed = rng.random(size) < chance
    frame = pl.DataFrame(
        {
            "grade": grade,
            "reasons": pl.Series(reasons, dtype=pl.List(pl.String)),
            "product": rng.choice(["car", "cash"], size),
            "machine": ["decline"] * size,
            "person": np.where(changed, "approve", "decline"),
        }
    )
    return frame, chance


def test_chances_that_are_known_are_recovered_and_lie_in_their_intervals() -> None:
    past, _ = world(12_000, 1)
    fresh, chance = world(1_000, 2)
    model = fit_chance(past)
    found = model.of(fresh)
    assert np.abs(found["chance"].to_numpy() - chance).mean() < 0.015
    covered = (found["low"] <= pl.Series(chance)) & (pl.Series(chance) <= found["high"])
    assert covered.mean() > 0.8  # a dozen combinations, each in or out as one
    assert found["rests_on"].min() > 3_000
    assert model.changed == (past["machine"] != past["person"]).sum()


def test_intervals_hold_what_is_true_over_many_pasts() -> None:
    fresh, chance = world(1, 5)
    hits = 0
    for seed in range(200):
        found = fit_chance(world(600, 100 + seed)[0]).of(fresh)
        hits += int(found["low"][0] <= chance[0] <= found["high"][0])
    assert hits / 200 == pytest.approx(0.95, abs=0.05)


def test_the_fit_is_where_the_penalised_likelihood_is_highest() -> None:
    past, _ = world(800, 3)
    model = fit_chance(past, ridge=2.0)
    has = np.array(
        [
            [level in (row[name] if name == "reasons" else [row[name]])
             for name, level in model.levels]
            for row in past.to_dicts()
        ],
        dtype=float,
    )  # fmt: skip
    design = np.vstack([has, np.zeros((2, has.shape[1]))])
    target = np.append((past["machine"] != past["person"]).to_numpy(), [True, False])
    weights = np.append(np.ones(800), [0.5, 0.5])

    def loss(beta: np.ndarray) -> float:
        z = beta[0] + design @ beta[1:]
        return float(weights @ (np.logaddexp(0, z) - target * z) + (beta[1:] ** 2).sum())

    peer = minimize(loss, np.zeros(len(model.coefficients)), method="BFGS", tol=1e-9)
    np.testing.assert_allclose(model.coefficients, peer.x, atol=1e-4)


def test_few_cases_say_little_and_what_was_never_seen_is_told() -> None:
    past, _ = world(2_000, 4)
    rare = past.head(2).with_columns(grade=pl.lit("Z"), person=pl.lit("approve"))
    model = fit_chance(pl.concat([past, rare]))
    case = pl.DataFrame({"grade": ["Z", "B", "Q", None], "reasons": [[]] * 4, "product": "car"},
                        schema_overrides={"reasons": pl.List(pl.String)})  # fmt: skip
    found = model.of(case)
    rare_one, usual, unseen, unknown = found["chance"].to_list()
    assert usual < rare_one < 0.5  # both of two were changed, and half is not reached
    assert found["rests_on"][0] == 2
    assert found["unseen"].to_list() == [[], [], ["grade: Q"], []]
    assert unseen == unknown
    width = (found["high"] - found["low"]).to_list()
    assert width[2] > 1.5 * width[3]


def test_all_or_none_changed_is_no_certainty() -> None:
    past, _ = world(40, 6)
    for person, least, most in (("approve", 0.9, 1.0), ("decline", 0.0, 0.1)):
        found = fit_chance(past.with_columns(person=pl.lit(person))).of(past)
        assert least < found["chance"].min() <= found["chance"].max() < most


CONTRACT = Contract.model_validate(
    {
        "name": "loan",
        "version": 1,
        "target": {"field": "failed", "event": [1]},
        "fields": [
            {"name": "id", "type": "string", "use": "identifier"},
            {"name": "failed", "type": "integer", "use": "target"},
            {"name": "sex", "type": "string", "use": "audit", "sensitivity": "protected"},
            {"name": "channel", "type": "string"},
        ],
    }
)


def test_few_cases_are_drawn_towards_what_is_believed_as_so_many_cases() -> None:
    """Of cases without a level the chance is the share, with the prior's cases counted in."""
    past = pl.DataFrame(
        {
            "grade": pl.Series([None] * 30, dtype=pl.String),
            "machine": ["decline"] * 30,
            "person": ["approve"] * 6 + ["decline"] * 24,
        }
    )
    fit = fit_chance(past, by=("grade",), prior=Prior(0.1, 20.0))
    assert fit.of(past.head(1))["chance"][0] == pytest.approx((6 + 2) / (30 + 20), abs=1e-6)


def test_who_applies_is_never_learned_from() -> None:
    past, _ = world(100, 7)
    past = past.with_columns(
        sex=pl.lit("f"), id=pl.Series(map(str, range(100))), channel=pl.lit("web")
    )
    with pytest.raises(GateRefused, match="'sex' is a protected field"):
        fit_chance(past, by=["grade", "sex"], contract=CONTRACT)
    for by, contract in ((["id"], CONTRACT), (["channel"], None), (["sex"], None)):
        with pytest.raises(BadInput, match="nothing that a case is known by"):
            fit_chance(past, by=by, contract=contract)
    assert ("channel", "web") in fit_chance(past, by=["channel"], contract=CONTRACT).counts


def test_a_past_that_says_nothing_is_refused() -> None:
    past, _ = world(20, 8)
    for frame, by, ridge, words in (
        (past.drop("machine"), ["grade"], 1.0, "no column 'machine'"),
        (past.drop("reasons"), ["reasons"], 1.0, "no column 'reasons'"),
        (past.with_columns(person=pl.lit(None, pl.String)), ["grade"], 1.0, "no past case has"),
        (past, ["grade"], 0.0, "a ridge of 0"),
        (past.with_columns(grade=pl.lit(0.1)), ["grade"], 1.0, "is a number"),
    ):
        with pytest.raises(BadInput, match=words):
            fit_chance(frame, by=by, ridge=ridge)
    with pytest.raises(BadInput, match="no column 'product'"):
        fit_chance(past).of(past.drop("product"))

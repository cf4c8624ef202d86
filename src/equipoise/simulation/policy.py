"""Today's policy: rules, tiers and prices, with a declared share of experiments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.simulation.menu import DECLINE, REFER, MenuTable
from equipoise.simulation.parameters import Parameters, PolicyParameters
from equipoise.simulation.population import Observed
from equipoise.simulation.streams import Streams

CHAMPION, EXPLORE, PRICE_TEST = 0, 1, 2
ASSIGNMENTS = ("champion", "explore", "price_test")


@dataclass(frozen=True, slots=True)
class Assignment:
    """What each applicant was given, and what today's policy alone would have given.

    `tier` counts from 0; `todays_apr` is the tier's price, quoted to declined ones too. `choice`
    and `champion` are positions in the menu, `how` in ASSIGNMENTS; `propensity` is the chance of
    `choice`, given what the lender sees. `acted` is False where check results are only recorded.
    """

    tier: IntArray
    todays_apr: FloatArray
    champion: IntArray
    choice: IntArray
    how: IntArray
    propensity: FloatArray
    acted: BoolArray


def assign(parameters: Parameters, menu: MenuTable, seen: Observed, streams: Streams) -> Assignment:
    """Give each applicant a treatment, mostly today's."""
    policy = parameters.policy
    tier = tiers(policy, seen)
    todays_apr = np.array([level.apr for level in policy.tiers.values()])[tier]
    champion = champion_choice(policy, menu, seen, tier)
    eligible = menu.eligible_for_fast(seen.bureau_score, seen.amount).astype(np.int64)
    how, choice = _draw(policy, menu, champion, eligible, streams)
    return Assignment(
        tier=tier,
        todays_apr=todays_apr,
        champion=champion,
        choice=choice,
        how=how,
        propensity=propensity_table(policy, menu)[eligible, champion, choice],
        acted=streams.uniform("checks_acted") >= policy.checks_unacted_share,
    )


def propensity_table(policy: PolicyParameters, menu: MenuTable) -> FloatArray:
    """(2, K, K): chance of each treatment by eligibility for the fast journey and champion."""
    k = len(menu.items)
    allowed = np.stack([~menu.fast, np.ones(k, dtype=bool)])
    explore = allowed / allowed.sum(axis=1, keepdims=True)
    family = menu.price_family / menu.price_family.sum(axis=1, keepdims=True)
    today = 1 - policy.explore_share - policy.price_test_share
    return np.asarray(
        policy.explore_share * explore[:, None, :]
        + policy.price_test_share * family[None]
        + today * np.eye(k)[None]
    )


def tiers(policy: PolicyParameters, seen: Observed) -> IntArray:
    """(N,) the first tier whose limits on score and debt hold; thin files get the last."""
    levels = list(policy.tiers.values())
    tier = np.full(len(seen.amount), len(levels) - 1, dtype=np.int64)
    for position in range(len(levels) - 2, -1, -1):
        level = levels[position]
        # comparisons with NaN are False, so thin files stay in the last tier
        tier[(seen.bureau_score >= level.score) & (seen.dti <= level.dti)] = position
    return tier


def champion_choice(
    policy: PolicyParameters, menu: MenuTable, seen: Observed, tier: IntArray
) -> IntArray:
    """(N,) today's treatment, as a position in the menu."""
    at = {name: position for position, name in enumerate(menu.names)}
    last = tier == len(policy.tiers) - 1
    choice = np.full(len(tier), at["full_today_full"], dtype=np.int64)
    choice[(tier == 0) & (seen.amount <= policy.standard_amount_highest)] = at[
        "standard_today_full"
    ]
    choice[last & (seen.amount > policy.refer_amount_above)] = at[REFER]
    recent = (seen.months_since_delinquency >= 0) & (
        seen.months_since_delinquency < policy.decline_recent_delinquency
    )
    declined = (
        (seen.bureau_score < policy.decline_score_below)
        | (seen.dti > policy.decline_dti_above)
        | recent
    )
    choice[declined] = at[DECLINE]
    return choice


def _draw(
    policy: PolicyParameters,
    menu: MenuTable,
    champion: IntArray,
    eligible: IntArray,
    streams: Streams,
) -> tuple[IntArray, IntArray]:
    lot = streams.uniform("assignment")
    explored = lot < policy.explore_share
    tested = ~explored & (lot < policy.explore_share + policy.price_test_share)
    how = np.where(explored, EXPLORE, np.where(tested, PRICE_TEST, CHAMPION)).astype(np.int64)
    choice = champion.copy()
    which = streams.uniform("treatment")
    choice[explored] = _even_pick(
        np.stack([~menu.fast, np.ones_like(menu.fast)]), eligible[explored], which[explored]
    )
    choice[tested] = _even_pick(menu.price_family, champion[tested], which[tested])
    return how, choice


def _even_pick(sets: BoolArray, which_set: IntArray, uniform: FloatArray) -> IntArray:
    """Draw evenly from each applicant's set; `sets` is (S, K) membership."""
    size = sets.sum(axis=1)
    members = np.argsort(~sets, axis=1, kind="stable")
    return np.asarray(members[which_set, (uniform * size[which_set]).astype(np.int64)])

"""What the months share: frailty, seasons, how many come, unemployment, the policy rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.simulation.streams import Streams
from equipoise.simulation.watched.parameters import WatchedParameters
from equipoise.simulation.watched.planted import Planted


@dataclass(frozen=True, slots=True)
class Calendar:
    """T months from the first of the burn-in on. `month` counts from the first table's, which is 0;
    `frailty` adds to the log odds of missing an instalment; `unemployment` is (T, regions).
    """

    month: IntArray
    frailty: FloatArray
    applicants: IntArray
    unemployment: FloatArray
    policy_rate: FloatArray


def make_calendar(
    parameters: WatchedParameters,
    regions: tuple[str, ...],
    months: int,
    planted: Planted,
    seed: int,
) -> Calendar:
    """The months of one lender; those of a shorter run are the first of a longer one."""
    of, economy = parameters.months, parameters.economy
    total = of.burn_in + months
    month = np.arange(total) - of.burn_in
    streams = Streams(seed, total)
    phase = 2 * np.pi * float(Streams(seed, 1).uniform("season")[0])
    wave = np.sin(2 * np.pi * month / 12 + phase)
    frailty = economy.frailty_sd * _lasting(streams.normal("economy"), economy.frailty_persistence)
    volume = economy.volume_season * np.cos(2 * np.pi * month / 12 + phase)
    expected = of.applicants * np.exp(volume + of.volume_sd * streams.normal("volume"))
    work = np.stack([
        economy.unemployment
        + economy.unemployment_sd
        * _lasting(streams.normal(f"work {region}"), economy.unemployment_persistence)
        for region in regions
    ], axis=1)  # fmt: skip
    recession = parameters.shocks.region_recession
    hit = planted.since("region_recession", month)[:, None] & np.array(
        [region == recession.region for region in regions]
    )
    rate = economy.policy_rate_sd * _lasting(
        streams.normal("policy rate"), economy.policy_rate_persistence
    )
    return Calendar(
        month=month,
        frailty=frailty + economy.season * wave,
        applicants=np.maximum(np.round(expected), 1).astype(np.int64),
        unemployment=work + recession.unemployment * hit,
        policy_rate=economy.policy_rate + rate,
    )


def _lasting(noise: FloatArray, persistence: float) -> FloatArray:
    """A first-order autoregression of unit variance, stationary from the start."""
    kept = np.empty_like(noise)
    kept[0] = noise[0]
    fresh = np.sqrt(1 - persistence**2)
    for at in range(1, noise.size):
        kept[at] = persistence * kept[at - 1] + fresh * noise[at]
    return kept

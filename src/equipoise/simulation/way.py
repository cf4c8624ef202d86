"""How far each applicant comes through the journey, and what the checks find."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.simulation.behaviour import stop_chances
from equipoise.simulation.offers import Offers
from equipoise.simulation.parameters import Parameters
from equipoise.simulation.streams import Streams
from equipoise.simulation.timeline import StepTimes

STAYED = -1


@dataclass(frozen=True, slots=True)
class Way:
    """How far each applicant came. (N,) columns.

    `left_at` is the position of the step where the applicant left, -1 for none; `left_waiting`
    says that it happened while staff had the step; `left_time` when, `end_time` when the last
    step was done (hours). `stops` holds each check's result where it was reached: 1, 0, or -1.
    The decision is taken when all steps are done: `passed` are those who may have the offer.
    """

    left_at: IntArray
    left_waiting: BoolArray
    left_time: FloatArray
    end_time: FloatArray
    wait_days: FloatArray
    completed: BoolArray
    stops: dict[str, IntArray]
    passed: BoolArray


def walk(
    parameters: Parameters,
    offers: Offers,
    kind: IntArray,
    steps: dict[str, StepTimes],
    streams: Streams,
) -> Way:
    """Let applicants walk through their steps; every result is recorded, none acted upon yet."""
    n = len(offers.journey)
    here = offers.made.copy()
    left_at, left_time = np.full(n, STAYED, dtype=np.int64), np.full(n, np.nan)
    left_waiting, stopped = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    end_time, wait_days = np.zeros(n), np.zeros(n)
    stops: dict[str, IntArray] = {}
    for position, (name, step) in enumerate(parameters.steps.items()):
        times = steps[name]
        reached = here & times.asked
        declines = reached & (streams.uniform(f"{name}.drop_off") < step.drop_off)
        patience = np.full(n, np.inf)
        if step.staff is not None:
            patience = -np.log1p(-streams.uniform(f"{name}.patience")) / parameters.waiting.hazard
        tires = reached & ~declines & (patience < times.wait)
        left_at[declines | tires] = position
        left_waiting |= tires
        left_time[declines] = times.begun[declines]
        left_time[tires] = times.submitted[tires] + 24.0 * patience[tires]
        here &= ~(declines | tires)
        done = reached & here
        end_time[done] = times.done[done]
        wait_days += np.where(done, times.wait, 0.0)
        if step.stops is not None:
            hit = _stops(parameters, name, kind, offers.defaults, streams)
            stops[name] = np.where(done, hit, -1)
            stopped |= done & hit
    return Way(
        left_at=left_at,
        left_waiting=left_waiting,
        left_time=left_time,
        end_time=end_time,
        wait_days=wait_days,
        completed=here,
        stops=stops,
        passed=here & ~stopped,
    )


def _stops(
    parameters: Parameters, check: str, kind: IntArray, defaults: BoolArray, streams: Streams
) -> BoolArray:
    sensitivity, false_alarm = stop_chances(parameters, check)
    chance = np.where(defaults, sensitivity[kind], false_alarm[kind])
    return np.asarray(streams.uniform(f"{check}.result") < chance)

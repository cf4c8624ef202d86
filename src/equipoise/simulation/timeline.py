"""When each step was asked, answered, picked up and finished, had the applicant stayed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.simulation.behaviour import journey_steps
from equipoise.simulation.clock import after_staff_hours
from equipoise.simulation.parameters import Parameters
from equipoise.simulation.streams import Streams

QUEUE_SPREAD = 0.5  # sd of ln(time) in queues and delays: typical right-skewed service times
WORK_SPREAD = 0.3
DAY_STARTS, DAY_LASTS = 7.0, 16.0  # applicants apply between 7 and 23 o'clock


@dataclass(frozen=True, slots=True)
class StepTimes:
    """Times of one step, (N,) hours since the calendar's first day.

    The applicant works from `begun` to `submitted`; staff, if any, from `picked_up` to `done`.
    `asked` says who has the step in their journey; the others' times stand still.
    """

    asked: BoolArray
    asked_at: FloatArray
    begun: FloatArray
    submitted: FloatArray
    picked_up: FloatArray
    done: FloatArray

    @property
    def wait(self) -> FloatArray:
        """Days kept waiting by staff."""
        return (self.done - self.submitted) / 24.0

    def head(self, n: int) -> StepTimes:
        """The first n applicants."""
        return StepTimes(
            self.asked[:n].copy(),
            self.asked_at[:n].copy(),
            self.begun[:n].copy(),
            self.submitted[:n].copy(),
            self.picked_up[:n].copy(),
            self.done[:n].copy(),
        )


def start_times(applied_day: IntArray, streams: Streams) -> FloatArray:
    """(N,) hours at which applications begin."""
    return applied_day * 24.0 + DAY_STARTS + DAY_LASTS * streams.uniform("hour")


def step_times(
    parameters: Parameters, journey: IntArray, start: FloatArray, streams: Streams
) -> dict[str, StepTimes]:
    """The times of every step. `journey` (N,) is a position in the journeys, -1 for none."""
    result: dict[str, StepTimes] = {}
    now = start
    for name in parameters.steps:
        holds = np.array([name in journey_steps(parameters, key) for key in parameters.journeys])
        asked = (journey >= 0) & holds[journey]
        times = _times(parameters, name, (asked, now), streams)
        result[name] = times
        now = times.done
    return result


def _times(
    parameters: Parameters, name: str, arrival: tuple[BoolArray, FloatArray], streams: Streams
) -> StepTimes:
    step = parameters.steps[name]
    asked, now = arrival
    begun = now + asked * step.applicant_delay_hours * _spread(streams, f"{name}.delay", 1.0)
    submitted = begun + asked * step.minutes / 60 * _spread(streams, f"{name}.minutes", WORK_SPREAD)
    if step.staff is None:
        return StepTimes(asked, now, begun, submitted, submitted, submitted)
    calendar = parameters.calendar
    queue = asked * step.queue_hours * _spread(streams, f"{name}.queue", QUEUE_SPREAD)
    picked_up = after_staff_hours(calendar, submitted, queue)
    work = asked * step.work_hours * _spread(streams, f"{name}.work", WORK_SPREAD)
    done = after_staff_hours(calendar, picked_up, work)
    return StepTimes(asked, now, begun, submitted, picked_up, done)


def _spread(streams: Streams, name: str, sd: float) -> FloatArray:
    return np.exp(sd * streams.normal(name))

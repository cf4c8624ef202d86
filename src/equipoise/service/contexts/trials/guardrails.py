"""Guardrails of a trial: how much worse than the champion a challenger may be, and what then.

Pure: who declares them, who heeds them and what is written down stand with whoever runs the trial.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from equipoise.errors import BadInput, did_you_mean

if TYPE_CHECKING:
    from equipoise.review.trials.trial import Measured

FEWEST, MOST_OUTCOMES = 10, 50_000  # outcomes of either arm from which on one may be heeded


class Then(StrEnum):
    """What follows when it is broken: nobody new is served by the challenger, or people are told
    and decide."""

    STOP = "stop"
    TELL = "tell"


@dataclass(frozen=True, slots=True)
class Watchable:
    """A share that can be watched: which way is better, and how many days pass until it is known
    of somebody."""

    higher_is_better: bool
    window_days: int


@dataclass(frozen=True, slots=True)
class Guardrail:
    """What a challenger's share may be less the champion's at the worst: `bound`, below 0 where
    more is better and above where less is. It is heeded from `least` outcomes of each arm on."""

    measure: str
    bound: float
    least: int
    then: Then

    def measured(self, watchable: Watchable) -> Measured:
        """The same as `monitoring.watch` takes it."""
        from equipoise.review.trials.trial import Measured

        return Measured(
            self.measure,
            watchable.higher_is_better,
            abs(self.bound),
            watchable.window_days,
            self.least,
        )


def check_guardrails(
    guardrails: Sequence[Guardrail], watchable: Mapping[str, Watchable]
) -> tuple[Guardrail, ...]:
    """The guardrails, where they make sense. Raises BadInput for a measure that is not watched or
    named twice, a bound on its better side, and outcomes too few to say anything."""
    names = [each.measure for each in guardrails]
    for each in guardrails:
        measure = watchable.get(each.measure)
        if measure is None:
            raise BadInput(
                f"nothing called '{each.measure[:40]}' is watched of a trial",
                field="guardrails",
                mend=did_you_mean(each.measure, watchable),
            )
        if names.count(each.measure) > 1:
            raise BadInput(f"'{each.measure}' has two guardrails", field="guardrails")
        _check_bound(each, measure)
        if not FEWEST <= each.least <= MOST_OUTCOMES:
            raise BadInput(
                f"the guardrail on '{each.measure}' is heeded from {each.least} outcomes on",
                field="guardrails",
                mend=f"say from how many on, {FEWEST} to {MOST_OUTCOMES}, in each arm",
            )
    return tuple(guardrails)


def _check_bound(guardrail: Guardrail, measure: Watchable) -> None:
    if not -1 < guardrail.bound < 1:  # NaN too
        raise BadInput(
            f"the bound of '{guardrail.measure}' is no difference of two shares",
            field="guardrails",
            mend="give a fraction, such as 0.05 for 5 points",
        )
    if measure.higher_is_better and guardrail.bound > 0:
        raise BadInput(
            f"the bound of '{guardrail.measure}' lies on its better side",
            field="guardrails",
            mend="more of it is better: say how far below the champion it may fall, as -0.05",
        )
    if not measure.higher_is_better and guardrail.bound < 0:
        raise BadInput(
            f"the bound of '{guardrail.measure}' lies on its better side",
            field="guardrails",
            mend="less of it is better: say how far above the champion it may rise, as 0.01",
        )

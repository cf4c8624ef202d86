"""What was weighed before asking or deciding, in money, for the trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.numeric.compiled import compiled
from equipoise.strategy.asking import kernels
from equipoise.strategy.asking.packing import rounded_log
from equipoise.strategy.asking.planner import Arguments, Plan, Planner
from equipoise.value.compiled.formula import standing
from equipoise.value.measures import MEASURES


@dataclass(frozen=True, slots=True)
class Weighing:
    """One applicant's plan and what it was made from; figures are money per applicant here."""

    planner: Planner
    plan: Plan
    person: Arguments
    weights: FloatArray
    allowed: BoolArray
    may_decline: bool

    def as_dict(self) -> dict[str, Any]:
        """What stands under `asking` in a trace.

        `passed` are the checks passed, `may_decide` whether an offer may be made without a
        further one, `now` what deciding at once is worth (or would be, might one), `considered`
        the checks that could come next.
        """
        plan, names = self.plan, self.planner.names
        left = [c for c in range(len(names)) if not plan.passed >> c & 1]
        reached = [c for c in left if not np.isnan(plan.value[plan.passed | 1 << c])]
        return {
            "passed": [name for c, name in enumerate(names) if plan.passed >> c & 1],
            "may_decide": self._may_decide(),
            "now": self._now(),
            "considered": [self._considered(c) for c in reached],
        }

    def _may_decide(self) -> bool:
        a, passed = self.planner.arrays, self.plan.passed
        mine = self.allowed[1:] & (a.terms_of == self.plan.terms) & ~a.person
        return bool((mine & (a.needs & passed == a.needs)).any())

    def _now(self) -> float:
        if self.plan.terms < 0:
            return 0.0
        offer = float(self.plan.offers[self.plan.passed])
        return max(offer, 0.0) if self.may_decline else offer

    def _considered(self, c: int) -> dict[str, Any]:
        """A check and what the plan asks `then`.

        `value` is what is gained over deciding now were they free, instant and never wrong about
        those who repay: the loss avoided. `cost` is what of that is not to be had: `asking`, the
        fees and minutes, and `lost`, good customers who leave, tire of waiting or are stopped.
        """
        plan, names = self.plan, self.planner.names
        path = self._path(c)
        fees, share = self._walk(path)
        end = plan.passed | sum(1 << each for each in path)
        ends = max(float(plan.offers[end]), 0.0) if self.may_decline else float(plan.offers[end])
        now, free = self._now(), self._free(path)
        net = share * ends - fees - now
        return {
            "check": names[c],
            "then": [names[each] for each in path[1:]],
            "value": free - now,
            "cost": free - now - net,
            "asking": fees,
            "lost": free - now - net - fees,
            "net": net,
        }

    def _path(self, c: int) -> list[int]:
        """The check and what follows it in the plan, to the offer or to a person's last check."""
        act, here, path = self.plan.act, self.plan.passed | 1 << c, [c]
        while act[here] < kernels.OFFER:
            path.append(int(act[here]))
            here |= 1 << path[-1]
        if act[here] >= kernels.PERSON:
            needs = int(self.planner.arrays.needs[act[here] - kernels.PERSON])
            path += [b for b in range(len(self.planner.names)) if needs & ~here & 1 << b]
        return path

    def _walk(self, path: Sequence[int]) -> tuple[float, float]:
        """What asking along a path takes, and the share who are left at its end."""
        a, here, reach, fees = self.planner.arrays, self.plan.passed, 1.0, 0.0
        for c in path:
            fees -= reach * compiled(kernels.charged)(a.requests[c], self.weights)
            reach *= compiled(kernels.going_on)(a.requests[c], self.plan.at[6] * a.sets[here, 0])
            here |= 1 << c
        return fees, reach

    def _free(self, path: Sequence[int]) -> float:
        """Value of stopping the same defaulters at no cost at all."""
        a, plan = self.planner.arrays, self.plan
        pd, lgd, amount, months, _, apr = self.person
        seen, _ = compiled(standing)(pd, amount, months, apr)
        ratio, _, wait = a.sets[plan.passed]
        odds, passing = float(plan.at[6] * ratio), 1.0
        for c in path:
            passing *= float(a.requests[c, kernels.BAD])
        kept = max(float(ratio) * passing, 1e-9)
        net = compiled(kernels.worth)(
            np.empty(len(MEASURES)), a.terms[plan.terms], plan.at, a.rest, a.lender, a.unit,
            self.weights, seen, lgd, kept, rounded_log(kept), float(wait),
        )  # fmt: skip
        value = (1.0 + odds * passing) / (1.0 + odds) * net
        return max(value, 0.0) if self.may_decline else value

"""Exploring near ties for one applicant."""

from __future__ import annotations

from equipoise.numeric.arrays import BoolArray
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.exploring.explorer import Explorer
from equipoise.strategy.runtimes.record.case import Case, Choice
from equipoise.strategy.runtimes.record.choosing import Prices, WholeJourneys
from equipoise.strategy.runtimes.record.signing import Signing


class Exploring:
    """The runner-up, where it is nearly as good and the lot falls on the applicant."""

    def __init__(self, compiled: Compiled, explorer: Explorer) -> None:
        self._explorer, self._valuer = explorer, compiled.valuer
        self._base, self._prices = compiled.weights.base, Prices(compiled)
        self._whole, self._signing = WholeJourneys(compiled), Signing(compiled)

    def choice(self, case: Case, place: int | None, allowed: BoolArray) -> Choice:
        """See `Choosing`; what a table gives is not explored."""
        if place is not None:
            return self._whole.choice(case, place, allowed)
        person, (weights, held) = case.person(), self._prices.of(case)
        best = self._valuer.one(*person, weights, allowed)
        explorer = self._explorer
        if case.id is None or not explorer.tied(best.net, best.runner_up, best.runner_up_net):
            return Choice(best, held)
        other = self._valuer.given(*person, self._base, best.runner_up)
        alone = self._signing.needs_nobody
        if not (alone(case, best) and alone(case, other)):
            return Choice(best, held)
        explored = explorer.falls_on(case.id)
        if explored:
            best = other._replace(
                net=best.runner_up_net, runner_up=best.index, runner_up_net=best.net
            )
        return Choice(best, held, explorer.propensity(explored=explored), explored)

    def next_check(self, case: Case, choice: Choice, checks: tuple[str, ...]) -> str | None:
        """See `Choosing`."""
        return self._whole.next_check(case, choice, checks)

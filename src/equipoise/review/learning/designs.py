"""Which experiments measure which input: what is seen, of whom, and what trying means for them.

Everything is reckoned at the stated inputs. A challenger gives the treatment that a person has
today with one part of it changed, to people who are offered a loan today and may have the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from math import sqrt

import numpy as np
from scipy.special import expit

from equipoise.balance.problem import Choice
from equipoise.numeric.arrays import FloatArray, IndexArray
from equipoise.review.learning.experiments import (
    FINENESS,
    Arm,
    Experiment,
    Flow,
    Seen,
    cheapest,
    counted,
    looked_up,
    moved_in_odds,
    share_error,
    slope_error,
    timed,
    tried,
)
from equipoise.review.learning.priors import Prior
from equipoise.value.loans import instalment
from equipoise.value.model import ValueModel
from equipoise.value.population import Population
from equipoise.value.treatments import Journey, Treatment

HELD_BACK = 2.0  # days that an answer is held back for the challenger's arm
RARE = 0.01  # of applicants: who reach a part so seldom are no sample of it
_OWN_BOOKS = ("lender.", ".cost")


@dataclass(frozen=True)
class Ground:
    """The lender as it is: whom it serves how today, and its flow."""

    model: ValueModel
    people: Population
    flow: Flow

    def experiment(self, prior: Prior) -> Experiment | None:
        """The cheapest experiment that settles an input; None where the menu has none."""
        return cheapest(list(self._options(prior)))

    def _options(self, prior: Prior) -> Iterator[Experiment | None]:
        name, part = prior.name, prior.name.rpartition(".")[2]
        if name.startswith("lender.") or part == "cost":
            yield looked_up()
        elif part == "minutes":
            yield timed(prior.declared.value, self.flow, self._reached(_owner(name)))
        elif part == "drop_off":
            yield from self._leaving(prior)
        elif part in {"sensitivity", "false_alarm"}:
            yield from self._not_acted(prior)
        elif name in self._by_name:
            yield from self._by_name[name](prior)

    @cached_property
    def _by_name(self) -> dict[str, Callable[[Prior], Iterator[Experiment | None]]]:
        return {
            "waiting.hazard_per_day": self._giving_up,
            "take_up.intercept": self._taking,
            "take_up.risk": self._taking_by_risk,
            "take_up.price": lambda prior: self._priced(prior, defaults=False),
            "take_up.amount": self._sized,
            "take_up.waiting": self._held_back,
            "pd_response.price": lambda prior: self._priced(prior, defaults=True),
            "pd_response.burden": self._burdened,
            "lgd_scale": self._recovered,
        }

    # what is only counted

    def _leaving(self, prior: Prior) -> Iterator[Experiment | None]:
        owner, rate = _owner(prior.name), prior.declared.value
        error = share_error(rate)
        reached = self._reached(owner)
        if reached >= RARE:
            yield counted("count", Seen(rate, rate + _step(prior), reached, 0.0, error), self.flow)
            return
        for journey in self._journeys_with(owner):
            arm = self._arm(self._with(journey=journey))
            inside = self._reaching(journey, owner, self.people).mean()
            seen = Seen(rate, rate + _step(prior), float(inside), 0.0, error)
            yield tried("journey", seen, arm, self.flow, alone=True)

    def _giving_up(self, prior: Prior) -> Iterator[Experiment | None]:
        hazard = prior.declared.value
        waits = np.array([0.0 if j is None else j.wait_days for j in self._journeys_today])
        days = float(waits.mean())
        if days > 0:
            left, more = (-np.expm1(-rate * days) for rate in (hazard, hazard + _step(prior)))

            def error(outcomes: float, _ratio: float) -> float:
                return sqrt(max(hazard, _step(prior)) / max(outcomes * days, 1e-9))

            yield counted("count", Seen(float(left), float(more), 1.0, 0.0, error), self.flow)

    def _taking(self, prior: Prior) -> Iterator[Experiment | None]:
        rate = self._take_up
        moved = moved_in_odds(rate, _step(prior))
        seen = Seen(rate, moved, self._offered, self.flow.answer_days, slope_error(rate, 1.0))
        yield counted("count", seen, self.flow)

    def _taking_by_risk(self, prior: Prior) -> Iterator[Experiment | None]:
        rate, seen_pd = self._take_up, self.people.seen_pd[self._lent]
        apart = 2 * float(np.std(np.log(seen_pd / (1 - seen_pd))))
        if not apart > 0:
            return

        def error(outcomes: float, _ratio: float) -> float:
            return 2 / apart / sqrt(max(outcomes, 1.0) * rate * (1 - rate))

        moved = moved_in_odds(rate, _step(prior) * apart)
        seen = Seen(rate, moved, self._offered, self.flow.answer_days, error)
        yield counted("count", seen, self.flow, halves=True)

    def _recovered(self, prior: Prior) -> Iterator[Experiment | None]:
        lost = float(self.people.lgd.mean())
        # of all shares with this mean, all or nothing varies most: never too few
        error = share_error(lost)
        wait = self.flow.window_days + self.flow.recovery_days
        seen = Seen(
            lost, lost * (1 + _step(prior)), self._defaulting, wait,
            lambda outcomes, ratio: error(outcomes, ratio) / lost,
        )  # fmt: skip
        yield counted("follow", seen, self.flow)

    # what a challenger shows

    def _priced(self, prior: Prior, *, defaults: bool) -> Iterator[Experiment | None]:
        for price in dict.fromkeys(each.price for each in self.model.menu if each.price):
            changed = self._with(price=price)
            apart = self._mean_over(changed, lambda rows, k: self.model.terms(rows, k)[0])
            if abs(apart) > 0:
                yield self._slope("price", prior, changed, abs(apart), defaults=defaults)

    def _sized(self, prior: Prior) -> Iterator[Experiment | None]:
        for amount in dict.fromkeys(each.amount for each in self.model.menu if each.amount):
            changed = self._with(amount=amount)
            apart = self._mean_over(
                changed, lambda rows, k: np.log(self.model.terms(rows, k)[1] / rows.amount)
            )
            if abs(apart) > 0:
                yield self._slope("amount", prior, changed, abs(apart), defaults=False)

    def _burdened(self, prior: Prior) -> Iterator[Experiment | None]:
        def burden(rows: Population, k: int) -> FloatArray:
            apr, amount, months = self.model.terms(rows, k)
            return instalment(amount, apr, months) / rows.income

        for amount in dict.fromkeys(each.amount for each in self.model.menu if each.amount):
            changed = self._with(amount=amount)
            apart = self._mean_over(changed, burden)
            if abs(apart) > 0:
                yield self._slope("amount", prior, changed, abs(apart), defaults=True)

    def _slope(
        self, kind: str, prior: Prior, changed: Choice, apart: float, *, defaults: bool
    ) -> Experiment | None:
        rate = self._default if defaults else self._take_up
        moved = moved_in_odds(rate, _step(prior) * apart)
        observed = self._booked if defaults else self._offered
        after = self.flow.window_days if defaults else self.flow.answer_days
        seen = Seen(rate, moved, observed / max(self._share_lent, 1e-9), after,
                    slope_error(rate, apart))  # fmt: skip
        return tried(kind, seen, self._arm(changed), self.flow)  # type: ignore[arg-type]

    def _held_back(self, prior: Prior) -> Iterator[Experiment | None]:
        rate = self._take_up
        later = replace(self.model, menu=tuple(_later(each) for each in self.model.menu))
        moved = moved_in_odds(rate, _step(prior) * HELD_BACK)
        seen = Seen(
            rate, moved, self._offered / max(self._share_lent, 1e-9), self.flow.answer_days,
            slope_error(rate, HELD_BACK),
        )  # fmt: skip
        arm = self._arm(np.where(self._lent, self.people.today, -1), later)
        yield tried("hold_back", seen, arm, self.flow)

    def _not_acted(self, prior: Prior) -> Iterator[Experiment | None]:
        owner, rate, part = _owner(prior.name), prior.declared.value, prior.name.rpartition(".")[2]
        silent = self.model.replaced({f"checks.{owner}.{each}": 0.0 for each in _REVEALS})
        today = self.people.today
        used = np.array([owner in _checks(each) for each in self.model.menu])
        choices = [np.where(used[today], today, -1)]
        if used[today].mean() < RARE:
            choices = [self._with(journey=journey) for journey in self._journeys_with(owner)]
        for choice in choices:
            rows = np.flatnonzero(choice >= 0)
            if not rows.size:
                continue
            booked = silent.of_choice(self.people.rows(rows), choice[rows]).booked
            pd = self.people.pd[rows]
            weight = pd if part == "sensitivity" else 1 - pd
            observed = float((booked * weight).mean())
            moved = rate + _step(prior)
            seen = Seen(rate, moved, observed, self.flow.window_days, share_error(rate))
            yield tried("not_acted", seen, self._arm(choice, silent), self.flow, alone=True)

    # the lender as it is

    @cached_property
    def _lent(self) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        return np.array([each.journey is not None for each in self.model.menu])[self.people.today]

    @cached_property
    def _share_lent(self) -> float:
        return float(self._lent.mean())

    @cached_property
    def _today(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Chance of an offer being made, of its being taken, loans booked, and their PD."""
        size = self.people.size
        offered, takes, pd = np.zeros(size), np.zeros(size), self.people.pd
        booked = self.model.of_choice(self.people, self.people.today).booked
        for k in np.unique(self.people.today[self._lent]):
            rows = np.flatnonzero(self.people.today == k)
            journey = self.model.menu[k].journey
            assert journey is not None  # noqa: S101 - of those lent to
            some = self.people.rows(rows)
            apr, amount, _ = self.model.terms(some, int(k))
            waits = np.full(1, journey.wait_days)
            logit = self.model.take_up().utility(apr, amount / some.amount, waits, some.seen_pd)
            takes[rows] = expit(logit)
            offered[rows] = booked[rows] / takes[rows]
        return offered, takes, booked, pd

    @property
    def _offered(self) -> float:
        return float(self._today[0].mean())

    @property
    def _take_up(self) -> float:
        offered, takes, *_ = self._today
        return float(np.average(takes, weights=offered))

    @property
    def _booked(self) -> float:
        return float(self._today[2].mean())

    @property
    def _default(self) -> float:
        *_, booked, pd = self._today
        return float(np.average(pd, weights=booked))

    @property
    def _defaulting(self) -> float:
        *_, booked, pd = self._today
        return float((booked * pd).mean())

    @property
    def _journeys_today(self) -> list[Journey | None]:
        return [self.model.menu[k].journey for k in self.people.today]

    def _reached(self, owner: str) -> float:
        """The share of applicants who come to a step or check today."""
        total = 0.0
        for k in np.unique(self.people.today):
            journey = self.model.menu[k].journey
            if journey is not None:
                rows = np.flatnonzero(self.people.today == k)
                total += float(self._reaching(journey, owner, self.people.rows(rows)).sum())
        return total / self.people.size

    def _reaching(self, journey: Journey, owner: str, people: Population) -> FloatArray:
        """The chance of each to come to a step or check of a journey; steps come first."""
        there = np.ones(people.size)
        for step in journey.steps:
            if step == owner:
                return there
            there = there * (1 - self.model.experience.step(step).drop_off.value)
        for name in journey.checks:
            if name == owner:
                return there
            check = self.model.experience.check(name).check()
            there = there * (1 - check.drop_off) * check.pass_rate(people.pd)
        return np.zeros(people.size)

    def _journeys_with(self, owner: str) -> list[Journey]:
        journeys = dict.fromkeys(each.journey for each in self.model.menu if each.journey)
        return [each for each in journeys if owner in (*each.steps, *each.checks)]

    # challengers

    def _with(self, **part: object) -> Choice:
        """Everybody's treatment of today with a part changed; -1 where it stays or cannot be."""
        parts = {_parts(each): k for k, each in enumerate(self.model.menu) if each.journey}
        to = np.full(len(self.model.menu), -1)
        for k, each in enumerate(self.model.menu):
            if each.journey is not None:
                to[k] = parts.get(_parts(each.model_copy(update=part)), -1)
        to[to == np.arange(to.size)] = -1
        choice = to[self.people.today]
        open_to = self.people.eligible[np.arange(self.people.size), choice]
        return np.where((choice >= 0) & open_to, choice, -1)

    def _arm(self, choice: Choice, served: ValueModel | None = None) -> Arm:
        """What serving those with a choice of 0 or more so means, beside today."""
        rows = np.flatnonzero(choice >= 0)
        if not rows.size:
            return Arm(0.0, 0.0, 0.0)
        some = self.people.rows(rows)
        new = (served or self.model).of_choice(some, choice[rows])
        old = self.model.of_choice(some, some.today)
        names = tuple(self.model.menu[k].name for k in np.unique(choice[rows]))
        return Arm(
            whom=rows.size / self.people.size,
            cost=float((old.profit - new.profit).mean()),
            risk=float((new.expected_loss - old.expected_loss).mean()),
            treatments=names,
        )

    def _mean_over(self, choice: Choice, term: Callable[[Population, int], FloatArray]) -> float:
        """The mean by which a term changes for those who are changed."""
        rows: IndexArray = np.flatnonzero(choice >= 0)
        if not rows.size:
            return 0.0
        change = 0.0
        for old, new in np.unique(np.column_stack([self.people.today[rows], choice[rows]]), axis=0):
            some = self.people.rows(rows[(self.people.today[rows] == old) & (choice[rows] == new)])
            change += float((term(some, int(new)) - term(some, int(old))).sum())
        return change / rows.size


_REVEALS = ("sensitivity", "false_alarm")


def _parts(treatment: Treatment) -> tuple[object, ...]:
    return treatment.journey, treatment.price, treatment.amount, treatment.term


def _checks(treatment: Treatment) -> tuple[str, ...]:
    return treatment.journey.checks if treatment.journey else ()


def _later(treatment: Treatment) -> Treatment:
    if treatment.journey is None:
        return treatment
    waits = treatment.journey.wait_days + HELD_BACK
    later = treatment.journey.model_copy(update={"wait_days": waits})
    return treatment.model_copy(update={"journey": later})


def _owner(name: str) -> str:
    return name.partition(".")[2].rpartition(".")[0]


def _step(prior: Prior) -> float:
    """A quarter of the range, towards where there is more room."""
    size, value = FINENESS * (prior.high - prior.low), prior.declared.value
    return size if prior.high - value >= value - prior.low else -size

"""The search for changes that turn an answer, guided by the strategy's own answers.

A state is the number of steps taken along each move. One move alone is tried first, then two, then
all at once with what is not needed taken away again. Outcomes need not be monotone: each move is
looked at along its whole way, and whatever is found is reduced by steps that were themselves
decided, so that neither a change nor a single step of one can be spared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from math import ceil
from typing import Any

from equipoise.strategy.decision import Decision
from equipoise.strategy.engine import Strategy
from equipoise.strategy.recourse.moves import Move

State = tuple[int, ...]
LIMIT = 600
LEVELS = 24
PARTS = (1.0, 0.75, 0.5, 0.25)
EACH_MORE = 0.1
YEAR = 365.0


class Search:
    """The states of one applicant, each decided once; `better` says which answers are sought."""

    def __init__(
        self,
        strategy: Strategy,
        record: Mapping[str, Any],
        moves: Sequence[Move],
        at: date | None,
        better: Callable[[Decision], bool],
    ) -> None:
        self._strategy, self._record, self._at = strategy, record, at
        self.moves, self._better = moves, better
        self._seen: dict[State, Decision] = {}
        self._none: State = (0,) * len(moves)
        self._best: list[int] = [0] * len(moves)
        self._first: list[int] = [0] * len(moves)

    @property
    def decisions(self) -> int:
        """How often the strategy was asked."""
        return len(self._seen)

    def application(self, state: State) -> dict[str, Any]:
        """The application with the state's steps taken."""
        steps = zip(self.moves, state, strict=True)
        return {**self._record, **{m.field.name: m.to(k) for m, k in steps if k}}

    def decision(self, state: State) -> Decision:
        """What the strategy answers to a state."""
        decision = self._seen.get(state)
        if decision is None:
            decision = self._strategy.decide(self.application(state), at=self._at)
            self._seen[state] = decision
        return decision

    def effort(self, state: State) -> float:
        """Parts of the way that the contract allows, added up; a tenth for each change after the
        first; and the days of the longest change, in years."""
        taken = [(m, k) for m, k in zip(self.moves, state, strict=True) if k]
        days = max((m.days(k) for m, k in taken), default=0.0)
        return sum(m.share(k) for m, k in taken) + EACH_MORE * (len(taken) - 1) + days / YEAR

    def found(self) -> Iterator[State]:
        """States that turn the answer and cannot be reduced, as they are found."""
        for state in self._candidates():
            yield self._reduced(state)

    def any(self) -> bool:
        """Whether some state turns the answer."""
        return next(self._candidates(), None) is not None

    def _good(self, state: State) -> bool:
        return self._better(self.decision(state))

    def _with(self, state: State, move: int, steps: int) -> State:
        return (*state[:move], steps, *state[move + 1 :])

    def _candidates(self) -> Iterator[State]:
        everything = range(len(self.moves))
        for move in everything:
            if (state := self._alone(move)) is not None:
                yield state
        for one, other in combinations(everything, 2):
            if self.decisions >= LIMIT:
                break
            if self.moves[one].field.name != self.moves[other].field.name:
                yield from self._two(one, other)
        terms = [k for k in everything if self.moves[k].term]
        facts = [k for k in everything if not self.moves[k].term]
        for chosen in (terms, facts, list(everything)):
            yield from self._together(chosen)

    def _alone(self, move: int) -> State | None:
        """The fewest steps of one move that turn the answer, looking at levels along its way."""
        reach, below = self.moves[move].reach, 0
        levels = sorted({ceil(reach * part / LEVELS) for part in range(1, LEVELS + 1)})
        least = float("inf")
        for steps in levels:
            state = self._with(self._none, move, steps)
            if self._good(state):
                self._first[move] = self._fewest(state, move, below)
                return self._with(state, move, self._first[move])
            pd = self.decision(state).trace.pd
            if pd is not None and pd <= least:  # of equal ones, the furthest
                least, self._best[move] = pd, steps
            below = steps
        self._best[move] = self._best[move] or reach
        return None

    def _fewest(self, state: State, move: int, below: int) -> int:
        """Bisect between `below` steps, which do not turn the answer, and the state's, which do."""
        good = state[move]
        while good - below > 1:
            middle = (good + below) // 2
            if self._good(self._with(state, move, middle)):
                good = middle
            else:
                below = middle
        return good

    def _furthest(self, move: int) -> int:
        """How far a move goes without turning the answer alone."""
        return self._first[move] - 1 if self._first[move] else self._best[move]

    def _two(self, one: int, other: int) -> Iterator[State]:
        """Two moves: some part of the one with the fewest steps of the other, and the reverse."""
        ends = self._furthest(one), self._furthest(other)
        if min(ends) < 1:
            return
        both = self._with(self._with(self._none, one, ends[0]), other, ends[1])
        if not self._good(both):
            return
        states = [*self._traded(both, one, other), *self._traded(both, other, one)]
        yield min(states, key=self.effort)

    def _traded(self, both: State, one: int, other: int) -> Iterator[State]:
        for part in PARTS:
            state = self._with(both, one, ceil(part * both[one]))
            if not self._good(state):
                return
            yield self._with(state, other, self._fewest(state, other, 0))

    def _together(self, chosen: Sequence[int]) -> Iterator[State]:
        """All chosen moves at once, then without those that can be spared, dearest first and
        cheapest first."""
        state, fields = self._none, set[str]()
        for move in sorted(chosen, key=self._promise):
            if self.moves[move].field.name not in fields:
                fields.add(self.moves[move].field.name)
                state = self._with(state, move, self._first[move] or self._best[move])
        taken = [move for move in chosen if state[move]]
        if len(taken) < 3 or not self._good(state):
            return
        by_effort = sorted(taken, key=lambda k: self.effort(self._with(self._none, k, state[k])))
        for order in (by_effort[::-1], by_effort):
            left = state
            for move in order:
                without = self._with(left, move, 0)
                if any(without) and self._good(without):
                    left = without
            yield left

    def _promise(self, move: int) -> float:
        """The PD at a move's best level; of two moves of one field the lower is taken."""
        steps = self._first[move] or self._best[move]
        pd = self.decision(self._with(self._none, move, steps)).trace.pd
        return 2.0 if pd is None else pd

    def _reduced(self, state: State) -> State:
        """Without any change, and any step of one, that can be spared."""
        while True:
            start = state
            for move in sorted(range(len(state)), key=lambda k: -self.moves[k].share(state[k])):
                if not state[move]:
                    continue
                without = self._with(state, move, 0)
                if any(without) and self._good(without):
                    state = without
                else:
                    state = self._with(state, move, self._fewest(state, move, 0))
            if state == start:
                return state

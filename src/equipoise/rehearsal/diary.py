"""What an underwriter of a rehearsal knows to have done, to be held against the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

CLAIMED, RELEASED, ASSIGNED = "claimed", "gave back", "handed over"
DECIDED, SIGNED, PASSED, RETURNED = "decided", "signed", "passed on", "returned"
LOST, LEAVE = "lost the lease", "went on leave"
ACTS = (CLAIMED, LOST, RELEASED, ASSIGNED, DECIDED, SIGNED, PASSED, RETURNED, LEAVE)
"""In the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Act:
    """What `who` (`user.7`) did: `of` is the work, the decision or the first day of a leave."""

    who: str
    what: str
    of: str


@dataclass
class Diary:
    """One underwriter's: acts that the service acknowledged, how often each; those of which no
    answer came (`doubtful`); and what it refused them, in its words."""

    who: str = ""
    did: Counter[Act] = field(default_factory=Counter)
    doubtful: set[Act] = field(default_factory=set)
    refused: Counter[str] = field(default_factory=Counter)
    cases: int = 0

    def done(self, what: str, of: str) -> None:
        """The service said that it is done."""
        self.did[Act(self.who, what, of)] += 1

    def doubt(self, what: str, of: str) -> None:
        """It was asked for, and no answer came."""
        self.doubtful.add(Act(self.who, what, of))

    def count(self, what: str) -> int:
        """How often they did it."""
        return sum(n for act, n in self.did.items() if act.what == what)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An act of which the record and whoever did it do not say the same: how often by each."""

    act: Act
    known: int
    recorded: int

    def __str__(self) -> str:
        return (
            f"{self.act.who} {self.act.what} {self.act.of}: {self.known} times by their own "
            f"account, {self.recorded} by the record"
        )


def disagreements(diaries: Iterable[Diary], recorded: Mapping[Act, int]) -> list[Disagreement]:
    """Where the two are not one; what was left in doubt may stand there or not."""
    known: Counter[Act] = Counter()
    doubtful: set[Act] = set()
    for each in diaries:
        known.update(each.did)
        doubtful |= each.doubtful
    every = sorted({*known, *recorded} - doubtful, key=lambda act: (act.who, act.what, act.of))
    pairs = ((act, known[act], recorded.get(act, 0)) for act in every)
    return [Disagreement(*each) for each in pairs if each[1] != each[2]]

"""The people of a rehearsed desk: what they see, how fast they are, and how they tire."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import Array, FloatArray


@dataclass(frozen=True, slots=True)
class Skill:
    """Chances of a rested person: to see that the machine is wrong, and to spoil what was right."""

    finds: float = 0.8
    spoils: float = 0.02

    def __post_init__(self) -> None:
        for name in ("finds", "spoils"):
            if not 0 <= getattr(self, name) <= 1:
                raise BadInput(
                    f"{name} is {getattr(self, name)}, not a chance",
                    field=name,
                    mend="give a share from 0 to 1",
                )


@dataclass(frozen=True, slots=True)
class Underwriter:
    """One person: skill by kind of case, speed, and what a working day takes out of them.

    `kinds` holds the skill in cases of that kind, `skill` that in all others. `speed` 2 does a case
    in half the usual time. At the end of a working day a case takes the share `slower` longer than
    in the morning; the share `duller` of what they find is missed, and they spoil that share more.
    In between both grow with the open hours that are over.
    """

    skill: Skill = Skill()
    kinds: Mapping[str, Skill] = field(default_factory=dict)
    speed: float = 1.0
    slower: float = 0.0
    duller: float = 0.0

    def __post_init__(self) -> None:
        # the mapping handed in is the caller's; what is declared here does not change
        object.__setattr__(self, "kinds", MappingProxyType(dict(self.kinds)))
        if not (np.isfinite(self.speed) and self.speed > 0):
            raise BadInput(f"a speed of {self.speed}", field="speed", mend="give one above 0")
        if not (np.isfinite(self.slower) and self.slower >= 0):
            raise BadInput(f"slower by {self.slower}", field="slower", mend="give 0 or more")
        if not 0 <= self.duller <= 1:
            raise BadInput(f"duller by {self.duller}", field="duller", mend="give a share 0 to 1")

    def changes(self, kind: Array, wrong: Array, day: FloatArray) -> FloatArray:
        """Chance (n,) that this person changes the machine's answer.

        `kind` (n,) are kinds of cases, `wrong` (n,) whether the machine is wrong, `day` (n,) the
        share of the working day that is over.
        """
        finds = np.full(len(kind), self.skill.finds)
        spoils = np.full(len(kind), self.skill.spoils)
        for name, skill in self.kinds.items():
            finds[kind == name], spoils[kind == name] = skill.finds, skill.spoils
        dull = self.duller * day
        return np.where(wrong, finds * (1 - dull), np.minimum(spoils * (1 + dull), 1.0))


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works at each level: those `named`, then people drawn around `usual`.

    `vary` is the coefficient of variation of their speeds, and the standard deviation of what they
    find in log-odds, the same for all kinds. Person k of a level is the same for a seed however
    many there are: one more leaves the others as they were.
    """

    usual: Underwriter = Underwriter()
    vary: float = 0.0
    seed: int = 0
    named: Mapping[str, Sequence[Underwriter]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (np.isfinite(self.vary) and self.vary >= 0):
            raise BadInput(f"people vary by {self.vary}", field="vary", mend="give 0 or more")
        listed = {level: tuple(people) for level, people in self.named.items()}
        object.__setattr__(self, "named", MappingProxyType(listed))

    def at(self, level: str, people: int) -> tuple[Underwriter, ...]:
        """The first `people` of a level."""
        named = tuple(self.named.get(level, ()))[:people]
        return named + tuple(self._drawn(level, k) for k in range(len(named), people))

    def _drawn(self, level: str, place: int) -> Underwriter:
        if not self.vary:
            return self.usual
        name = int.from_bytes(hashlib.sha256(level.encode()).digest()[:8], "big")
        rng = np.random.default_rng([self.seed, name, place])
        spread = float(np.sqrt(np.log1p(self.vary**2)))
        speed, eye = rng.standard_normal(2)
        return replace(
            self.usual,
            speed=self.usual.speed * float(np.exp(spread * speed - spread**2 / 2)),
            skill=_moved(self.usual.skill, self.vary * float(eye)),
            kinds={
                kind: _moved(skill, self.vary * float(eye))
                for kind, skill in self.usual.kinds.items()
            },
        )


def _moved(skill: Skill, log_odds: float) -> Skill:
    if not 0 < skill.finds < 1:
        return skill
    odds = skill.finds / (1 - skill.finds) * float(np.exp(log_odds))
    return replace(skill, finds=odds / (1 + odds))


USUAL = Crew()

"""Who is served by the champion and who by a challenger: by a stable hash of the applicant.

The same applicant always falls to the same side, on any machine and in any order, so nothing need
be stored to ask again. SHA-256 is what Python and the databases we write SQL for have in common;
for SQLite alone it is written out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from equipoise.errors import BadInput
from equipoise.expression import DialectName
from equipoise.strategy.exploring.sha256_sql import sha256_head_sql

CHAMPION = "champion"
NAME = r"^[A-Za-z][A-Za-z0-9_]*$"
BITS = 53  # all of a double: a draw and a share are compared without rounding
_NAMED = re.compile(NAME)


def draw(experiment: str, applicant: str) -> float:
    """A number in [0, 1), uniform over applicants and independent between experiments.

    The first 53 bits of SHA-256 over `experiment/applicant` in UTF-8. A name holds no slash, so no
    two pairs give the same text.
    """
    # surrogates have no UTF-8 of their own; an id that holds some is still an id
    text = f"{experiment}/{applicant}".encode(errors="surrogatepass")
    head = hashlib.sha256(text, usedforsecurity=False).digest()[:8]
    return float(int.from_bytes(head, "big") >> (64 - BITS)) / 2.0**BITS


def threshold(share: float) -> str:
    """What the first 16 hex digits of the hash lie below, as text, where the draw is in `share`."""
    return f"{ceil(share * 2.0**BITS) << (64 - BITS):016x}"


def draw_sql(experiment: str, applicant: str, dialect: DialectName) -> str:
    """SQL for the first 16 hex digits of the hash, to be held against a `threshold`.

    `applicant` is a column of text. Hex digits sort as numbers do, byte by byte.
    """
    if dialect == "sqlite":
        return sha256_head_sql(f"'{experiment}/' || {applicant}")
    key = f"CONCAT('{experiment}/', {applicant})"
    whole = {
        "duckdb": f"SHA256({key})",
        "postgres": f"ENCODE(SHA256(CONVERT_TO({key}, 'UTF8')), 'hex')",
        "spark": f"SHA2({key}, 256)",
    }[dialect]
    return f"SUBSTR({whole}, 1, 16)" + (' COLLATE "C"' if dialect == "postgres" else "")


@dataclass(frozen=True, slots=True)
class Arm:
    """A challenger with its share of applicants, in a lane of its own.

    It serves draws in [start, start + share), and its share may grow up to `ceiling`: whatever the
    others do, nobody is moved between challengers.
    """

    name: str
    start: float
    ceiling: float
    share: float


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who serves an applicant, and the chance with which that was so."""

    arm: str
    propensity: float


@dataclass(frozen=True, slots=True)
class Split:
    """A champion and its challengers under one experiment's name.

    Each of n challengers has a lane of 1/n of all draws. No other layout can keep people from
    being moved between three or more challengers whose shares grow one by one: what the first has
    grown into must have been nobody's but the champion's. Raises BadInput for shares that do not
    fit.
    """

    experiment: str
    arms: tuple[Arm, ...]

    @classmethod
    def of(cls, experiment: str, shares: Mapping[str, float]) -> Split:
        """The split by challenger's name and share, in the order of their lanes."""
        if not _NAMED.match(experiment):
            raise BadInput(
                f"'{experiment}' cannot name an experiment",
                field="experiment",
                mend="use letters, digits and _, a letter first",
            )
        if not shares:
            raise BadInput("there is no challenger", field="challengers", mend="name one")
        lane = 1.0 / len(shares)
        arms = tuple(
            Arm(name, at / len(shares), lane, _sound(name, share, lane))
            for at, (name, share) in enumerate(shares.items())
        )
        _some_left(shares)
        return cls(experiment, arms)

    @property
    def champion_share(self) -> float:
        """The share that the champion serves."""
        return 1.0 - sum(arm.share for arm in self.arms)

    def shares(self) -> dict[str, float]:
        """Every arm's share, the champion's first."""
        return {CHAMPION: self.champion_share, **{arm.name: arm.share for arm in self.arms}}

    def assign(self, applicant: str | None) -> Assignment:
        """Who serves an applicant; without an id the champion does, with certainty."""
        if applicant is None:
            return Assignment(CHAMPION, 1.0)
        at = draw(self.experiment, applicant)
        for arm in self.arms:
            if arm.start <= at < arm.start + arm.share:
                return Assignment(arm.name, arm.share)
        return Assignment(CHAMPION, self.champion_share)


def _sound(name: str, share: float, lane: float) -> float:
    if name == CHAMPION:
        raise BadInput(
            "a challenger cannot be called champion",
            field="challengers",
            mend="the champion serves what the challengers leave; give it no share",
        )
    if not 0 <= share < 1:
        raise BadInput(
            f"{name}'s share {share:g} is not from 0 to less than 1",
            field="share",
            mend="give a fraction of applicants, such as 0.1",
        )
    if share > lane:
        raise BadInput(
            f"{name}'s share {share:g} is more than its lane of {lane:.4g}",
            field="share",
            mend="of n challengers each may serve up to 1/n, so that nobody is moved between them",
        )
    return share


def _some_left(shares: Mapping[str, float]) -> None:
    if sum(shares.values()) > 1 - 1e-9:  # as ten times 0.1, whose sum is below 1
        raise BadInput(
            "the challengers' shares leave nobody to the champion",
            field="share",
            mend="let the shares sum to less than 1: without a champion there is no comparison",
        )

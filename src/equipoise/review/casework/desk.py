"""What a desk's people achieve in a simulation whose truth is known: answers, money, promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from equipoise.errors import BadInput
from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.review.casework.queueing import Visits
from equipoise.review.casework.underwriters import USUAL, Crew, Underwriter


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk as it is rehearsed: who works there, what was promised, and who does not wait.

    `promised` are business hours until the answer, of cases that do not say their own. Customers
    go elsewhere after times that are exponential, the share `leaving` of them in the first hours
    of business each; they do not say so, and what a person gains on their case is lost.
    """

    crew: Crew = USUAL
    promised: float = 8.0
    leaving: float = 0.01

    def __post_init__(self) -> None:
        if not (np.isfinite(self.promised) and self.promised > 0):
            raise BadInput(
                f"{self.promised} hours are promised", field="promised", mend="give some above 0"
            )
        if not 0 <= self.leaving < 1:
            raise BadInput(
                f"{self.leaving} leave in an hour", field="leaving", mend="give a share below 1"
            )


class Chances(NamedTuple):
    """What is drawn once per case, whoever serves it and when.

    `patience` is in business hours; a person changes the answer where `eye`, uniform, is below
    their chance to.
    """

    patience: FloatArray
    eye: FloatArray


class Signed(NamedTuple):
    """The people, what happened at each signature, and the places of the cases they belong to."""

    crew: tuple[Underwriter, ...]
    visits: Visits | None
    chosen: IntArray


def drawn_chances(desk: Desk, cases: int, rng: np.random.Generator) -> Chances:
    """One of each per case."""
    rate = -np.log1p(-desk.leaving)
    waits = rng.standard_exponential(cases)
    patience = waits / rate if rate > 0 else np.full(cases, np.inf)
    return Chances(patience, rng.random(cases))


def judged(
    desk: Desk,
    cases: pl.DataFrame,
    hours: FloatArray,
    chances: Chances,
    signed: Signed,
) -> pl.DataFrame:
    """What came of each case: `hours`, `changed`, `right`, `gained` and `kept` beside the flow's.

    `cases` are in order of arrival, `hours` (n,) of business until the answer. The last to sign
    gives the answer; elsewhere the machine's stands. Raises BadInput where the flow does not say
    what is at stake or what is true.
    """
    for name in ("stake", "wrong"):
        if cases[name].null_count():
            raise BadInput(
                f"the flow does not say `{name}` of every case, so no answer can be judged",
                field=name,
                mend=f"give `{name}` to all, or simulate without a desk",
            )
    wrong = cases["wrong"].to_numpy()
    stake = cases["stake"].to_numpy()
    changed = _changed(cases, wrong, chances.eye, signed)
    there = hours <= chances.patience
    gained = np.where(changed & there, np.where(wrong, stake, -stake), 0.0)
    promised = cases["promised"].fill_null(desk.promised).to_numpy()
    return cases.with_columns(
        hours=pl.Series(hours),
        changed=pl.Series(changed),
        right=pl.Series(wrong == changed),
        gained=pl.Series(gained),
        kept=pl.Series(hours <= promised + 1e-9),
    )


def _changed(
    cases: pl.DataFrame,
    wrong: BoolArray,
    eye: FloatArray,
    signed: Signed,
) -> BoolArray:
    visits, chosen = signed.visits, signed.chosen
    changed = np.zeros(wrong.size, dtype=bool)
    if visits is None:
        return changed
    last = visits.first[1:] - 1
    person, day = visits.person[last], visits.day[last]
    kind = cases["kind"].fill_null("").to_numpy()
    for place, one in enumerate(signed.crew):
        mine = person == place
        at = chosen[mine]
        changed[at] = eye[at] < one.changes(kind[at], wrong[at], day[mine])
    return changed


def achieved(answers: pl.DataFrame, mine: BoolArray) -> dict[str, float]:
    """The measures of some of the cases; none of them can be had without cases."""
    some = answers.filter(pl.Series(mine))
    if not some.height:
        return dict.fromkeys(("gained", "right", "kept", "longest"), float("nan"))
    return {
        "gained": float(some["gained"].to_numpy().sum()),
        "right": float(some["right"].to_numpy().mean()),
        "kept": float(some["kept"].to_numpy().mean()),
        "longest": float(some["hours"].to_numpy().max()),
    }

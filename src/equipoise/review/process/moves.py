"""What would be gained by taking a step away, or by making it as fast as its fastest tenth.

Reckoned from the model of leaving that `experience` fits: at each step a share leaves, and of those
whom the lender keeps waiting some leave each day. Gains are expected completions among those who
came, not money; what a step is worth to the decision is said beside, as whether it changes any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from equipoise.documents import Quantity
from equipoise.errors import BadInput, did_you_mean
from equipoise.experience.log import ACCEPTED, CANCELLED, DECLINED, OPEN
from equipoise.review.process.funnel import (
    by_step,
    drop_off_of,
    fates_of,
    groups,
    quantile,
    require_column,
)
from equipoise.review.process.share import FEW, Share

Kind = Literal["take_away", "make_fast"]
Phase = Literal["before_offer", "after_offer", "any"]
Verdict = Literal["changes_nothing", "not_known", "changes_decisions"]
RANK: tuple[Verdict, ...] = ("changes_nothing", "not_known", "changes_decisions")
NEGLIGIBLE = 0.005  # a step that surely changes fewer decisions than this is said to change none
FASTEST = 0.1


@dataclass(frozen=True, slots=True)
class Move:
    """A change of one step, for everybody or for the group `group` of column `by`.

    `gain` is expected completions among the `came`, with `low` and `high` by the 95 % interval of
    the drop-off or of the hazard alone; None where fewer than FEW came or completed after it.
    `per_thousand` is the gain for each thousand who come. `decides` counts those whose decision
    the step changed; `verdict` is of the move: making a step fast changes no decision.
    """

    step: str
    kind: Kind
    by: str | None
    group: str | None
    came: int
    decides: Share | None
    verdict: Verdict
    gain: float | None
    low: float | None
    high: float | None
    per_thousand: float | None


def moves(
    rows: pl.DataFrame,
    hazard: Quantity | None,
    *,
    by: str | None = None,
    decides: Mapping[str, str] | None = None,
    phase: Phase = "any",
    source: str = "event log",
) -> list[Move]:
    """Every move, the most completions first; `rows` as from `stays`.

    Taking a step away keeps those who left there: its drop-off times those who came and were not
    declined there. Making it fast spares the days for which the lender had the turn there beyond
    those within which a tenth of all who came has left the step (of everybody, not of the group):
    those days times `hazard`, the expected number who leave in them, and never more than the upper
    end of those who did leave there.
    Only days of the `phase` in which the hazard was measured count; without such days, and without
    a hazard, there is no such move. Whom a move keeps completes as often as those who went on from
    the step and whose case is closed. That an offer sooner given is taken up more is not counted.

    `decides` maps a step to the column of the cases that says, as yes or no, whether the step
    changed the decision (empty: it was not asked). Steps that change fewer than NEGLIGIBLE, by the
    upper end of the interval, come before those of which nothing is known, and these before those
    that do change decisions: what those catch would be lost, and the friction table prices it.
    Raises BadInput for steps and columns that there are not, and answers other than yes or no.
    """
    changes = _changes(rows, decides or {})
    rows = rows.with_columns(_waited=_waited(phase))
    every = [
        move
        for step, everybody in by_step(rows)
        for group, part in groups(everybody, by)
        for move in _of_step(_Cell(step, by, group, part, everybody), hazard, changes, source)
    ]
    return sorted(
        every,
        key=lambda each: (
            RANK.index(each.verdict), -(each.gain or 0.0), each.step, each.group or "", each.kind
        ),
    )  # fmt: skip


def _changes(rows: pl.DataFrame, decides: Mapping[str, str]) -> dict[str, str]:
    known = rows["step"].unique().to_list()
    for step, column in decides.items():
        if step not in known:
            raise BadInput(
                f"'{step}' is no step of the map", field="decides", mend=did_you_mean(step, known)
            )
        require_column(rows, column)
        if not (rows[column].dtype == pl.Boolean or rows[column].dtype.is_numeric()) or not (
            rows[column].drop_nulls().cast(pl.Float64).is_in([0.0, 1.0]).all()
        ):
            raise BadInput(
                f"the column '{column}' does not say yes or no",
                field=column,
                mend="give true and false, or 1 and 0, and nothing where the step was not asked",
            )
    return dict(decides)


@dataclass(frozen=True, slots=True)
class _Cell:
    """The stays of a step in one group, and of everybody at the step."""

    step: str
    by: str | None
    group: str | None
    rows: pl.DataFrame
    everybody: pl.DataFrame


def _of_step(
    cell: _Cell, hazard: Quantity | None, changes: Mapping[str, str], source: str
) -> Iterator[Move]:
    # of everybody: that a group never meets a case for it is no reason to drop the step for it
    decided = _decided(cell.everybody, changes[cell.step]) if cell.step in changes else None
    fates = fates_of(cell.rows)
    kept = cell.rows.height - fates[DECLINED]
    leaving = drop_off_of(cell.step, cell.rows, source)
    yield _move(cell, "take_away", [_of(end, kept) for end in _ends(leaving)], decided)
    days = _days_beyond_fastest(cell)
    if hazard is not None and days > 0:
        left = Share.of(fates[CANCELLED], cell.rows.height).high
        most = (1.0 if left is None else left) * cell.rows.height
        spared = [_of(end, days, most) for end in _ends(hazard)]
        yield _move(cell, "make_fast", spared, None)


def _ends(rate: Quantity) -> tuple[float | None, float | None, float | None]:
    return rate.value, rate.low, rate.high


def _of(rate: float | None, exposure: float, most: float = float("inf")) -> float | None:
    return None if rate is None else min(rate * exposure, most)


def _move(cell: _Cell, kind: Kind, kept: Sequence[float | None], decided: Share | None) -> Move:
    """A move that keeps so many people: expected, least and most."""
    onward = _completing(cell.rows)
    gain, low, high = (
        None if onward is None or people is None else people * onward for people in kept
    )
    return Move(
        step=cell.step,
        kind=kind,
        by=cell.by,
        group=cell.group,
        came=cell.rows.height,
        decides=decided,
        verdict=_verdict(decided) if kind == "take_away" else "changes_nothing",
        gain=gain,
        low=low,
        high=high,
        per_thousand=None if gain is None else 1000 * gain / cell.rows.height,
    )


def _completing(rows: pl.DataFrame) -> float | None:
    """Of those who went on from the step, the share of closed cases that were accepted."""
    closed = rows.filter((pl.col("fate") == ACCEPTED) & (pl.col("outcome") != OPEN))
    if rows.height < FEW or closed.height < FEW:
        return None
    return float((closed["outcome"] == ACCEPTED).mean())  # type: ignore[arg-type]


def _decided(rows: pl.DataFrame, column: str) -> Share:
    answers = rows[column].drop_nulls().cast(pl.Float64)
    return Share.of(int(answers.sum()), len(answers))


def _verdict(decided: Share | None) -> Verdict:
    if decided is None or decided.high is None:
        return "not_known"
    return "changes_nothing" if decided.high < NEGLIGIBLE else "changes_decisions"


def _waited(phase: Phase) -> pl.Expr:
    """Days at the lender's turn in a phase."""
    early = pl.col("lender_days_before_offer")
    if phase == "before_offer":
        return early
    return pl.col("lender_days") if phase == "any" else pl.col("lender_days") - early


def _days_beyond_fastest(cell: _Cell) -> float:
    """Days at the lender's turn beyond those of the step's fastest tenth, added up."""
    ended = (cell.everybody["fate"] != OPEN).to_numpy()
    fastest = quantile(cell.everybody["_waited"].to_numpy(), ended, FASTEST)
    if fastest is None:
        return 0.0
    return float((cell.rows["_waited"] - fastest).clip(0.0).sum())

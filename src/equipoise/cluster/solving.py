"""Solve for a DataFrame's applicants: prices go to the workers, sums and a few come back."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.balance.branching import USUAL, Effort
from equipoise.balance.everybody import solve_everybody
from equipoise.balance.measured import Aim, LoanFigures, MeasuredLimit
from equipoise.balance.problem import Multipliers
from equipoise.cluster.solving_blocks import Keys
from equipoise.cluster.solving_held import Aimed, HeldApplicants
from equipoise.errors import BadInput
from equipoise.numeric.arrays import FloatArray
from equipoise.progress import Progress
from equipoise.value.compiled import Valuer

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True, eq=False, slots=True)
class ClusterSolution:
    """One treatment per applicant with its certificate, as `Solution` has it.

    The choices stay with the workers: `choices` has the applicants' ids, `treatment` by name and
    what it means in each measure that goal and limits ask for, read when it is asked for.
    `applicants` counts them, `decided_here` those whom the prices alone did not settle. `release`
    removes the workers' blocks, as leaving a `with` does; choices are then valued anew when read.
    """

    multipliers: Multipliers
    value: float
    upper_bound: float
    dual_bound: float
    violation: float
    used: dict[str, float]
    finished: bool
    applicants: int
    decided_here: int
    seconds: float
    aim: Aim
    held: HeldApplicants = field(repr=False)
    keys: Keys = field(repr=False)
    choice: NDArray[np.intp] = field(repr=False)
    gap: float = field(init=False)

    def __post_init__(self) -> None:
        scale = max(abs(self.upper_bound), np.finfo(float).tiny)
        object.__setattr__(self, "gap", max(0.0, (self.upper_bound - self.value) / scale))

    @property
    def choices(self) -> DataFrame:
        """Id, treatment and measures of every applicant."""
        return self.held.chosen(self.aim, self.multipliers.array, self.keys, self.choice)

    def release(self) -> None:
        """Remove the blocks from the workers."""
        self.held.release()

    def __enter__(self) -> ClusterSolution:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def solve_on(
    applicants: DataFrame,
    valuer: Valuer,
    goal: str | Mapping[str, float],
    limits: Sequence[MeasuredLimit],
    *,
    id: str = "id",  # noqa: A002  (the column's own name)
    start: Mapping[str, float] | ArrayLike | None = None,
    threads: int = 1,
    progress: Progress | None = None,
) -> ClusterSolution:
    """The best choice of one treatment per applicant, found on the applicants' own session.

    `applicants` has `id` and the columns that `ParquetApplications` reads; `goal` is a measure, or
    weights by measure. `start` are prices of a similar problem, by row or in the limits' order.
    Prices, bound, value and choices do not depend on the partitions. `threads` are the driver's.
    Raises BadInput for columns, figures and measures that cannot be and for an undecided applicant
    that is there twice; GateRefused (most often `Infeasible`, naming the rows) where no choice
    was found that holds.
    """
    aim = Aim.at(goal, limits)
    figures = LoanFigures(valuer)
    held = HeldApplicants(
        applicants, figures, aim.measures, aim.masks, id=id, threads=threads, progress=progress
    )  # fmt: skip
    try:
        return solve_held(held, aim, start)
    except BaseException:
        held.release()
        raise


def solve_held(
    held: HeldApplicants,
    aim: Aim,
    start: Mapping[str, float] | ArrayLike | None = None,
    effort: Effort = USUAL,
) -> ClusterSolution:
    """`solve_on` for applicants that the workers hold already."""
    begun = time.perf_counter()
    answer = solve_everybody(Aimed(held, aim), held.threads, _prices(start, aim), effort)
    keys = answer.scan.keys
    assert keys is not None  # noqa: S101  (a cluster's pass has them)
    return ClusterSolution(
        multipliers=answer.multipliers,
        value=answer.value,
        upper_bound=answer.upper_bound,
        dual_bound=answer.dual_bound,
        violation=answer.violation,
        used=answer.used,
        finished=answer.finished,
        applicants=held.applicants,
        decided_here=keys.size,
        seconds=time.perf_counter() - begun,
        aim=aim,
        held=held,
        keys=keys,
        choice=answer.choice,
    )


def bound_at(held: HeldApplicants, aim: Aim, prices: ArrayLike) -> tuple[float, DataFrame]:
    """What no choice can exceed by the prices alone, and everybody's best treatment at them."""
    priced = np.asarray(prices, dtype=np.float64)
    at_most = np.array([limit.at_most for limit in aim.limits])
    nobody = np.zeros(0, dtype=np.int64)
    bound = held.best_scores(aim, priced) + float(priced @ at_most)
    return bound, held.chosen(aim, priced, nobody, nobody)


def _prices(start: Any, aim: Aim) -> FloatArray | None:
    if start is None:
        return None
    names = [limit.name for limit in aim.limits]
    if isinstance(start, Mapping):
        return np.array([max(0.0, float(start.get(name, 0.0))) for name in names])
    prices = np.asarray(start, dtype=np.float64)
    if prices.shape != (len(names),):
        raise BadInput(f"start has shape {prices.shape}, not ({len(names)},)", field="start")
    return np.maximum(prices, 0.0)

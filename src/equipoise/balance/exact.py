"""The whole-number problem over a set of candidates, by HiGHS."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from equipoise.balance.lagrangian import Candidates, Lagrangian
from equipoise.balance.problem import Array, FloatArray

TOLERANCE = 1e-9  # on scaled rows
RELATIVE_GAP = 1e-9


@dataclass(frozen=True, slots=True)
class Whole:
    """HiGHS's answer: `choice` is None where it has none; `impossible` where it proved so."""

    choice: NDArray[np.intp] | None
    bound: float
    impossible: bool


def solve_whole(
    lagrangian: Lagrangian,
    near: Candidates,
    seconds: float,
    start: NDArray[np.intp] | None = None,
    threads: int = 1,
) -> Whole:
    """The best choice among the candidates, with a bound on what they can give.

    Rows are held to a hair below their limit, because HiGHS allows itself a tolerance.
    """
    applicants = lagrangian.applicants
    value = lagrangian.problem.value[near.applicant, near.treatment].astype(np.float64)
    usage = lagrangian.usage_of(near.applicant, near.treatment)
    limit = lagrangian.limit / lagrangian.scale
    model = _model(value, usage, limit, near.applicant, applicants)
    for attempt in range(3):
        solver = _solver(seconds, threads)
        solver.passModel(model)
        if start is not None:
            solution = highspy.HighsSolution()
            solution.col_value = (near.treatment == start[near.applicant]).astype(float).tolist()
            solver.setSolution(solution)
        solver.run()
        status = solver.getModelStatus()
        info = solver.getInfo()
        impossible = attempt == 0 and status == highspy.HighsModelStatus.kInfeasible
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return Whole(None, np.inf, impossible)
        choice = _choice(np.array(solver.getSolution().col_value), near, applicants)
        over = lagrangian.used(choice) - (lagrangian.limit + lagrangian.constant)
        if np.all(over <= 0):
            return Whole(choice, float(info.mip_dual_bound), impossible=False)
        slip = np.maximum(over / lagrangian.scale, 0.0)
        upper = np.array(model.row_upper_)
        upper[applicants:] -= 2 * slip + np.where(slip > 0, 1e-13 * np.abs(limit), 0.0)
        model.row_upper_ = upper
    return Whole(None, np.inf, impossible=False)


def _solver(seconds: float, threads: int) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("time_limit", seconds)
    solver.setOptionValue("threads", threads)
    solver.setOptionValue("mip_rel_gap", RELATIVE_GAP)
    solver.setOptionValue("mip_feasibility_tolerance", TOLERANCE)
    solver.setOptionValue("primal_feasibility_tolerance", TOLERANCE)
    return solver


def _model(
    value: FloatArray, usage: FloatArray, limit: FloatArray, owner: Array, applicants: int
) -> highspy.HighsLp:
    columns = value.size
    one_each = sparse.csc_matrix(
        (np.ones(columns), (owner, np.arange(columns))), shape=(applicants, columns)
    )
    matrix = sparse.vstack([one_each, sparse.csc_matrix(usage.T)], format="csc")
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, applicants + limit.size
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = value
    model.col_lower_, model.col_upper_ = np.zeros(columns), np.ones(columns)
    model.row_lower_ = np.r_[np.ones(applicants), np.full(limit.size, -highspy.kHighsInf)]
    model.row_upper_ = np.r_[np.ones(applicants), limit]
    model.integrality_ = [highspy.HighsVarType.kInteger] * columns
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_ = matrix.indices
    model.a_matrix_.value_ = matrix.data
    return model


def _choice(columns: FloatArray, near: Candidates, applicants: int) -> NDArray[np.intp]:
    choice = np.zeros(applicants, dtype=np.intp)
    taken = columns > 0.5
    choice[near.applicant[taken]] = near.treatment[taken]
    return choice

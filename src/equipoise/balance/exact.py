"""The whole-number problem over a core of applicants, by HiGHS."""

from __future__ import annotations

import time
from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from equipoise.balance.dual import Dual
from equipoise.balance.lagrangian import Lagrangian
from equipoise.balance.problem import Choice, FloatArray
from equipoise.balance.repair import Core, core_within, window_of
from equipoise.balance.tolerance import ROUNDING

TOLERANCE = 1e-9  # on scaled rows
RELATIVE_GAP = 1e-6
FIRST_CORE = 250  # applicants: small enough for a good answer in a second or two
MOST_COLUMNS = 5000  # beyond, HiGHS's own set-up outlasts its time limit


@dataclass(frozen=True, slots=True)
class Whole:
    """HiGHS's answer: `choice` is None where it has none; `impossible` where it proved so.

    The bound is then minus infinity: nothing the core can choose holds.
    """

    choice: Choice | None
    bound: float
    impossible: bool = False


def close_gap(lagrangian: Lagrangian, dual: Dual, known: Choice | None, seconds: float) -> Whole:
    """The best choice of a small problem, with the least bound, within about `seconds`.

    Giving an applicant a treatment that scores d below its best lowers the bound by d, so what
    lies further below than the gap of a known choice cannot be part of a better one. A first
    answer among the nearest to a tie narrows the gap before everything that is left is searched.
    """
    ends = time.perf_counter() + seconds
    bound = dual.slope.bound
    core = core_within(lagrangian, dual, window_of(dual, FIRST_CORE))
    first = solve_core(lagrangian, core, seconds / 3, known)
    known = _better(lagrangian, known, first.choice)
    if known is None:
        core = core_within(lagrangian, dual, np.finfo(float).max)
        whole = solve_core(lagrangian, core, max(seconds, 30.0))
        return Whole(whole.choice, min(bound, whole.bound), whole.impossible)
    gap = bound - lagrangian.value(known)
    if gap <= RELATIVE_GAP * abs(bound):
        return Whole(known, bound)
    core = core_within(lagrangian, dual, gap * (1 + 1e-9))
    if core.applicant.size > MOST_COLUMNS:
        return Whole(known, bound)
    whole = solve_core(lagrangian, core, ends - time.perf_counter(), known)
    # a bound below the known value says that nothing else holds: `solve` lifts it to the value
    return Whole(_better(lagrangian, known, whole.choice), min(bound, whole.bound))


def solve_core(
    lagrangian: Lagrangian, core: Core, seconds: float, start: Choice | None = None
) -> Whole:
    """The best choice when only the core may choose, with a bound on what that can give.

    HiGHS allows itself a tolerance on rows: where its answer needs more than is promised, the row
    is drawn in.
    """
    if core.applicant.size == 0:
        if lagrangian.holding(core.choice).all():
            return Whole(core.choice, lagrangian.value(core.choice))
        return Whole(None, -np.inf, impossible=True)
    value = lagrangian.problem.value[core.applicant, core.treatment].astype(np.float64)
    usage = lagrangian.usage_of(core.applicant, core.treatment)
    someone = core.settled(core.first[:-1])
    settled = lagrangian.value(someone) - value[core.first[:-1]].sum()
    used = (lagrangian.used(someone) - lagrangian.constant) / lagrangian.scale
    room = lagrangian.limit / lagrangian.scale - used + usage[core.first[:-1]].sum(axis=0)
    model = _model(core, value, usage, room)
    bound = np.inf
    ends = time.perf_counter() + seconds
    for attempt in range(3):
        solver = _QuietHighs(max(0.1, ends - time.perf_counter()), lagrangian.threads)
        solver.passModel(model)
        if start is not None:
            solution = highspy.HighsSolution()
            taken = core.treatment == start[core.applicant]
            solution.col_value = taken.astype(np.float64).tolist()
            solver.setSolution(solution)
        solver.run()
        info = solver.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            refused = solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible
            impossible = refused and attempt == 0
            return Whole(None, -np.inf if impossible else np.inf, impossible)
        taken = np.array(solver.getSolution().col_value) > 0.5
        choice = core.settled(np.flatnonzero(taken))
        if attempt == 0:  # once a row is drawn in, its bound is no longer the problem's
            bound = float(info.mip_dual_bound) + settled
        broken = ~lagrangian.holding(choice)
        if not broken.any():
            return Whole(choice, bound)
        over = (lagrangian.used(choice) - lagrangian.at_most) / lagrangian.scale
        room -= np.where(broken, 2 * over + ROUNDING * np.abs(used), 0.0)
        model = _model(core, value, usage, room)
    return Whole(None, np.inf)


class _QuietHighs(highspy.Highs):
    """HiGHS without its banner, which its own constructor prints before it can be told not to."""

    def __init__(self, seconds: float, threads: int) -> None:
        super(highspy.Highs, self).__init__()
        self.setOptionValue("output_flag", False)
        self.setOptionValue("time_limit", seconds)
        self.setOptionValue("threads", threads)
        self.setOptionValue("mip_rel_gap", RELATIVE_GAP)
        self.setOptionValue("mip_feasibility_tolerance", TOLERANCE)
        self.setOptionValue("primal_feasibility_tolerance", TOLERANCE)


def _model(core: Core, value: FloatArray, usage: FloatArray, room: FloatArray) -> highspy.HighsLp:
    columns, owners = value.size, core.first.size - 1
    one_each = sparse.csc_matrix(
        (np.ones(columns), (core.owner, np.arange(columns))), shape=(owners, columns)
    )
    matrix = sparse.vstack([one_each, sparse.csc_matrix(usage.T)], format="csc")
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, owners + room.size
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = value
    model.col_lower_, model.col_upper_ = np.zeros(columns), np.ones(columns)
    model.row_lower_ = np.r_[np.ones(owners), np.full(room.size, -highspy.kHighsInf)]
    model.row_upper_ = np.r_[np.ones(owners), room]
    model.integrality_ = [highspy.HighsVarType.kInteger] * columns
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_ = matrix.indices
    model.a_matrix_.value_ = matrix.data
    return model


def _better(lagrangian: Lagrangian, one: Choice | None, other: Choice | None) -> Choice | None:
    if one is None or other is None:
        return other if one is None else one
    return max((one, other), key=lagrangian.value)

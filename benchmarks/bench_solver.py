"""The solver beside HiGHS on generated lending problems of 20 treatments and 10 rows.

`python -m benchmarks.bench_solver` prints the table; `--short` takes small problems,
`--no-peers` leaves HiGHS out (its interior point method needs minutes at 100,000 applicants).
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import highspy
import numpy as np
from scipy import sparse

from benchmarks.table import Result, median_seconds
from equipoise.balance import Frontier, Problem, Row, Solution, solve, trace_frontier

TREATMENTS = 20  # decline, 3 prices x 3 amounts x 2 journeys, refer to an underwriter


def lending_problem(applicants: int, seed: int = 1) -> Problem:
    """Loss, capital, underwriters, approvals, four sectors and parity both ways."""
    rng = np.random.default_rng(seed)
    group = rng.random(applicants) < 0.3
    sector = rng.integers(0, 10, applicants)
    pd = 1 / (1 + np.exp(-(rng.normal(-3.3, 1.1, applicants) + 0.3 * group)))[:, None]
    lgd = rng.uniform(0.35, 0.8, applicants)[:, None]
    asked = np.exp(rng.normal(2.2, 0.7, applicants))[:, None]
    keenness = rng.normal(2.0, 0.8, applicants)[:, None]
    elasticity = rng.uniform(6, 20, applicants)[:, None]

    menu = [
        (apr, share, fast) for apr in (0.09, 0.14, 0.2) for share in (0.5, 1, 2) for fast in (0, 1)
    ]
    apr, share, journey = np.array([*menu, (0.14, 1, 2)]).T
    journey = journey.astype(int)
    completion = 1 - np.array([0.06, 0.2, 0.3])[journey]
    riskier = np.array([1.15, 1.0, 0.8])[journey]
    work = np.array([0.01, 0.03, 0.15])[journey]

    take_up = completion / (1 + np.exp(-(keenness - elasticity * apr + 0.5 * np.log(share))))
    exposure = take_up * share * asked
    pd_at_terms = np.minimum(pd * riskier * (1 + 2 * (apr - 0.09)), 0.9)
    loss = exposure * pd_at_terms * lgd
    capital = exposure * (0.05 + 0.1 * np.sqrt(pd_at_terms))
    value = exposure * (apr - 0.04) * 1.8 - loss - 0.1 * capital - work

    def with_decline(table: np.ndarray, decline: float = 0.0) -> np.ndarray:
        return np.hstack([np.full((applicants, 1), decline), table]).astype(np.float32)

    value, loss, capital, exposure = (
        with_decline(table, decline)
        for table, decline in ((value, -0.05), (loss, 0.0), (capital, 0.0), (exposure, 0.0))
    )
    approved = np.r_[0.0, np.ones(TREATMENTS - 1)]
    referred = np.r_[np.zeros(TREATMENTS - 1), 0.5]
    side = np.where(group, 1 / group.mean(), -1 / (~group).mean())
    parity = (side[:, None] * approved).astype(np.float32)

    free = value.argmax(axis=1)
    at = np.arange(applicants), free
    sectors = [sector == s for s in range(4)]
    rows = [
        Row("loss", loss, 0.65 * loss[at].sum(dtype=float)),
        Row("capital", capital, 0.8 * capital[at].sum(dtype=float)),
        Row("underwriter hours", referred, max(0.5 * referred[free].sum(), 0.002 * applicants)),
        Row("approvals", -approved, -0.92 * approved[free].sum()),
        *(
            Row(f"sector {s}", exposure, 0.7 * exposure[at][mask].sum(dtype=float), where=mask)
            for s, mask in enumerate(sectors)
        ),
        Row("parity", parity, 0.02 * applicants),
        Row("parity, other way", -parity, 0.02 * applicants),
    ]
    return Problem(value, rows)


def interior_point(problem: Problem, limit: float, crossover: bool) -> tuple[float, float]:
    """Seconds HiGHS's interior point method takes on the linear problem, and its objective."""
    applicants, treatments = problem.shape
    columns = applicants * treatments
    one_each = sparse.csc_matrix(
        (np.ones(columns), np.repeat(np.arange(applicants), treatments), np.arange(columns + 1)),
        shape=(applicants, columns),
    )
    rows = [
        sparse.csr_matrix(row.table(problem.shape).astype(float).reshape(1, -1))
        for row in problem.rows
    ]
    matrix = sparse.vstack([one_each, *rows], format="csc")
    at_most = np.array([row.at_most for row in problem.rows])
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, applicants + at_most.size
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = problem.value.astype(float).ravel()
    model.col_lower_, model.col_upper_ = np.zeros(columns), np.full(columns, highspy.kHighsInf)
    model.row_lower_ = np.r_[np.ones(applicants), np.full(at_most.size, -highspy.kHighsInf)]
    model.row_upper_ = np.r_[np.ones(applicants), at_most]
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_ = matrix.indices
    model.a_matrix_.value_ = matrix.data
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("solver", "ipm")
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("time_limit", limit)
    solver.setOptionValue("run_crossover", "on" if crossover else "off")
    solver.passModel(model)
    start = time.perf_counter()
    solver.run()
    return time.perf_counter() - start, float(solver.getInfo().objective_function_value)


class Memory:
    """The most memory the process held while the context was open, beyond what it held before."""

    def __enter__(self) -> Memory:
        self.before = self.most = _resident()
        self.watching = True
        self.watcher = threading.Thread(target=self._watch)
        self.watcher.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.watching = False
        self.watcher.join()

    def _watch(self) -> None:
        while self.watching:
            self.most = max(self.most, _resident())
            time.sleep(0.01)

    @property
    def gigabytes(self) -> float:
        return (self.most - self.before) / 1e9


def _resident() -> int:
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * 4096


def _certificate(solution: Solution) -> str:
    return f"gap {solution.gap:.1e}, violation {solution.violation:.0e}"


def _against_highs(
    applicants: int, gap: float, times: float, limit: float | None, runs: int
) -> Result:
    """Seconds of ours and of HiGHS; `limit` None leaves HiGHS out."""
    problem = lending_problem(applicants)
    solution = solve(problem)
    ours = median_seconds(lambda: solve(problem), runs)
    note, peer = _certificate(solution), None
    if limit is not None:
        peer, objective = interior_point(problem, limit, crossover=applicants <= 10_000)
        off = (objective - solution.upper_bound) / abs(solution.upper_bound)
        note += f"; HiGHS's objective {off:+.1e} from our bound"
    feasible = solution.gap < gap and solution.violation <= 1e-9
    return Result(
        f"solve, {applicants:,} x 20, 10 rows",
        ours,
        "s",
        peer,
        "HiGHS IPM",
        bar=f"{times:.0f} times faster, gap < {gap:.0e}, feasible",
        met=None if peer is None else feasible and peer >= times * ours,
        note=note,
    )


def _million(applicants: int) -> Result:
    problem = lending_problem(applicants)
    with Memory() as memory:
        solution = solve(problem)
    fine = solution.gap < 1e-5 and solution.violation <= 1e-9 and memory.gigabytes < 1.5
    return Result(
        f"solve, {applicants:,} x 20, one thread",
        solution.seconds,
        "s",
        bar="6 s, gap < 1e-5, under 1.5 GB beyond the input",
        met=fine and solution.seconds <= 6,
        note=f"{_certificate(solution)}, {memory.gigabytes:.2f} GB",
    )


def _frontier(applicants: int, runs: int) -> Result:
    whole = lending_problem(applicants)
    problem, loss = whole.with_rows(whole.rows[1:]), whole.rows[0]

    def trace() -> Frontier:
        return trace_frontier(problem, lambda level: Row("loss", loss.usage, level))

    frontier = trace()
    seconds = median_seconds(trace, runs)
    worst = max(point.violation for point in frontier.points)
    width = frontier.width() / frontier.points[-1].upper
    return Result(
        f"frontier, {len(frontier.points)} points, {applicants:,} x 20, ends located",
        seconds,
        "s",
        bar="8 s, every point certified",
        met=seconds <= 8 and worst <= 1e-9,
        note=f"bounds at most {width:.1e} of the top apart, violation {worst:.0e}",
    )


def _exact(applicants: int) -> Result:
    solution = solve(lending_problem(applicants))
    return Result(
        f"solve, {applicants:,} x 20, closed by branching",
        solution.seconds,
        "s",
        note=_certificate(solution),
    )


def run(short: bool = False, peers: bool = True) -> list[Result]:
    """Seconds to a certified, feasible answer; compiled code is warmed up first."""
    solve(lending_problem(3000))
    if short:
        return [
            _against_highs(3000, 1e-3, 30, 60.0 if peers else None, runs=1),
            _frontier(5000, runs=1),
            _exact(100),
        ]
    million = _million(1_000_000)  # first, while no freed memory hides what it takes
    return [
        _exact(100),
        _exact(1000),
        _against_highs(10_000, 1e-3, 30, 300.0 if peers else None, runs=5),
        _against_highs(100_000, 1e-4, 100, 300.0 if peers else None, runs=3),
        million,
        _frontier(100_000, runs=1),
    ]


def _print(make: Callable[[], list[Result]]) -> None:
    for result in make():
        peer = (
            f"{result.peer_name} {result.peer:.1f} s ({result.ratio:.0f}x)" if result.peer else ""
        )
        print(f"{result.name:55} {result.ours:8.3f} {result.unit} {peer:28} {result.note}")
        if result.bar:
            print(f"    bar: {result.bar}; met: {result.met}")


if __name__ == "__main__":
    _print(lambda: run("--short" in sys.argv, "--no-peers" not in sys.argv))

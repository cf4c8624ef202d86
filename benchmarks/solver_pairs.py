"""The solver of this checkout and of another by turns: CPU time, medians, ratio and its interval.

    python -m benchmarks.solver_pairs OTHER [--applicants 1000000] [--pairs 3]
    python -m benchmarks.solver_pairs OTHER --workspace HERE --workspace-other THERE

OTHER is a checkout whose `src` is measured against this one's, by the same interpreter. With
workspaces, each fitted by its own checkout, `equipoise balance` is measured instead of one solve.
The two take turns, so that the machine's drift falls on both of a pair alike.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.turns import HERE, by_turns, ratio

_SOLVE = """
import sys, time
from benchmarks.bench_solver import lending_problem
from equipoise.balance import solve
threads = int(sys.argv[2])
solve(lending_problem(3000), threads), solve(lending_problem(60_000), threads)
problem = lending_problem(int(sys.argv[1]))
cpu, wall = time.process_time(), time.perf_counter()
found = solve(problem, threads)
print(time.process_time() - cpu, time.perf_counter() - wall, found.gap, found.violation)
"""


def _environment(checkout: Path) -> dict[str, str]:
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "POLARS_MAX_THREADS", "NUMBA_NUM_THREADS"), "1")
    return {**os.environ, **one_thread, "PYTHONPATH": f"{checkout / 'src'}:{HERE}"}


def solved(checkout: Path, applicants: int, threads: int) -> tuple[float, ...]:
    """CPU seconds, wall seconds, gap and violation of one solve after a warm-up."""
    ran = subprocess.run(
        [sys.executable, "-c", _SOLVE, str(applicants), str(threads)],
        env=_environment(checkout), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return tuple(float(text) for text in ran.stdout.split())


def balanced(checkout: Path, workspace: Path) -> float:
    """CPU seconds of the whole command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "equipoise", "balance", str(workspace)],
        env=_environment(checkout), capture_output=True, check=True,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("other", type=Path)
    parser.add_argument("--applicants", type=int, default=1_000_000)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--workspace-other", type=Path)
    asked = parser.parse_args()
    if asked.workspace:
        workspaces = {HERE: asked.workspace, asked.other: asked.workspace_other}
        pairs = by_turns(asked.other, asked.pairs, lambda each: balanced(each, workspaces[each]))
        _print("balance, CPU", pairs)
        return
    runs = by_turns(asked.other, asked.pairs, lambda each: solved(each, asked.applicants, 1))
    _print("solve on one thread, CPU", [(here[0], there[0]) for here, there in runs])
    two = [solved(HERE, asked.applicants, 2) for _ in range(asked.pairs)]
    beside = [(both[1], here[1]) for both, (here, _) in zip(two, runs, strict=True)]
    _print("solve, wall, two threads beside one", beside)
    here, there = runs[0]
    print(f"gap {here[2]:.1e} (other {there[2]:.1e}), violation {here[3]:.0e}")


def _print(what: str, pairs: Sequence[tuple[float, float]]) -> None:
    here, there = (statistics.median(each) for each in zip(*pairs, strict=True))
    print(f"{what}: {here:.2f} s against {there:.2f} s, ratio {ratio(pairs)}", flush=True)


if __name__ == "__main__":
    main()

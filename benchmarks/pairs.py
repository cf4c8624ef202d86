"""Deciding by this checkout and by another, in turn: CPU time, and an interval of the ratio.

    python -m benchmarks.pairs OTHER SEALED_OTHER SEALED FILE [--pairs 7]

OTHER is a checkout whose `src` is measured against this one's, by the same interpreter; each has
the strategy sealed by its own edition. The machine's drift falls on both of a pair alike.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from math import exp, log, sqrt
from pathlib import Path

HERE = Path(__file__).parents[1]
T_95 = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 7: 2.447, 8: 2.365, 9: 2.306, 10: 2.262}

_WORKER = """
import sys, time
from pathlib import Path
import polars as pl
from equipoise.strategy.engine import load_strategy
strategy, frame = load_strategy(Path(sys.argv[1])), pl.read_parquet(sys.argv[2])
if sys.argv[3] == "one":
    records = list(strategy.records(frame.head(2000)))
    work = lambda: [strategy.decide(each) for each in records]
else:
    frame = pl.concat([frame] * 5)
    work = lambda: strategy.decide_frame(frame)
work()
begun = time.process_time()
for _ in range(5):
    work()
print(time.process_time() - begun)
"""


def seconds(checkout: Path, sealed: str, file: str, kind: str) -> float:
    """CPU seconds of one run in a process of its own, after a warm-up."""
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "POLARS_MAX_THREADS", "NUMBA_NUM_THREADS"), "1")
    ran = subprocess.run(
        [sys.executable, "-c", _WORKER, sealed, file, kind],
        env={**os.environ, **one_thread, "PYTHONPATH": str(checkout / "src")},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(ran.stdout)


def ratio(pairs: list[tuple[float, float]]) -> tuple[float, float, float]:
    """Here over there: the geometric mean of the pairs, and its 95 % interval (Student's t)."""
    logs = [log(here / there) for here, there in pairs]
    middle, half = statistics.mean(logs), 0.0
    if len(logs) > 1:
        half = T_95[len(logs)] * statistics.stdev(logs) / sqrt(len(logs))
    return exp(middle), exp(middle - half), exp(middle + half)


def main() -> int:
    """Prints a line for one application and one for many; 1 where an interval is above 1.05."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("other", type=Path)
    parser.add_argument("sealed_other")
    parser.add_argument("sealed")
    parser.add_argument("file")
    parser.add_argument("--pairs", type=int, default=7, choices=sorted(T_95))
    asked = parser.parse_args()
    missed = False
    for kind in ("one", "many"):
        pairs = []
        for _ in range(asked.pairs):
            there = seconds(asked.other, asked.sealed_other, asked.file, kind)
            pairs.append((seconds(HERE, asked.sealed, asked.file, kind), there))
        middle, low, high = ratio(pairs)
        missed |= low > 1.05
        here, there = (statistics.median(each) for each in zip(*pairs, strict=True))
        interval = f"{middle:.3f} [{low:.3f}, {high:.3f}]"
        print(f"{kind}: {here:.3f} s against {there:.3f} s, ratio {interval}", flush=True)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())

"""Deciding by this checkout and by another, in turn: CPU time, and an interval of the ratio.

    python -m benchmarks.deciding_pairs OTHER SEALED_OTHER SEALED FILE [--pairs 7]

OTHER is a checkout whose `src` is measured against this one's, by the same interpreter; each has
the strategy sealed by its own edition. The machine's drift falls on both of a pair alike.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.turns import HERE, by_turns, ratio

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


def main() -> int:
    """Prints a line for one application and one for many; 1 where an interval is above 1.05."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("other", type=Path)
    parser.add_argument("sealed_other")
    parser.add_argument("sealed")
    parser.add_argument("file")
    parser.add_argument("--pairs", type=int, default=7)
    asked = parser.parse_args()
    sealed = {HERE: asked.sealed, asked.other: asked.sealed_other}
    missed = False
    for kind in ("one", "many"):
        pairs = by_turns(
            asked.other,
            asked.pairs,
            lambda each, of=kind: seconds(each, sealed[each], asked.file, of),
        )
        measured = ratio(pairs)
        missed |= measured.low > 1.05
        here, there = (statistics.median(each) for each in zip(*pairs, strict=True))
        print(f"{kind}: {here:.3f} s against {there:.3f} s, ratio {measured}", flush=True)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())

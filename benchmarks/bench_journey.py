"""The applicants' pages at 20 requests a second, while a batch and a balance run at lower priority.

The people of a rehearsal fill the real pages, each request at its turn; ten minutes, half a one
with `--short`, as many as JOURNEY_MINUTES says; on SQLite, or on PostgreSQL where JOURNEY_DATABASE
says so. Times are those of the answers, as people waited.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.service_grounds import new_postgresql
from benchmarks.table import Result
from equipoise.progress import Silent
from equipoise.rehearsal import Killer, Rehearsed, Report, Server, environment
from equipoise.rehearsal.report import Times

RATE = 20.0  # requests a second
MOST_P95, MOST_P99 = 100.0, 300.0  # milliseconds
_APPLICANTS, _SHORT = 20_000, 5_000  # of the lender's history
_BATCH = 100_000  # applications of a batch
_AT_ONCE = 24  # people: more than wait for an answer at once
_A_PERSON = 38  # requests of somebody who applies, about
_SHOWN = 8  # pages named one by one
_DATABASE = "JOURNEY_DATABASE"
# A worker holds SQLite's one writer for moments, and pages wait for it: no lower than it must be.
_LOWER, _LOWEST = ["nice", "-n", "10"], ["nice", "-n", "19"]


@dataclass
class Pacer:
    """Lets requests go at even distances, whoever makes them."""

    rate: float
    _next: float = field(default_factory=time.monotonic)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def watched(self, _method: str, _url: str, answered: bool) -> None:
        """Wait for one's turn, before a request."""
        if answered:
            return
        with self._turn:
            self._next = turn = max(self._next + 1 / self.rate, time.monotonic() - 1)
        time.sleep(max(0.0, turn - time.monotonic()))


def run(short: bool = False) -> list[Result]:
    """A lender made for it, its service, and its neighbours."""
    minutes = float(os.environ.get("JOURNEY_MINUTES") or (0.5 if short else 10))
    with TemporaryDirectory(prefix="journey-") as made:
        lender, place = Path(made) / "lender", Path(made) / "service"
        _lender(lender, _SHORT if short else _APPLICANTS)
        with _database() as named:
            rehearsed, seconds, done = _at_rate(lender, place, minutes, named)
    report = Report(7, seconds, rehearsed.accounts, _nothing_proved(), rehearsed.timings)
    stuck = f"; {len(report.stuck)} stuck: {report.stuck[0].trouble}" if report.stuck else ""
    stuck += f"; too busy {report.busy} times" if report.busy else ""
    whole, *pages = report.times()
    rate = whole.answers / seconds
    note = f"{whole.answers:,} answers, {rate:.1f} a second; beside it {done}{stuck}"
    where = os.environ.get(_DATABASE) or "sqlite"
    return [
        Result(f"journey on {where}, median of all pages", whole.median, "ms", note=note),
        _bar("journey, 95 of 100", whole.p95, MOST_P95, not report.stuck),
        _bar("journey, 99 of 100", whole.p99, MOST_P99, not report.stuck),
        *(_page(each) for each in pages[:_SHOWN]),
    ]


def _bar(name: str, value: float, most: float, well: bool) -> Result:
    return Result(name, value, "ms", bar=f"{most:.0f} ms at most", met=well and value <= most)


def _page(times: Times) -> Result:
    note = f"median {times.median:.0f}, p99 {times.p99:.0f} ms of {times.answers}"
    return Result(f"  {times.page}, 95 of 100", times.p95, "ms", note=note)


@contextmanager
def _database() -> Iterator[Mapping[str, str]]:
    """Where the service keeps its rows, as its settings name it."""
    if os.environ.get(_DATABASE) != "postgresql":
        yield {}
        return
    with new_postgresql() as (url, _):
        yield {"DATABASE_URL": url}


def _at_rate(
    lender: Path, place: Path, minutes: float, database: Mapping[str, str]
) -> tuple[Rehearsed, float, str]:
    """What people met, in how many seconds, and what was done beside it."""
    from equipoise.service.commands.rehearsal import SETTINGS, begin_service, perform
    from equipoise.service.commands.rehearsal_wish import Wish

    (place / "sealed").mkdir(parents=True)
    for each in (lender / "sealed").iterdir():
        (place / "sealed" / each.name).write_bytes(each.read_bytes())
    begun = begin_service(place, "rehearsal", more=database)
    assert begun.first is not None
    server = Server(place, {**SETTINGS, **database}, worker=False).start()
    people = max(_AT_ONCE, int(60 * minutes * RATE / _A_PERSON))
    try:
        key = begun.first.api_key
        with _neighbours(lender, place, (server.url, key), database) as done:
            perform(server, Wish(2), Silent(), _nobody(server))  # pages are built for the first
            start = time.monotonic()
            wish = Wish(people, seed=11, at_once=_AT_ONCE)
            pacer = Pacer(RATE)
            rehearsed = perform(server, wish, Silent(), _nobody(server), pacer.watched)
            seconds = time.monotonic() - start
    finally:
        server.stop()
    return rehearsed, seconds, f"{done['balances']} balances and {done['batches']} batches"


def _nobody(server: Server) -> Killer:
    return Killer(server, 0, Random(1))  # noqa: S311 - nothing secret


@contextmanager
def _neighbours(
    lender: Path, place: Path, service: tuple[str, str], database: Mapping[str, str]
) -> Iterator[dict[str, int]]:
    """A worker with batches, and balances one after the other, all at lower priority."""
    done, over = {"balances": 0, "batches": 0}, threading.Event()
    with (place / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [*_LOWER, *_program("worker", place)],
            env=environment(**database),
            stdout=log,
            stderr=log,
        )
        threads = [
            threading.Thread(target=_balances, args=(lender, done, over)),
            threading.Thread(target=_batches, args=(_file(lender, place), service, done, over)),
        ]
        for each in threads:
            each.start()
        try:
            yield done
        finally:
            over.set()
            for each in threads:
                each.join()
            worker.terminate()
            worker.wait()


def _balances(lender: Path, done: dict[str, int], over: threading.Event) -> None:
    while not over.is_set():
        process = subprocess.Popen(
            [*_LOWEST, *_program("balance", lender)],
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while process.poll() is None and not over.wait(0.2):
            pass
        if process.poll() is None:
            process.terminate()
        done["balances"] += process.wait() == 0


def _batches(
    file: Path, service: tuple[str, str], done: dict[str, int], over: threading.Event
) -> None:
    from equipoise.client import Client, Problem

    client = Client(*service, timeout=120)
    while not over.is_set():
        try:
            batch = client.batches.begin(file)
            while batch.state not in ("done", "failed", "cancelled") and not over.wait(1):
                batch = client.batches.get(batch.id)
        except Problem:
            over.wait(1)
            continue
        done["batches"] += batch.state == "done"


def _file(lender: Path, place: Path) -> Path:
    """Past applications as a batch of today."""
    import polars as pl

    past = pl.read_parquet(lender / "data" / "applications.parquet")
    many = pl.concat([past] * (_BATCH // past.height + 1)).head(_BATCH)
    file = place / "many.parquet"
    many.with_columns(application_id=pl.Series(range(_BATCH)).cast(pl.String)).write_parquet(file)
    return file


def _lender(folder: Path, applicants: int) -> None:
    for command in (
        ("new", folder, "--example", "demo", "--applicants", applicants),
        ("fit", folder, "--threads", 1),
        ("strategy", "seal", folder),
    ):
        subprocess.run(_program(*command), env=environment(), check=True, capture_output=True)


def _program(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "equipoise", *map(str, arguments)]


def _nothing_proved() -> Any:
    from equipoise.rehearsal import Proofs

    return Proofs({}, (), 0, (), 0, 0)

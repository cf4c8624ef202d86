"""What a durable decision costs: beside a bare endpoint of the same stack, and beside the service
as it was. All are up at once and measured in turn; figures are medians."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.service_before import COMMIT, Before
from benchmarks.service_cpu import Cpu
from benchmarks.service_grounds import copied, new_postgresql, postmaster, run_on
from benchmarks.service_load import Served, served, served_bare
from benchmarks.service_wrk import NothingAnswered, Wrk, wrk
from benchmarks.table import Result

_ROUNDS = 3
_BARE_THREADS = {"SQLite": 2, "PostgreSQL": 8}  # with which the bare endpoint did best here
# By few clients: what is on its way when the time is over counts for nothing.
_MANY, _OF_MANY, _PATH = 100, 4, "/v1/decisions/many"
_WARM = 3.0  # seconds
_IDLE, _PATIENCE = 0.1, 60  # of a core, over a second; seconds until then
_MOST_MEMORY, _GROWS = 150.0, 0.05  # megabytes; share


@dataclass(frozen=True)
class Server:
    """A server that is up, and what it costs, its database included."""

    served: Served
    cpu: Cpu

    def load(self, seconds: float, **given: int | str | float) -> Wrk:
        """By wrk from 16 clients."""
        return wrk(self.served, self.cpu, seconds, **given)  # type: ignore[arg-type]

    def _first_answers(self) -> None:
        for _ in range(_PATIENCE):
            try:
                self.load(_WARM)
            except NothingAnswered:
                continue
            return
        raise NothingAnswered(f"after {_PATIENCE} times {_WARM} s")

    def warm(self) -> None:
        """Let it start what it starts after its first answer, and compile what it compiles."""
        self._first_answers()
        for _ in range(_PATIENCE):
            spent = self.cpu.seconds()
            time.sleep(1.0)
            if self.cpu.seconds() - spent < _IDLE:
                return


def door(lender: Path, earlier: Before | None, seconds: float, decisions: int) -> list[Result]:
    """On both databases. `decisions` are made to see whether the memory grows."""
    return [
        *_on(lender, earlier, "SQLite", seconds),
        *_on(lender, earlier, "PostgreSQL", seconds),
        *_two_processes(lender, seconds),
        *_memory(lender, decisions),
    ]


def _on(lender: Path, earlier: Before | None, what: str, seconds: float) -> list[Result]:
    with ExitStack() as stack:
        ours = stack.enter_context(_up(lender, what, "door"))
        bare = stack.enter_context(_bare(ours, lender.parent / f"door-{what}", what))
        servers = [ours, bare]
        if earlier is not None:
            servers.append(stack.enter_context(_up(earlier.lender, what, "before", earlier.source)))
        rounds = [[each.load(seconds) for each in servers] for _ in range(_ROUNDS)]
        mine, peer, *then = (_median(each) for each in zip(*rounds, strict=True))
        many = _median([
            ours.load(seconds, clients=_OF_MANY, many=_MANY, path=_PATH) for _ in range(_ROUNDS)
        ])  # fmt: skip
    result = [
        Result(f"durable decisions by wrk, {what}", mine.rate, "/s", peer.rate, "bare endpoint",
               ">= 1.2 times it", mine.rate >= 1.2 * peer.rate, f"p99 {mine.p99:.0f} ms"),
        Result(f"CPU of a decision, {what}", mine.cpu, "ms", peer.cpu, "bare endpoint",
               "<= its", mine.cpu <= peer.cpu, "server and database"),
        Result(f"{_MANY} decisions in a request, {what}", many.rate, "/s", peer.rate,
               "bare endpoint", ">= 4 times it", many.rate >= 4 * peer.rate,
               f"CPU {many.cpu:.2f} ms each"),
    ]  # fmt: skip
    result += [
        Result(f"durable decisions by wrk, {what}", mine.rate, "/s", old.rate, COMMIT,
               ">= 3 times it", mine.rate >= 3 * old.rate, f"CPU {old.cpu:.2f} ms then")
        for old in then
    ]  # fmt: skip
    return result


def _two_processes(lender: Path, seconds: float) -> list[Result]:
    """On PostgreSQL; and how long answers take at half of the highest rate, without fsync."""
    folder = copied(lender, "door-two")
    with new_postgresql() as (url, _):
        roots = (postmaster(url),)
        with served(folder, url) as one:
            first = Server(one, Cpu((one.process, *roots)))
            first.warm()
            alone = _median([first.load(seconds) for _ in range(_ROUNDS)])
        with served(folder, url, workers=2, key=one.key) as two:
            second = Server(two, Cpu((two.process, *roots)))
            second.warm()
            both = _median([second.load(seconds) for _ in range(_ROUNDS)])
        run_on(url, "ALTER DATABASE postgres SET synchronous_commit = off")
        with served(folder, url, key=one.key) as third:
            quick = Server(third, Cpu((third.process, *roots)))
            quick.warm()
            half = at_half(quick, seconds)
    return [
        Result("CPU of a decision, two processes on PostgreSQL", both.cpu, "ms", alone.cpu,
               "one process", "<= 1.15 times", both.cpu <= 1.15 * alone.cpu,
               f"{both.rate:,.0f}/s, one {alone.rate:,.0f}/s"),
        Result("p99 at half of the highest rate, without fsync", half.p99, "ms",
               bar="<= 20 ms", met=half.p99 <= 20, note=f"{half.rate:,.0f}/s"),
    ]  # fmt: skip


def at_half(server: Server, seconds: float) -> Wrk:
    """Asked at half of the rate that it can do."""
    clients = 16
    wanted = server.load(seconds).rate / 2
    between = clients / wanted * 1e3  # milliseconds from one question of a client to the next
    tried = server.load(2.0, pause=between)
    pause = max(0.0, between - (clients / tried.rate * 1e3 - between))
    return _median([server.load(seconds, pause=pause) for _ in range(_ROUNDS)])


def _memory(lender: Path, decisions: int) -> list[Result]:
    """What a worker holds of its own and its share of what is common (proportional set size)."""
    folder = copied(lender, "door-memory")
    with served(folder) as server:
        it = Server(server, Cpu((server.process,)))
        it.warm()
        warm = it.load(_WARM)
        before = max(it.cpu.megabytes())
        it.load(decisions / warm.rate)
        after = max(it.cpu.megabytes())
    return [
        Result("memory of the largest process", after, "MB", bar=f"<= {_MOST_MEMORY:g} MB",
               met=after <= _MOST_MEMORY),
        Result(f"memory after about {decisions:,} decisions", after, "MB", before, "warm",
               f"within {_GROWS:.0%}", after <= before * (1 + _GROWS)),
    ]  # fmt: skip


@contextmanager
def _up(lender: Path, what: str, name: str, source: Path | None = None) -> Iterator[Server]:
    folder = copied(lender, f"{name}-{what}")
    with ExitStack() as stack:
        url, roots = "", ()
        if what == "PostgreSQL":
            url, _ = stack.enter_context(new_postgresql())
            roots = (postmaster(url),)
        one = stack.enter_context(served(folder, url, source=source))
        server = Server(one, Cpu((one.process, *roots)))
        server.warm()
        yield server


@contextmanager
def _bare(like: Server, folder: Path, what: str) -> Iterator[Server]:
    """On the same database as `like`, beside it: it knows the key from there."""
    roots = like.cpu.roots[1:]
    url = like.served.database
    with served_bare(folder, url, like.served, _BARE_THREADS[what]) as one:
        server = Server(one, Cpu((one.process, *roots)))
        server.warm()
        yield server


def _median(taken: Sequence[Wrk]) -> Wrk:
    def of(name: str) -> float:
        return statistics.median(getattr(each, name) for each in taken)

    return Wrk(of("rate"), of("cpu"), of("p50"), of("p99"))

"""Every page of the lender's people with a million applications stored, of which thousands wait for
a person; come to from home, by links. On SQLite, or on PostgreSQL where DESKS_DATABASE says so."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urljoin, urlsplit

import lxml.html
import numpy as np

from benchmarks.service_grounds import copied, new_postgresql
from benchmarks.service_growth import fill
from benchmarks.service_load import Served, load, served
from benchmarks.strategies import prepare
from benchmarks.table import Result

STORED, WAITING = 1_000_000, 5_000  # applications, and how many more wait for a person
BRANCH = "main"  # of the underwriter
TIMES = 20  # each page is asked for
MOST, MOST_QUEUE = 200.0, 100.0  # milliseconds, 95 of 100
QUEUE = "/cases/"
_HISTORY = 20_000  # applicants of the workspace
_SEEN = 5  # links to cases: those stored last are among them
_CAUGHT_UP = 1_800.0  # seconds in which the worker must have seen what was stored
_ID = re.compile(r"[a-z]+-[0-9a-f]{16,}|user\.\d+|\d+|[0-9a-f]{32,}")
_ELSEWHERE = ("/accounts/", "/apply/", "/docs", "/problems", "/v1/", "/static/")


@dataclass
class Seat:
    """Somebody of a role at a browser."""

    url: str
    session: str
    _line: HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        self._line = HTTPConnection(parts.hostname or "", parts.port, timeout=60)

    def get(self, path: str) -> tuple[float, str]:
        """How long the page took, in milliseconds, and its text; empty for what is no page."""
        begun = time.perf_counter()
        self._line.request("GET", path, headers={"Cookie": f"sessionid={self.session}"})
        answer = self._line.getresponse()
        body = answer.read()
        taken = (time.perf_counter() - begun) * 1e3
        if answer.status == 302:  # there is nothing on it yet
            return taken, ""
        if answer.status != 200:
            raise RuntimeError(f"{path} is {answer.status}")
        kind = answer.getheader("Content-Type", "")
        return taken, body.decode() if kind.startswith("text/html") else ""


def run(short: bool = False) -> list[Result]:
    """Fill a lender's service, have its worker see it, and go over the desks."""
    stored = 5_000 if short else int(os.environ.get("DESKS_STORED") or STORED)
    with TemporaryDirectory(prefix="desks-") as made, _database() as database:
        lender = prepare(Path(made) / "lender", _HISTORY).workspace.folder
        folder = copied(lender, "served")
        with served(folder, database) as first:
            load(first, 4, 0.5)
            _referred(first)
        fill(folder, database, stored)
        fill(folder, database, min(WAITING, stored // 10), "refer", BRANCH)
        seats = _seats(folder, database)
        with served(folder, database, key=first.key) as here:  # its worker is beside it
            _wait(here, seats)
            times = dict(_gone_over(here, seats))
    where = os.environ.get("DESKS_DATABASE") or "sqlite"
    return [
        _result(f"{path} with {stored:,} stored, {where}", path, taken)
        for path, taken in sorted(times.items(), key=lambda each: -np.percentile(each[1], 95))
    ]


def _result(name: str, path: str, taken: list[float]) -> Result:
    most = MOST_QUEUE if path == QUEUE else MOST
    p95 = float(np.percentile(taken, 95))
    note = f"median {statistics.median(taken):.0f} ms of {len(taken)}"
    return Result(name, p95, "ms", bar=f"95 of 100 in {most:.0f} ms", met=p95 <= most, note=note)


@contextmanager
def _database() -> Iterator[str]:
    if os.environ.get("DESKS_DATABASE") != "postgresql":
        yield ""
        return
    with new_postgresql() as (url, _):
        yield url


def _referred(server: Served) -> None:
    """Have one application handed to a person: its bureau has not answered."""
    facts = {**server.example["application"], "application_id": "waits", "bureau_score": None}
    asked = urllib.request.Request(  # noqa: S310 - our own server
        f"{server.url}/v1/decisions",
        json.dumps({"application": facts}).encode(),
        {
            "Host": "localhost",
            "Content-Type": "application/json",
            "Authorization": f"Bearer {server.key}",
            "Idempotency-Key": "waits",
        },
    )
    with urllib.request.urlopen(asked) as answer:  # noqa: S310 - as above
        outcome = json.load(answer)["outcome"]
    if outcome != "refer":
        raise RuntimeError(f"the application was to wait for a person: {outcome}")


def _seats(folder: Path, database: str) -> Mapping[str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.desk_seats", str(folder)],
        env={**os.environ, "DATABASE_URL": database},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def _wait(server: Served, seats: Mapping[str, str]) -> None:
    """Until the queue holds cases: the worker has come to the last that was stored."""
    desk = Seat(server.url, seats["underwriter"])
    end = time.monotonic() + _CAUGHT_UP
    while sum("/cases/application-" in each for each in _links(desk.get(QUEUE)[1], QUEUE)) < _SEEN:
        if time.monotonic() > end:
            raise RuntimeError("no case came to the queue")
        time.sleep(2)


def _gone_over(server: Served, seats: Mapping[str, str]) -> Iterator[tuple[str, list[float]]]:
    """Each page once, by its address without names of rows, and how long each time took."""
    measured: set[str] = set()
    for session in seats.values():
        seat = Seat(server.url, session)
        come_to: set[str] = set()
        waiting = ["/"]
        while waiting:
            path = waiting.pop(0)
            plain = _ID.sub("*", urlsplit(path).path)
            if plain in come_to or plain.startswith(_ELSEWHERE):
                continue
            come_to.add(plain)
            text = seat.get(path)[1]
            waiting += _links(text, path) if text else []
            if text and plain not in measured:
                measured.add(plain)
                yield plain, [seat.get(path)[0] for _ in range(TIMES)]


def _links(text: str, path: str) -> list[str]:
    found = [urlsplit(urljoin(f"http://here{path}", each.get("href", "")))
             for each in lxml.html.fromstring(text).iter("a")]  # fmt: skip
    return [f"{each.path}?{each.query}" if each.query else each.path
            for each in found if each.netloc == "here"]  # fmt: skip

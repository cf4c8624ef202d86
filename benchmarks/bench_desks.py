"""Every page of the lender's people with a million applications stored, of which thousands wait for
a person; come to from home, by links. On SQLite, or on PostgreSQL where DESKS_DATABASE says so.

What is stored, and how its worker came to now, is told in `desk_grounds` and `desk_caught_up`.
"""

from __future__ import annotations

import os
import re
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urljoin, urlsplit

import lxml.html
import numpy as np

from benchmarks.desk_grounds import ground, where
from benchmarks.service_load import Served, served
from benchmarks.table import Result

STORED, WAITING = 1_000_000, 10_000  # applications, and how many more wait for a person
TIMES = 20  # each page is asked for
MOST, MOST_QUEUE = 200.0, 100.0  # milliseconds, 95 of 100
QUEUE = "/cases/"
_HISTORY, _SHORT_HISTORY = 20_000, 5_000  # applicants of the workspace
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
    """Fill a lender's service, have its worker come to now, and go over the desks."""
    stored = 5_000 if short else int(os.environ.get("DESKS_STORED") or STORED)
    waiting = min(WAITING, stored // 10)
    with ground(stored, waiting, _SHORT_HISTORY if short else _HISTORY) as made:
        with served(made.folder, made.database) as here:  # its worker is beside it
            times = dict(_gone_over(here, made.seats))
        on = f"{made.stored:,} stored, {made.waiting:,} waiting, {where(made.database)}"
    return [
        _result(f"{path} with {on}", path, taken)
        for path, taken in sorted(times.items(), key=lambda each: -np.percentile(each[1], 95))
    ]


def _result(name: str, path: str, taken: list[float]) -> Result:
    most = MOST_QUEUE if path == QUEUE else MOST
    p95 = float(np.percentile(taken, 95))
    note = f"median {statistics.median(taken):.0f} ms of {len(taken)}"
    return Result(name, p95, "ms", bar=f"95 of 100 in {most:.0f} ms", met=p95 <= most, note=note)


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
    links = [urlsplit(urljoin(f"http://here{path}", each.get("href", "")))
             for each in lxml.html.fromstring(text).iter("a")]  # fmt: skip
    return [f"{each.path}?{each.query}" if each.query else each.path
            for each in links if each.netloc == "here"]  # fmt: skip

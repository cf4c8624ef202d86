"""A first start that is killed loses nobody's way in; of two at once, one waits."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from lender import facts
from processes import CLI, Server, environment, log_in, until, workspace

_BOTH = ["sqlite", "postgresql"]


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[int], Server]]:
    """Makes services that nobody has started yet, each on a database of its own."""
    with contextlib.ExitStack() as stack:

        def new(number: int) -> Server:
            folder = workspace(tmp_path / f"lender{number}")
            if request.param == "sqlite":
                return Server(folder, background=False)
            empty = request.getfixturevalue("_empty_postgresql")
            return Server(folder, stack.enter_context(empty()), background=False)

        yield new


def _begin(server: Server) -> subprocess.Popen[str]:
    arguments = ["serve", str(server.folder), "--port", "0", "--no-worker", "--json"]
    with (server.folder / "log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-c", CLI, *arguments],
            env=environment(server.url),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )


def _cut(process: subprocess.Popen[str]) -> None:
    """As a power cut would: every process of it is gone at once."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def _has_people(server: Server) -> bool:
    """Whether the account is there; nobody has been told of it yet."""
    statement = "SELECT COUNT(*) FROM accounts_user"
    try:
        if server.url:
            with psycopg.connect(server.url) as there:
                result = there.execute(statement).fetchone()
        else:
            file = server.folder / "service" / "service.sqlite3"
            with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as here:
                result = here.execute(statement).fetchone()
    except (sqlite3.Error, psycopg.Error):
        return False
    return bool(result and result[0])


def _wait_for_people(server: Server, process: subprocess.Popen[str]) -> None:
    until(lambda: _has_people(server) or process.poll() is not None)
    assert process.poll() is None, (server.folder / "log").read_text()


@pytest.mark.parametrize("place", _BOTH, indirect=True)
@pytest.mark.parametrize(
    "rounds", [pytest.param(1, id="3"), pytest.param(10, id="30", marks=pytest.mark.slow)]
)
def test_a_first_start_killed_at_any_moment_loses_no_credentials(
    place: Callable[[int], Server], rounds: int
) -> None:
    moments = random.Random(rounds)  # noqa: S311
    for number in range(rounds):
        server = place(number)
        for _ in range(2):
            process = _begin(server)
            time.sleep(moments.uniform(0.3, 4.0))
            _cut(process)
        process = _begin(server)
        try:
            _wait_for_people(server, process)
        finally:
            _cut(process)  # made, and told to nobody
        server.start()
        try:
            assert log_in(server, **server.said["admin"])
            assert server.decide(facts(), "after")[0] == 201  # by the key that it told
        finally:
            server.kill()


@pytest.mark.parametrize(
    "place",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)],
    indirect=True,
)
def test_of_two_first_starts_at_once_one_waits(place: Callable[[int], Server]) -> None:
    server = place(0)
    processes = [_begin(server) for _ in range(2)]
    try:
        collected: list[dict[str, Any]] = []
        for each in processes:
            assert each.stdout is not None
            line = each.stdout.readline()
            assert line.startswith('{"'), (server.folder / "log").read_text()
            collected.append(json.loads(line))
        assert collected[0]["admin"] == collected[1]["admin"]
        assert collected[0]["api_key"] == collected[1]["api_key"]
        assert sum(each["published"] is not None for each in collected) == 1
        for each in collected:
            server.said, server.key = each, each["api_key"]
            assert server.decide(facts(), each["url"].rsplit(":", 1)[1])[0] == 201
    finally:
        for each in processes:
            _cut(each)

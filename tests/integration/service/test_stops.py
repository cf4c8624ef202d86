"""A server that is told to stop does, whenever that comes: an orchestrator that rolls back at once
would else wait out its whole patience."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from processes import CLI, PATIENCE, Server, environment, until, workspace

COUNTS = [3, pytest.param(50, marks=pytest.mark.slow)]


@pytest.mark.parametrize("count", COUNTS)
def test_a_stop_is_heard_whenever_it_comes(tmp_path: Path, count: int) -> None:
    server = Server(workspace(tmp_path / "lender"), background=False)
    start = time.monotonic()
    server.start()
    took = time.monotonic() - start
    assert server.stop() == 0
    moments = random.Random(f"stops {count}")  # noqa: S311
    for number in range(count):
        # Every third as soon as it says that it answers, others from the first line of code on.
        wait = None if number % 3 == 0 else moments.uniform(0.0, 1.3 * took)
        _stopped(server.folder, wait)


def _stopped(folder: Path, wait: float | None) -> None:
    arguments: list[Any] = ["serve", folder, "--port", "0", "--json", "--no-worker"]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", CLI, *map(str, arguments)],
            env=environment(""),
            stdout=subprocess.PIPE,
            stderr=log,
        )
    assert process.stdout is not None
    if wait is None:
        process.stdout.readline()
    else:
        time.sleep(wait)
    family = [process.pid, *_below(process.pid)]
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) in (0, -signal.SIGTERM), wait
    process.stdout.close()
    until(lambda: not [pid for pid in family if _runs(pid)])


def _below(pid: int) -> list[int]:
    collected: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # a thread may end while it is looked at
            collected += map(int, path.read_text().split())
    return collected


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (OSError, IndexError):
        return False
    return state != "Z"

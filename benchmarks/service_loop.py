"""A bare loop of durable commits to SQLite, in a process of its own:
`python -m benchmarks.service_loop FILE SECONDS` prints the rows a second."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

ROW = 1_600  # bytes: what a decision's event takes


def bare_loop(path: Path, seconds: float) -> float:
    """Rows a second, each in a commit of its own."""
    asked = [sys.executable, "-m", "benchmarks.service_loop", str(path), str(seconds)]
    return float(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)


def _commits(path: str, seconds: float) -> float:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE comparable (sequence INTEGER PRIMARY KEY, body BLOB)")
        body, count, begun = os.urandom(ROW), 0, time.perf_counter()
        while time.perf_counter() - begun < seconds:
            connection.execute("INSERT INTO comparable (body) VALUES (?)", (body,))
            count += 1
        return count / (time.perf_counter() - begun)


if __name__ == "__main__":
    print(_commits(sys.argv[1], float(sys.argv[2])))

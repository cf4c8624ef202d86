"""Workers are forked from a process without threads of ours: one that imports at that moment would
leave the worker a lock that nobody opens, and the server never answers."""

from __future__ import annotations

from pathlib import Path

from processes import CLI, Server, workspace

_NOTING = f"""
import os, threading
from pathlib import Path

def note():
    with Path(os.environ["TOLD_IN"], "forks").open("a") as lines:
        print(*(each.name.replace(" ", "") for each in threading.enumerate()), file=lines)

os.register_at_fork(before=note)
{CLI}
"""


def test_no_thread_of_ours_runs_when_workers_are_forked(tmp_path: Path) -> None:
    more = {"TOLD_IN": str(tmp_path)}
    folder = workspace(tmp_path / "lender")
    server = Server(folder, program=_NOTING, workers=2, background=False, more=more).start()
    server.kill()
    forks = [line.split() for line in (tmp_path / "forks").read_text().splitlines()]
    assert len(forks) >= 2
    # Of granian there is one for each worker that is there, and it waits for its end alone.
    ours = [[name for name in names if "_watcher" not in name] for names in forks]
    assert ours == [["MainThread"]] * len(forks)

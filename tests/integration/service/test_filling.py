"""What the benchmark of growth stores are decisions like any other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from lender import facts
from processes import Server, command, workspace

ROOT = Path(__file__).parents[3]


def test_stored_decisions_verify_and_replay(tmp_path: Path) -> None:
    server = Server(workspace(tmp_path / "lender"), background=False).start()
    assert server.decide(facts(), "first")[0] == 201
    assert server.stop() == 0
    fill = [sys.executable, "-m", "benchmarks.service_fill", str(server.folder), "401"]
    subprocess.run(fill, cwd=ROOT, capture_output=True, check=True)
    code, verdict = command("record", "verify", server.folder)
    assert (code, verdict["valid"]) == (0, True)
    code, replayed = command("replay", server.folder, "--all")
    assert (code, replayed["replayed"], replayed["differences"]) == (0, 402, 0)

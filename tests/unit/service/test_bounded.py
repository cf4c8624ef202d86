"""Work on what strangers hand in ends within its bounds, however long it would go on."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from equipoise.service.contexts.decisions.rehearsal_gate import _why
from equipoise.service.platform.bounded import run_bounded


@pytest.fixture(autouse=True)
def _found(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))


def test_what_never_ends_is_ended_by_its_processor_time() -> None:
    done = run_bounded("endless", b"", seconds=1, memory=4 << 30, patience=600.0)
    assert done.returncode == -signal.SIGXCPU
    assert "of processor" in _why(done.returncode, done.stderr)


def test_what_wants_more_memory_than_it_may_have_is_ended() -> None:
    done = run_bounded("endless", b"memory", seconds=60, memory=4 << 30, patience=600.0)
    assert done.returncode != 0
    assert "memory" in _why(done.returncode, done.stderr)

"""What takes long to make is made once in a run, though several workers of it want it."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder of that name, to be read only; `make` fills it, given where it is to be. Whoever
    comes while it is made waits."""
    run = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        run = run.parent  # of all workers
    folder = run / f"once-{name}"
    with (run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            made = Path(tempfile.mkdtemp(dir=run)) / folder.name
            make(made)
            made.rename(folder)
    return folder


def copy_of(folder: Path, to: Path) -> Path:
    """A copy of one's own; the times of files stay, as what is made of others must be newer."""
    return Path(shutil.copytree(folder, to))

"""A disk whose syncs take milliseconds, for every process begun meanwhile: simulated, by a library
that is preloaded and waits. What is synced and in which order is the real thing."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

_SOURCE = Path(__file__).with_suffix(".c")


def can_be_had() -> bool:
    """Whether there is a C compiler to make it with."""
    return shutil.which("cc") is not None


@contextmanager
def slow_disk(milliseconds: float) -> Iterator[None]:
    """Each fsync and fdatasync of programs begun within the block lasts so much longer."""
    with tempfile.TemporaryDirectory(prefix="equipoise-") as name:
        library = Path(name) / "slow_disk.so"
        built = ["cc", "-shared", "-fPIC", "-O2", "-o", str(library), str(_SOURCE), "-ldl"]
        subprocess.run(built, check=True)
        Path(name).chmod(0o755)  # PostgreSQL runs as another user
        given = {"LD_PRELOAD": str(library), "SLOW_DISK_US": str(int(milliseconds * 1000))}
        with patch.dict(os.environ, given):
            yield

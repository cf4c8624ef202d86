"""The service as it was at an earlier commit, taken out of this checkout's history."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

COMMIT = "658575d"
_HERE = Path(__file__).parents[1]
_PREPARE = (
    "import sys, pathlib; from benchmarks.strategies import prepare; "
    "prepare(pathlib.Path(sys.argv[1]), int(sys.argv[2]))"
)


@dataclass(frozen=True)
class Before:
    """Its code, and a lender that was fitted and sealed by it."""

    source: Path
    lender: Path


def before(folder: Path, applicants: int) -> Before | None:
    """None where there is no git, or the history does not reach that far back."""
    taken = subprocess.run(
        ["git", "-C", str(_HERE), "archive", COMMIT, "src", "benchmarks"],
        capture_output=True,
        check=False,
    )
    if taken.returncode:
        return None
    with tarfile.open(fileobj=BytesIO(taken.stdout)) as archive:
        archive.extractall(folder, filter="data")
    lender = folder / "lender"
    paths = os.pathsep.join(str(each) for each in (folder / "src", folder))
    subprocess.run(
        [sys.executable, "-c", _PREPARE, str(lender), str(applicants)],
        env={**os.environ, "PYTHONPATH": paths},
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return Before(folder / "src", lender)

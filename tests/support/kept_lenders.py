"""Lenders' services as former versions left them (`tests/kept`): put back, and asked."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]
KEPT = TESTS / "kept"
ROOMS = ("kept", "support", "integration/service", "parity", "../src")
PATHS = tuple((TESTS / room).resolve() for room in ROOMS)
KEYS = ("master-keys", "signing-key", "secret-key")
DATABASE, DUMP = "service.sqlite3", "database.sql"


def versions() -> list[str]:
    """Of which versions a lender's service is kept."""
    return sorted(each.parent.name for each in KEPT.glob("*/sqlite"))


def put_back(kept: Path, folder: Path) -> None:
    """The lender's folder as it was left there: keys are nobody else's to read."""
    shutil.copytree(kept, folder, dirs_exist_ok=True)
    for packed in folder.rglob("*.gz"):
        packed.with_suffix("").write_bytes(gzip.decompress(packed.read_bytes()))
        packed.unlink()
    for name in KEYS:
        (folder / "service" / name).chmod(0o600)


def ran(script: str, folder: Path, url: str = "") -> str:
    """What a script of `tests/kept` writes, in a process that has the lender's folder and nothing
    else of ours in its environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EQUIPOISE")}
    given = {
        "PYTHONPATH": os.pathsep.join(map(str, PATHS)),
        "EQUIPOISE_HOSTS": "testserver",
        "EQUIPOISE_WEBHOOK_PRIVATE": "127.0.0.1",
        "DATABASE_URL": url,
    }
    command = [sys.executable, str(KEPT / script), str(folder)]
    with tempfile.TemporaryDirectory() as there:
        process = subprocess.run(
            command, env={**kept, **given}, cwd=there, text=True, capture_output=True, check=False
        )
    assert process.returncode == 0, process.stderr[-5000:]
    return process.stdout


def told(folder: Path, url: str = "") -> Any:
    """What the service there tells, once the code of today has brought it up to date."""
    return json.loads(ran("telling.py", folder, url))


def differences(then: Any, now: Any, at: str = "") -> Iterator[str]:
    """Where what is told now is not what was told then. Fields that came since are none."""
    if isinstance(then, dict) and isinstance(now, dict):
        for name, value in then.items():
            if name in now:
                yield from differences(value, now[name], f"{at}/{name}")
            else:
                yield f"{at}/{name}: it is not told any more"
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for place, (one, two) in enumerate(zip(then, now, strict=True)):
            yield from differences(one, two, f"{at}/{place}")
    elif type(then) is not type(now) or then != now:
        yield f"{at}: {then!r:.200} then, {now!r:.200} now"

"""Where a file lies while it is sent: in the service's own folder, for minutes.

The server sends a file from the disk, in its own time and without a thread that waits for a slow
reader; whether it is done nobody hears. So files go by their age. One that is removed while it is
sent is sent to its end.
"""

from __future__ import annotations

import secrets
import time
from pathlib import Path

from django.conf import settings

from equipoise.service.platform.exports.writing import Format
from equipoise.service.platform.keyfiles import PRIVATE_FILE, private_folder

KEPT = 600.0  # seconds


def folder() -> Path:
    """Where they lie; nobody but the service's own user can open them."""
    return private_folder(settings.CONFIGURATION.folder / "exports")


def new(kind: Format) -> Path:
    """A file to write into, which nobody else has."""
    path = folder() / f"{secrets.token_hex(16)}.{kind}"
    path.touch(PRIVATE_FILE, exist_ok=False)
    return path


def sweep(older_than: float = KEPT) -> int:
    """Remove files that are older than so many seconds; how many."""
    over, gone = time.time() - older_than, 0
    for path in folder().iterdir():
        try:
            if path.stat().st_mtime <= over:
                path.unlink()
                gone += 1
        except FileNotFoundError:  # another process was first
            continue
    return gone

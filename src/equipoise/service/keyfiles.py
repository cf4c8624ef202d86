"""Secrets the service makes for itself: files only their owner may read."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

from equipoise.errors import BadInput, Span

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700


def private_folder(path: Path) -> Path:
    """The folder, made where absent, closed to everyone but its owner."""
    path.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    return path


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """The secret in the file; made and kept there at the first call.

    Raises BadInput where others could read it, or it is empty: such a secret is none.
    """
    if not path.exists():
        _keep(path, make())
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise BadInput(
            "others can read this secret",
            where=Span(str(path)),
            mend=f"chmod 600 {path}, and make a new one if others may have read it",
        )
    secret = path.read_text(encoding="ascii", errors="replace").strip()
    if not secret or not secret.isascii():
        raise BadInput(
            "this secret is empty" if not secret else "this secret is damaged",
            where=Span(str(path)),
            mend="take it from a backup; only where nothing was made with it yet, delete the file "
            "and a new one is made",
        )
    return secret


def random_key() -> str:
    """A new secret of 256 bits, as hex digits."""
    return secrets.token_hex(32)


def _keep(path: Path, text: str) -> None:
    private_folder(path.parent)
    # Written apart and linked into place: of two processes that start at once, one wins whole.
    part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        if not path.exists():
            with contextlib.suppress(FileExistsError):
                os.link(part, path)
    finally:
        part.unlink(missing_ok=True)

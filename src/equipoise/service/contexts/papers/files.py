"""Where papers lie: each in a file of its own, encrypted, private, and nowhere that is served."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from equipoise.files import present, replacing
from equipoise.record.personal import Unreadable
from equipoise.service.platform.keyfiles import PRIVATE_FILE, private_folder, sync_folder

_STRAY = 3600.0  # seconds after which a file that no row names belongs to nobody


def keep(paper: str, sealed: bytes) -> None:
    """Put it there, whole and durable."""
    folder = private_folder(Path(settings.CONFIGURATION.paper_folder))
    with replacing(folder / paper) as temporary:
        temporary.write_bytes(sealed)
    (folder / paper).chmod(PRIVATE_FILE)
    sync_folder(folder)


def content(paper: str) -> bytes:
    """What lies there. Raises Unreadable where nothing does."""
    try:
        return _path(paper).read_bytes()
    except FileNotFoundError:
        raise Unreadable(
            "the paper's file is not here", mend="put EQUIPOISE_PAPERS back from a backup"
        ) from None


def remove(paper: str) -> None:
    """Take it away; done again, it is done."""
    _path(paper).unlink(missing_ok=True)


def old_ones() -> Iterator[str]:
    """The papers whose files have been here for a while, and rests of what broke off."""
    folder = Path(settings.CONFIGURATION.paper_folder)
    for path, status in present(folder.iterdir() if folder.is_dir() else ()):
        if time.time() - status.st_mtime > _STRAY:
            yield path.name


def _path(paper: str) -> Path:
    return Path(settings.CONFIGURATION.paper_folder) / paper

"""Looking through all our files, byte by byte, for what must be gone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG

from django.conf import settings

from equipoise.files import present
from equipoise.service.contexts.erasing.needles import Needles

_PIECE = 8 << 20  # bytes
_SKIPPED = {"erasing"}  # keys to what we look for: of chance alone


@dataclass(slots=True)
class Scan:
    """What was looked through, and the files in which something was found."""

    files: int = 0
    bytes: int = 0
    holding: list[str] = field(default_factory=list)


def scan(needles: Needles) -> Scan:
    """Look through everything that the service has on this machine's disk."""
    result = Scan()
    for path in our_files():
        try:
            size = path.stat().st_size
            result.files, result.bytes = result.files + 1, result.bytes + size
            if size and holds(path, needles):
                result.holding.append(_shown(path))
        except FileNotFoundError:
            continue  # it went while we looked
    return result


def our_files() -> Iterator[Path]:
    """The service's folder (database, its log, registers, rests of whatever broke off), batches'
    files, papers, and uploads that are still coming."""
    configured = settings.CONFIGURATION
    own, batches = Path(configured.folder), Path(configured.batch_folder)
    seen: set[Path] = set()
    cut_off = own.parent.glob(f".{own.name}.*")  # restores that were killed
    for root in (own, batches, Path(configured.paper_folder), *cut_off):
        for folder, names, files in os.walk(root):
            names[:] = [name for name in names if name not in _SKIPPED or Path(folder) != own]
            for name in files:
                path = Path(folder, name).resolve()
                if path not in seen and path.is_file():
                    seen.add(path)
                    yield path
    temporary = Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir())
    for path, status in present(temporary.glob("*.upload*")):
        if S_ISREG(status.st_mode) and status.st_uid == os.getuid():
            yield path


def holds(path: Path, needles: Needles) -> bool:
    """Whether any of them stands in the file."""
    texts = needles.texts()
    edge = 1 + max((len(each) for each in (*needles.raw, *texts)), default=0)
    window = b"\n"
    with path.open("rb") as file:
        while True:
            piece = file.read(_PIECE)
            window += piece or b"\n"
            if any(each in window for each in needles.raw):
                return True
            if any(_stands(window, each) for each in texts):
                return True
            if not piece:
                return False
            window = window[-edge:]


def _stands(window: bytes, wanted: bytes) -> bool:
    """As a text of its own: among hex digits of identifiers any number stands by chance. What
    touches an edge of the window is seen whole in the window beside it."""
    at = window.find(wanted, 1)
    while at >= 0:
        before, after = window[at - 1 : at], window[at + len(wanted) : at + len(wanted) + 1]
        if after and not before.isalnum() and not after.isalnum():
            return True
        at = window.find(wanted, at + 1)
    return False


def _shown(path: Path) -> str:
    own = Path(settings.CONFIGURATION.workspace).resolve()
    return str(path.relative_to(own)) if path.is_relative_to(own) else path.name

"""Files: written so that a killed run leaves the old one or the new one, never half of either;
and named as documents name them."""

from __future__ import annotations

import glob
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_MAX_UP = 2  # folders that a relative path may go up


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place only if the block succeeds.

    What runs that were killed have left there is taken away.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path)
    prefix = f".{path.name}.{os.getpid()}."
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=prefix, suffix=".part")
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _sweep(path: Path) -> None:
    head = f".{path.name}."
    for left in path.parent.glob(f"{glob.escape(head)}*.part"):
        owner = left.name.removeprefix(head).split(".")[0]
        if owner.isdigit() and not _alive(int(owner)):
            left.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # it runs under another user, or the number is out of bounds
        return True
    return True


def files_below(folder: Path) -> Iterator[Path]:
    """All files in the folder and in those below it; one that goes meanwhile holds none."""
    for parent, _, names in os.walk(folder):
        yield from (Path(parent, name) for name in names)


def present(paths: Iterable[Path]) -> Iterator[tuple[Path, os.stat_result]]:
    """Those that are there, each with what the disk says of it: where several processes work, what
    was listed a moment ago may be gone."""
    for path in paths:
        try:
            status = path.stat()
        except FileNotFoundError:
            continue
        yield path, status


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text, whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: Path, value: Any) -> None:
    """Write canonical, readable JSON; NaN and infinities are refused."""
    text = json.dumps(value, indent=2, sort_keys=True, allow_nan=False, ensure_ascii=False)
    write_text(path, text + "\n")


def near_path(path: Path, folder: Path) -> str:
    """The path as a document in the folder names it: relative where the two stand close."""
    relative = Path(os.path.relpath(path.absolute(), folder.absolute()))
    far = relative.parts.count("..") > _MAX_UP
    return str(path.absolute()) if far else relative.as_posix()

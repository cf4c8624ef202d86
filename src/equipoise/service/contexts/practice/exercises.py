"""Drills: those that come with us, and the lender's own from `drills.yaml` in the folder that is
served."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from equipoise.errors import EquipoiseError
from equipoise.review.practice import Drill, our_drills, read_drills
from equipoise.service.platform.operations.logs import log

FILE = "drills.yaml"
_log = log("practice")


def drills() -> Mapping[str, Drill]:
    """All of them by name; the lender's own take the place of ours of the same name. A file that
    cannot be read is told in the log, and ours are there all the same."""
    return {each.name: each for each in (*our_drills(), *_own())}


def _own() -> tuple[Drill, ...]:
    path: Path = settings.CONFIGURATION.workspace / FILE
    try:
        stat = path.stat()
    except OSError:
        return ()
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _size: int) -> tuple[Drill, ...]:
    try:
        return read_drills(path)
    except EquipoiseError as error:
        _log.warning("the lender's drills cannot be read: %s", error)
        return ()

"""How much room the disks have on which the service writes."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.db import connection

from equipoise.service.platform.operations.health import Amiss

_LAST = 20  # of the least that is wanted, the share below which SQLite cannot go on safely


def left(folder: Path) -> int:
    """Bytes that may still be written below the folder; 0 where no file can be made there."""
    space = os.statvfs(folder)
    if space.f_files and not space.f_favail:
        return 0
    return space.f_bavail * space.f_frsize


def room() -> Amiss | None:
    """What to say where a disk fills: a warning first; where the database lies on it and next to
    nothing is left, that decisions cannot be made."""
    configuration = settings.CONFIGURATION
    least = configuration.least_disk
    there = [configuration.folder, configuration.batch_folder]
    free = {folder: left(folder) for folder in there if folder.is_dir()}
    if not free or min(free.values()) >= least:
        return None
    ours = connection.vendor == "sqlite" and free.get(configuration.folder, least) < least / _LAST
    shortage = (
        f"{min(free.values()) / 1e6:,.0f} MB are left on the disk of {least / 1e6:,.0f} wanted"
    )
    return Amiss(f"{shortage}: nothing more can be recorded" if ours else shortage, stops=ours)

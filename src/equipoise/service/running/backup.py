"""A backup of everything the service holds on SQLite, while it runs; and putting it back.

One tar file: the database as it stood at one moment, the service's keys, and a list of digests.
Whoever has it and the master keys can read everything: keep it as closed as the folder itself.
PostgreSQL has its own tools for the database (pg_dump, base backups); the keys go in here.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from equipoise.errors import BadInput, GateRefused, Span
from equipoise.outputs import output_fits
from equipoise.service.running.backups import note_backup

DATABASE = "service.sqlite3"
KEPT = ("master-keys", "signing-key", "secret-key", "witness.jsonl", "erasures.jsonl")
_LIST = "manifest.json"
_FORMAT = "equipoise-backup-1"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup file holds: names, and their SHA-256."""

    path: Path
    files: dict[str, str]

    def as_dict(self) -> dict[str, Any]:
        return {"path": str(self.path), "files": self.files, "database": DATABASE in self.files}


def back_up(folder: Path, to: Path) -> Backup:
    """Write a backup of the service's folder. Raises BadInput where there is no service in it."""
    service = folder / "service"
    if not any((service / name).is_file() for name in (DATABASE, *KEPT)):
        raise BadInput(
            "no service has been started in this folder",
            where=Span(str(folder)),
            mend="start one with `equipoise serve`",
        )
    output_fits(to, "FILE", beside=[service / name for name in (DATABASE, *KEPT)])
    # Made beside its place, closed to others from its first byte on: it holds keys.
    with tempfile.TemporaryDirectory(dir=to.parent, prefix=f".{to.name}.") as scratch:
        files = {name: service / name for name in KEPT if (service / name).is_file()}
        if (service / DATABASE).is_file():
            files = {DATABASE: _snapshot(service / DATABASE, Path(scratch) / DATABASE), **files}
        digests = {name: _digest(path) for name, path in files.items()}
        part = Path(scratch) / "part"
        part.touch(0o600)
        with tarfile.open(part, "w") as tar:
            _add(tar, _LIST, json.dumps({"format": _FORMAT, "files": digests}).encode())
            for name, path in files.items():
                tar.add(path, arcname=name)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(to)
    note_backup(service, to)
    return Backup(to, digests)


def restore(folder: Path, source: Path) -> Backup:
    """Put a backup back into a folder whose service holds nothing. Raises BadInput where the file
    is no whole backup, GateRefused where it would overwrite something."""
    service = folder / "service"
    for name in (DATABASE, *KEPT):
        if (service / name).exists():
            raise GateRefused(
                f"there is a service in this folder: {service / name}",
                where=Span(str(service)),
                mend="move it away first; a restore overwrites nothing",
            )
    service.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=service) as scratch:
        digests = _unpack(source, Path(scratch))
        for name in digests:
            path = Path(scratch) / name
            path.chmod(0o600)
            path.replace(service / name)
    return Backup(source, digests)


def _snapshot(database: Path, to: Path) -> Path:
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(to)) as copy:
        source.backup(copy, pages=2_000)
        copy.execute("PRAGMA journal_mode=DELETE")
    return to


def _unpack(source: Path, into: Path) -> dict[str, str]:
    broken = BadInput(
        "this is no whole backup",
        where=Span(str(source)),
        mend="give a file that `equipoise backup` wrote",
    )
    try:
        with tarfile.open(source) as tar:
            tar.extractall(into, filter="data")
        found = json.loads((into / _LIST).read_bytes())
        digests = {str(name): str(value) for name, value in found["files"].items()}
    except (OSError, tarfile.TarError, ValueError, KeyError, AttributeError):
        raise broken from None
    known = {DATABASE, *KEPT}
    if found.get("format") != _FORMAT or not set(digests) <= known:
        raise broken
    for name, digest in digests.items():
        if not (into / name).is_file() or _digest(into / name) != digest:
            raise broken
    return digests


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    tar.addfile(info, io.BytesIO(content))

"""A backup of everything the service holds on SQLite, while it runs; and putting it back.

One tar file: the database as it stood at one moment, what applicants brought (encrypted, where it
lies in the workspace), the keys, and a list of digests. Keys that the
environment gives are not in it: it names them. Whoever has it and the master keys can read
everything: keep it as closed as the folder itself. PostgreSQL has its own tools for the database
(pg_dump, base backups); the keys go in here.

Both are done beside their place and put there by one rename: whenever they are cut off, the place
holds what it held before, or all that was meant.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from equipoise.errors import BadInput, GateRefused, Span
from equipoise.outputs import output_fits
from equipoise.service.commands.locking import holding
from equipoise.service.platform.backups import note_backup
from equipoise.service.platform.configuration import read_configuration
from equipoise.service.platform.keyfiles import PRIVATE_FILE, PRIVATE_FOLDER, SECRETS, sync_folder

DATABASE, WITNESS, ERASURES = "service.sqlite3", "witness.jsonl", "erasures.jsonl"
KEYS = tuple(each.file for each in SECRETS)
PAPERS = "papers"  # a folder
RESTORING = ".service.restoring"  # in the workspace, while a restore is unpacked
_LIST = "manifest.json"
_FORMAT = "equipoise-backup-2"
_PAPER = re.compile(rf"{PAPERS}/paper-[0-9a-f]{{32}}")


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup file holds: names, and their SHA-256. `elsewhere` are the keys that it does
    not hold, by the variable that gives them: without them nothing of it can be started."""

    path: Path
    files: dict[str, str]
    elsewhere: dict[str, str]

    def as_dict(self) -> dict[str, Any]:
        """As plain data, for `--json`."""
        return {
            "path": str(self.path),
            "files": self.files,
            "database": DATABASE in self.files,
            "elsewhere": self.elsewhere,
        }


def back_up(folder: Path, to: Path) -> Backup:
    """Write a backup of the service's folder. Raises BadInput where there is no service in it,
    GateRefused where another backup is being written to that file."""
    service = folder / "service"
    here = [service / name for name in (DATABASE, WITNESS, ERASURES, *KEYS)]
    if not any(path.is_file() for path in here):
        raise BadInput(
            "no service has been started in this folder",
            where=Span(str(folder)),
            mend="start one with `equipoise serve`",
        )
    output_fits(to, "FILE", beside=here)
    note_backup(service, to)
    with _stage(to.parent / f".{to.name}.part") as stage:
        copies = _copies(service, stage)
        digests = {str(path.relative_to(stage)): _digest(path) for path in copies}
        elsewhere = {each.file: each.variable for each in SECRETS if each.file not in digests}
        part = stage / "part"
        part.touch(PRIVATE_FILE)
        manifest = {"format": _FORMAT, "files": digests, "elsewhere": elsewhere}
        with tarfile.open(part, "w") as tar:
            _add(tar, _LIST, json.dumps(manifest).encode())
            for name in digests:
                tar.add(stage / name, arcname=name)
        _sync(part)
        part.replace(to)
        sync_folder(to.parent)
    return Backup(to, digests, elsewhere)


def restore(folder: Path, source: Path) -> Backup:
    """Put a backup back into a folder whose service holds nothing. Raises BadInput where the file
    is no whole backup, GateRefused where it would overwrite something."""
    service = folder / "service"
    if not source.is_file():
        raise BadInput("there is no such file", where=Span(str(source)), mend="name a backup")
    _refuse_overwriting(service)
    folder.mkdir(parents=True, exist_ok=True)
    with _stage(folder / RESTORING) as stage:
        manifest = _unpack(source, stage)
        for name in manifest.files:
            (stage / name).chmod(PRIVATE_FILE)
            _sync(stage / name)
        for folder_ in {(stage / name).parent for name in manifest.files} - {stage}:
            folder_.chmod(PRIVATE_FOLDER)
            sync_folder(folder_)
        sync_folder(stage)
        _remove_empty(service)
        try:
            stage.rename(service)
        except OSError as error:
            raise _not_alone(service, str(error)) from None
        sync_folder(folder)
    return manifest


def lacking(folder: Path) -> list[str]:
    """The variables that must give a key before what was restored can be started."""
    configuration = read_configuration({**os.environ, "EQUIPOISE_WORKSPACE": str(folder)})
    return [each.variable for each in SECRETS if not each.is_here(configuration)]


@contextmanager
def _stage(path: Path) -> Iterator[Path]:
    """A folder to work in, closed to others; what one that was killed left there is removed."""

    def busy() -> None:
        raise GateRefused(
            "this is being done at this moment by another process",
            where=Span(str(path)),
            mend="wait until it is done",
        )

    path.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    with holding(path, busy):
        for left in path.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)


def _copies(service: Path, into: Path) -> Iterator[Path]:
    """Everything as it stands, each whole. The witness before the database, which so holds all that
    the witness tells of; papers, keys and erasures after it, which so are all that it needs, but
    for papers that were removed meanwhile."""
    if (service / WITNESS).is_file():
        yield Path(shutil.copyfile(service / WITNESS, into / WITNESS))
    if (service / DATABASE).is_file():
        yield _snapshot(service / DATABASE, into / DATABASE)
    (into / PAPERS).mkdir(mode=PRIVATE_FOLDER)
    for paper in sorted((service / PAPERS).glob("paper-*")):
        with suppress(FileNotFoundError):
            yield Path(shutil.copyfile(paper, into / PAPERS / paper.name))
    for name in (ERASURES, *KEYS):
        if (service / name).is_file():
            (into / name).touch(PRIVATE_FILE)
            yield Path(shutil.copyfile(service / name, into / name))


def _snapshot(database: Path, to: Path) -> Path:
    to.touch(PRIVATE_FILE)
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(to)) as copy:
        source.backup(copy, pages=2_000)
        copy.execute("PRAGMA journal_mode=DELETE")
    return to


def _refuse_overwriting(service: Path) -> None:
    for path in sorted(service.rglob("*")):
        if not path.is_dir():
            raise _not_alone(path, "it holds a file")


def _not_alone(path: Path, why: str) -> GateRefused:
    return GateRefused(
        f"there is a service in this folder: {path} ({why})",
        where=Span(str(path.parent)),
        mend="move it away first; a restore overwrites nothing",
    )


def _remove_empty(service: Path) -> None:
    for path in sorted(service.rglob("*"), reverse=True):
        with suppress(OSError):  # the rename tells
            path.rmdir()


def _unpack(source: Path, into: Path) -> Backup:
    broken = BadInput(
        "this is no whole backup",
        where=Span(str(source)),
        mend="give a file that `equipoise backup` wrote",
    )
    try:
        with tarfile.open(source) as tar:
            manifest = _listed(tar)
            for name in manifest.files:
                tar.extract(name, into, filter="data")
    except (OSError, tarfile.TarError, ValueError, KeyError, AttributeError, TypeError):
        raise broken from None
    for name, digest in manifest.files.items():
        if not (into / name).is_file() or _digest(into / name) != digest:
            raise broken
    return Backup(source, manifest.files, manifest.elsewhere)


def _listed(tar: tarfile.TarFile) -> Backup:
    """What the list says. Raises ValueError and the like where it is none of ours."""
    file = tar.extractfile(_LIST)
    listing: Mapping[str, Any] = json.loads(file.read()) if file else {}
    files = {str(name): str(digest) for name, digest in listing["files"].items()}
    elsewhere = {str(name): str(variable) for name, variable in listing["elsewhere"].items()}
    others = [each for each in files if not _PAPER.fullmatch(each)]
    if listing["format"] != _FORMAT or not set(others) <= {DATABASE, WITNESS, ERASURES, *KEYS}:
        raise ValueError(listing["format"])
    return Backup(Path(), files, elsewhere)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), PRIVATE_FILE
    tar.addfile(info, io.BytesIO(content))

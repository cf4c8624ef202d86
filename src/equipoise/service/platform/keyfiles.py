"""Secrets the service makes for itself: files only their owner may read, or the environment's.

They are made once, for an empty database (`make_absent`); from then on a secret that is not here is
missing, and nothing is put in its place.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from equipoise.errors import BadInput, Span
from equipoise.service.platform.configuration import Configuration

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret of ours: its file in the service's folder, or the variable that gives it instead."""

    file: str
    variable: str
    make: Callable[[], str]

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self.file.replace("-", " ")

    def path(self, configuration: Configuration) -> Path:
        """Where it lies, unless the environment gives it."""
        return configuration.folder / self.file

    def by_environment(self, configuration: Configuration) -> str:
        """What the environment gives; empty where it gives none."""
        text: str = getattr(configuration, self.file.replace("-", "_"))
        return text

    def is_here(self, configuration: Configuration) -> bool:
        """Whether it can be read at all."""
        return bool(self.by_environment(configuration)) or self.path(configuration).exists()

    def text(self, configuration: Configuration) -> str:
        """The secret. Raises BadInput where it is missing, empty, or open to others."""
        return self.by_environment(configuration) or read_secret(self.path(configuration))


def random_key() -> str:
    """A new secret of 256 bits, as hex digits."""
    return secrets.token_hex(32)


MASTER_KEYS = Secret("master-keys", "EQUIPOISE_MASTER_KEYS", lambda: f"1:{random_key()}")
SIGNING_KEY = Secret("signing-key", "EQUIPOISE_SIGNING_KEY", random_key)
SECRET_KEY = Secret("secret-key", "EQUIPOISE_SECRET_KEY", random_key)
SECRETS = (MASTER_KEYS, SIGNING_KEY, SECRET_KEY)


def private_folder(path: Path) -> Path:
    """The folder, made where absent, closed to everyone but its owner."""
    path.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    return path


def make_absent(configuration: Configuration) -> None:
    """Make and keep every secret that is not here. Only for a database that holds nothing yet."""
    for each in SECRETS:
        for left in configuration.folder.glob(f".{each.file}.*.*"):
            left.unlink(missing_ok=True)  # of a process that was killed while it kept one
        if not each.is_here(configuration):
            keep_secret(each.path(configuration), each.make())


def read_secret(path: Path) -> str:
    """The secret in the file. Raises BadInput where there is none, or others could read it."""
    if not path.exists():
        raise BadInput(
            "this secret is not here",
            where=Span(str(path)),
            mend="mount the folder that the service was started in, or take it from a backup",
        )
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


def keep_secret(path: Path, text: str) -> None:
    """Keep a new secret in the file, safe from a power cut; one that is there already stays."""
    part = written_apart(path, text)
    try:
        with contextlib.suppress(FileExistsError):
            os.link(part, path)
        sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def written_apart(path: Path, text: str) -> Path:
    """The secret in a file of its own beside `path`, on the disk, to be put in place whole."""
    private_folder(path.parent)
    part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    return part


def sync_folder(path: Path) -> None:
    """Have the folder's names on the disk: a file that was put in place is there after a cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""A batch's folder: the file given, the parts that are decided, the answers, what was wrong."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from equipoise.files import files_below
from equipoise.service.platform.keyfiles import PRIVATE_FILE, private_folder

if TYPE_CHECKING:
    from equipoise.strategy.files.tables import Format

_PARTS = "parts"


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one batch. Nobody but the service's own user can open them."""

    batch: str

    @property
    def folder(self) -> Path:
        return folder() / self.batch

    def given(self, kind: Format) -> Path:
        """The file that was given; its name is what faults call it."""
        return self.folder / f"applications.{kind}"

    def result(self, kind: Format) -> Path:
        """The answers, once all are there."""
        return self.folder / f"decisions.{kind}"

    def part(self, first_row: int) -> Path:
        """The answers of the piece that begins with that row; parts sort by their names."""
        return private_folder(self.folder / _PARTS) / f"{first_row:012d}"

    def parts(self) -> list[Path]:
        """All parts in order, but for what is being written."""
        parts = (self.folder / _PARTS).glob("[0-9]*")
        return sorted(path for path in parts if not path.name.startswith("."))

    def parts_size(self) -> int:
        """Bytes of all parts."""
        return sum(path.stat().st_size for path in self.parts())

    def personal(self) -> list[Path]:
        """Those that hold applicants' facts or answers, as far as they are there and whole."""
        named = ("applications", "decisions")
        return sorted(each for each in files_below(self.folder) if each.stem in named)

    def drop_parts(self) -> None:
        """Remove the answers of the pieces, which the whole file of answers holds, or nobody
        wants."""
        shutil.rmtree(self.folder / _PARTS, ignore_errors=True)

    def drop_answers(self) -> None:
        """Remove all answers, whole or in parts."""
        self.drop_parts()
        for path in self.folder.glob("*decisions.*"):
            path.unlink(missing_ok=True)

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def tell(self, fault: dict[str, Any]) -> None:
        """Keep what is wrong with the file; it may repeat what stands there, so it is kept here."""
        path = self.folder / "fault.json"
        path.write_text(json.dumps(fault, ensure_ascii=False), encoding="utf-8")
        path.chmod(PRIVATE_FILE)

    def fault(self) -> dict[str, Any] | None:
        try:
            fault: dict[str, Any] = json.loads((self.folder / "fault.json").read_bytes())
        except (OSError, ValueError):
            return None
        return fault


def folder() -> Path:
    """Where all batches lie."""
    return private_folder(Path(settings.CONFIGURATION.batch_folder))


def folders() -> list[Path]:
    """The folder of every batch of which something lies here, and of uploads on their way."""
    return sorted(folder().glob("batch-*"))


def digest_of(path: Path) -> str:
    """SHA-256 of a file, as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def settled(path: Path) -> None:
    """Make the file private, and its name as durable as its content already is."""
    path.chmod(PRIVATE_FILE)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

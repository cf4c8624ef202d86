"""A run's folder: the appetite as it was asked for, what was found, what was in the way."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from equipoise.errors import EquipoiseError
from equipoise.service.platform.jobs.faults import fault_of
from equipoise.service.platform.keyfiles import PRIVATE_FILE, private_folder

KEPT = 12  # runs whose arrays stay on the disk, the newest; 100,000 applicants take some 40 MB
APPETITE, RESULT, FAULT = "appetite.yaml", "balance.json", "fault.json"
CONCERNED = "concerned.json"  # of a change: which versions it concerns, and how many they decide


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one run. Nobody but the service's own user can open them."""

    run: int

    @property
    def folder(self) -> Path:
        return private_folder(_all()) / str(self.run)

    @property
    def appetite(self) -> Path:
        return self.folder / APPETITE

    @property
    def result(self) -> Path:
        return self.folder / RESULT

    def make(self, appetite: str) -> Path:
        """The folder with the appetite in it."""
        folder = private_folder(self.folder)
        self.appetite.write_text(appetite, encoding="utf-8")
        self.appetite.chmod(PRIVATE_FILE)
        return folder

    def digest(self, name: str) -> str:
        """SHA-256 of what was found, the file of that name."""
        return hashlib.sha256((self.folder / name).read_bytes()).hexdigest()

    def tell(self, error: EquipoiseError) -> None:
        """Keep what was in the way, without where the lender's files lie on this machine."""
        path = private_folder(self.folder) / FAULT
        path.write_text(json.dumps(fault_of(error)), encoding="utf-8")
        path.chmod(PRIVATE_FILE)

    def fault(self) -> dict[str, Any] | None:
        """What was in the way; None where nothing is kept."""
        try:
            fault: dict[str, Any] = json.loads((self.folder / FAULT).read_bytes())
        except (OSError, ValueError):
            return None
        return fault

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def kept() -> list[int]:
    """The runs of which something lies there."""
    folder = _all()
    if not folder.is_dir():
        return []
    return sorted(int(each.name) for each in folder.iterdir() if each.name.isdigit())


def _all() -> Path:
    return Path(settings.CONFIGURATION.folder) / "balances"

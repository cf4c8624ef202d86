"""A measurement's folder: what it rests on, whose decisions, what was found, and the draft."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from equipoise.service.platform.keyfiles import PRIVATE_FILE, private_folder

KEPT = 12  # measurements whose folders stay on the disk, the newest
DECISIONS, DRAFT = "decisions.json", "strategy.json"


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one measurement. Nobody but the service's own user can open them."""

    measurement: int

    @property
    def folder(self) -> Path:
        return private_folder(_all()) / str(self.measurement)

    def keep_decisions(self, ids: Sequence[str]) -> None:
        """Keep whose decisions were measured: no fact of anybody."""
        path = self.folder / DECISIONS
        path.write_text(json.dumps(list(ids)), encoding="utf-8")
        path.chmod(PRIVATE_FILE)

    def decisions(self) -> list[str] | None:
        """Those ids; None where the applicants were not the record's. Raises OSError where they
        are no longer kept."""
        if not self.folder.is_dir():
            raise FileNotFoundError(self.folder)
        try:
            ids: list[str] = json.loads((self.folder / DECISIONS).read_bytes())
        except FileNotFoundError:
            return None
        return ids

    def draft(self) -> bytes | None:
        """The sealed draft strategy; None where there is none, or it is no longer kept."""
        try:
            return (self.folder / DRAFT).read_bytes()
        except OSError:
            return None

    def draft_digest(self) -> str:
        """The digest that the draft is sealed under; empty where there is none."""
        draft = self.draft()
        return "" if draft is None else str(json.loads(draft)["digest"])


def forget_old() -> None:
    """Remove the folders of all but the newest: their rows and the record stay."""
    folder = _all()
    there = [int(each.name) for each in folder.iterdir() if each.name.isdigit()]
    for number in sorted(there)[:-KEPT]:
        shutil.rmtree(folder / str(number), ignore_errors=True)


def _all() -> Path:
    return Path(settings.CONFIGURATION.folder) / "standings"

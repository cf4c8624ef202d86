"""Which backups were written of this service, as far as this machine knows."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from equipoise.service.platform.keyfiles import PRIVATE_FILE

LIST = "backups.jsonl"


def note_backup(service: Path, file: Path) -> None:
    """Write down that a backup is being written there."""
    line = {"file": str(file.resolve()), "at": datetime.now(UTC).isoformat(timespec="seconds")}
    (service / LIST).touch(PRIVATE_FILE)
    with (service / LIST).open("a", encoding="utf-8") as list_:
        list_.write(json.dumps(line) + "\n")


def known_backups() -> list[str]:
    """Those that still stand where they were written, the oldest first; also what is left of one
    that was cut off."""
    from django.conf import settings

    path = Path(settings.CONFIGURATION.folder) / LIST
    if not path.is_file():
        return []
    files = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            files.append(str(json.loads(line)["file"]))
        except (ValueError, KeyError, TypeError):
            continue  # broken off in the middle
    named = [Path(each) for each in dict.fromkeys(files)]
    cut_off = (rest for file in named for rest in file.parent.glob(f".{file.name}.*"))
    return [str(each) for each in (*named, *cut_off) if each.exists()]

"""Jobs for the tests, which worker processes import by name."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from happened import happened

from equipoise.errors import BadInput
from equipoise.service.platform.jobs.registering import LONG, Again, job, stopping
from equipoise.service.platform.record import services as record

CHAIN = "written.down"
SECRET = "PlantedValue"  # noqa: S105 - what must not be kept


def note(folder: str, line: str) -> None:
    with (Path(folder) / "notes").open("a") as file:
        file.write(line + "\n")


def notes(folder: Path) -> list[str]:
    path = folder / "notes"
    return path.read_text().split() if path.exists() else []


@job(queue=LONG)
def write_down(folder: str) -> None:
    """Write one event into the record, once it may; done again, it is there already."""
    note(folder, "begun")
    while not (Path(folder) / "go").exists():
        if stopping():
            raise Again
        time.sleep(0.02)
    with transaction.atomic():
        if not record.entries(CHAIN):
            record.append(happened(CHAIN, begins=True))
    note(folder, "done")


@job()
def succeed(number: int) -> int:
    return number


@job(attempts=2)
def fail() -> None:
    raise RuntimeError(SECRET)


@job()
def refuse() -> None:
    raise BadInput("no repetition helps")


@job(attempts=1)
def ask_again() -> None:
    raise Again(after=timedelta(minutes=7))

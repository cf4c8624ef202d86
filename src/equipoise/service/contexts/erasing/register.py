"""The register of erasures: a file beside the database, so that a restore of an older one does not
bring anybody back. It holds applications' ids and moments, and nothing about a person.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from equipoise.errors import BadInput, Span
from equipoise.service.platform.keyfiles import PRIVATE_FILE
from equipoise.service.platform.record import subjects

REGISTER = "erasures.jsonl"
BY = "system.register"
_AT_ONCE = 500  # applicants asked for in one question


def register_file() -> Path:
    """Where the register stands: copy it elsewhere, as the witness's file."""
    return Path(settings.CONFIGURATION.folder) / REGISTER


def tell() -> None:
    """Add every erasure that the register lacks; durable before this returns."""
    path = register_file()
    with path.open("a+b") as file:
        path.chmod(PRIVATE_FILE)
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        raw = file.read()
        whole = raw[: raw.rfind(b"\n") + 1]
        file.truncate(len(whole))  # what was broken off in the middle of its line
        known = set(_read(whole.decode(), path))
        for subject, at in subjects.erased():
            if subject not in known:
                line = {"subject": subject, "at": at.isoformat(timespec="seconds")}
                file.write(json.dumps(line).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> list[str]:
    """The applicants in a register. Raises BadInput where a line is none."""
    try:
        return _read(path.read_text(encoding="utf-8"), path)
    except OSError as error:
        raise BadInput(str(error.strerror), where=Span(str(path)), mend="give the file") from None


def apply(named: Iterable[str]) -> int:
    """Erase again whoever of them is readable here; how many were."""
    every, done = list(dict.fromkeys(named)), 0
    for start in range(0, len(every), _AT_ONCE):
        for subject in subjects.readable(every[start : start + _AT_ONCE]):
            subjects.erase(subject, BY, "register")
            done += 1
    return done


def _read(text: str, path: Path) -> list[str]:
    erasures = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            erasures.append(str(json.loads(line)["subject"]))
        except (ValueError, KeyError, TypeError):
            raise BadInput(
                "this is no line of a register of erasures",
                where=Span(str(path), number),
                mend=f"give a copy of service/{REGISTER}",
            ) from None
    return erasures

"""From a file as somebody brought it to one that is safe to keep and to open."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass

from equipoise.errors import EquipoiseError
from equipoise.service.platform.bounded import run_bounded
from equipoise.service.platform.papers.refusals import NotTaken, Why

MOST_BYTES = 12_000_000
PDF = "application/pdf"
_SECONDS, _PATIENCE = 20, 60.0  # of processor; until it must have ended
_MEMORY = 2 << 30  # bytes of addresses
_CHILD = "equipoise.service.platform.papers.child"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file made anew of what is seen in the old one, its kind (`image/jpeg` or
    `application/pdf`), and how many pages it has."""

    kind: str
    content: bytes
    pages: int


def clean(content: bytes) -> Cleaned:
    """The file made anew, in a process of its own. Raises NotTaken.

    Its kind is told by its content. Pictures are drawn anew, the first frame upright, without what
    a camera noted; of PDFs the pages stay, and what stands in forms as it is seen.
    Raises EquipoiseError where none can be read here.
    """
    if len(content) > MOST_BYTES:
        raise NotTaken(Why.TOO_LARGE)
    try:
        done = run_bounded(_CHILD, content, seconds=_SECONDS, memory=_MEMORY, patience=_PATIENCE)
    except subprocess.TimeoutExpired:
        raise NotTaken(Why.TOO_HARD) from None
    return _cleaned(done)


def _cleaned(done: subprocess.CompletedProcess[bytes]) -> Cleaned:
    head, _, content = done.stdout.partition(b"\n")
    if done.returncode < 0 or b"MemoryError" in done.stderr:  # it ended at its bounds
        raise NotTaken(Why.TOO_HARD)
    if done.returncode:
        raise EquipoiseError(f"the process that reads files ended with {done.returncode}")
    answer = json.loads(head)
    if "why" in answer:
        raise NotTaken(Why(answer["why"]))
    return Cleaned(answer["kind"], content, answer["pages"])

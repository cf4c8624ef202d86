"""The process in which a file is read: what comes in is a stranger's, what goes out is ours."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping

import filetype

from equipoise.service.platform.bounded import keep_within
from equipoise.service.platform.papers.documents import cleaned_document
from equipoise.service.platform.papers.images import cleaned_image
from equipoise.service.platform.papers.refusals import NotTaken, Why

JPEG, PDF = "image/jpeg", "application/pdf"
Read = Callable[[bytes], tuple[bytes, int]]  # the new file, and how many pages it has
_READERS: Mapping[str, tuple[str, Read]] = {
    "image/jpeg": (JPEG, cleaned_image),
    "image/png": (JPEG, cleaned_image),
    "image/webp": (JPEG, cleaned_image),
    "image/heic": (JPEG, cleaned_image),
    "application/pdf": (PDF, cleaned_document),
}


def main() -> None:
    """Write a line of JSON (the new file's `kind` and `pages`, or `why` it is not taken), then the
    new file of what standard input holds."""
    keep_within()
    try:
        kind, content, pages = _cleaned(sys.stdin.buffer.read())
        head: dict[str, str | int] = {"kind": kind, "pages": pages}
    except NotTaken as refused:
        head, content = {"why": refused.why.value}, b""
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + content)


def _cleaned(raw: bytes) -> tuple[str, bytes, int]:
    guess = filetype.guess(raw)
    reader = _READERS.get("" if guess is None else guess.mime)
    if reader is None:
        raise NotTaken(Why.OTHER_KIND)
    kind, read = reader
    try:
        return kind, *read(raw)
    except NotTaken:
        raise
    except MemoryError:
        raise NotTaken(Why.TOO_HARD) from None
    except Exception:  # broken content makes its readers raise anything
        raise NotTaken(Why.BROKEN) from None

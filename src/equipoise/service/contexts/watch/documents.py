"""watch.yaml: as it lies in the workspace, and as a version holds it."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from equipoise.errors import BadInput

if TYPE_CHECKING:
    from equipoise.watch import Watch

MOST_LETTERS = 1_000_000
NAME = "watch.yaml"


def folder() -> Path:
    """The folder that is served."""
    return Path(settings.CONFIGURATION.workspace)


def of_workspace() -> str:
    """The text as it lies there. Raises BadInput where there is none that can be read."""
    try:
        text = (folder() / NAME).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadInput(
            "the workspace has no watch.yaml that can be read",
            mend="write what is watched into the folder that is served",
        ) from None
    if len(text) > MOST_LETTERS:
        raise BadInput("watch.yaml is too long", mend="leave out what is not watched")
    return text


def digest_of(text: str) -> str:
    """Its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=8)
def parsed(text: str) -> Watch:
    """The watch of a version. Raises BadInput or Faults, with line and mend."""
    from equipoise.watch import parse_watch

    return parse_watch(text, Path(NAME))

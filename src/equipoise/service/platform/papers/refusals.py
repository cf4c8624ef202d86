"""Why a file is not taken, in words for whoever brought it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from equipoise.errors import BadInput


class Why(StrEnum):
    """What is wrong with a file."""

    TOO_LARGE = "too_large"
    OTHER_KIND = "other_kind"
    BROKEN = "broken"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_PAGES = "too_many_pages"
    LOCKED = "locked"
    TOO_HARD = "too_hard"


_WORDS: Mapping[Why, tuple[str, str]] = {
    Why.TOO_LARGE: ("The file is larger than 12 MB.", "Bring a smaller one, or in parts."),
    Why.OTHER_KIND: (
        "The file is neither a picture nor a PDF that we can read.",
        "Bring a photo (JPEG, PNG, WebP, HEIC) or a PDF.",
    ),
    Why.BROKEN: ("The file cannot be opened: it seems to be damaged.", "Save it once more."),
    Why.TOO_MANY_PIXELS: (
        "The picture has more than 50 million pixels.",
        "Take it again with a lower resolution.",
    ),
    Why.TOO_MANY_PAGES: ("The PDF has more than 50 pages.", "Bring the pages that are asked for."),
    Why.LOCKED: (
        "The PDF is protected by a password.",
        "Save it without one, or take a photo of it.",
    ),
    Why.TOO_HARD: (
        "The file takes too long to read.",
        "Take a photo of what it shows, and bring that.",
    ),
}


class NotTaken(BadInput):
    """A file is not taken; `why` is the kind of reason."""

    def __init__(self, why: Why) -> None:
        message, mend = _WORDS[why]
        super().__init__(message, mend=mend)
        self.why = why

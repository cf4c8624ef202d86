"""Why a file is not taken, in words for whoever brought it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from equipoise.errors import BadInput
from equipoise.texts.saying import marked


class Why(StrEnum):
    """What is wrong with a file."""

    TOO_LARGE = "too_large"
    OTHER_KIND = "other_kind"
    BROKEN = "broken"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_PAGES = "too_many_pages"
    LOCKED = "locked"
    TOO_HARD = "too_hard"
    NO_PICTURE = "no_picture"
    NO_PDF = "no_pdf"


_WORDS: Mapping[Why, tuple[str, str]] = {
    Why.TOO_LARGE: (
        marked("The file is larger than 12 MB."),
        marked("Bring a smaller one, or in parts."),
    ),
    Why.OTHER_KIND: (
        marked("The file is neither a picture nor a PDF that we can read."),
        marked("Bring a photo (JPEG, PNG, WebP, HEIC) or a PDF."),
    ),
    Why.BROKEN: (
        marked("The file cannot be opened: it seems to be damaged."),
        marked("Save it once more."),
    ),
    Why.TOO_MANY_PIXELS: (
        marked("The picture has more than 50 million pixels."),
        marked("Take it again with a lower resolution."),
    ),
    Why.TOO_MANY_PAGES: (
        marked("The PDF has more than 50 pages."),
        marked("Bring the pages that are asked for."),
    ),
    Why.LOCKED: (
        marked("The PDF is protected by a password."),
        marked("Save it without one, or take a photo of it."),
    ),
    Why.TOO_HARD: (
        marked("The file takes too long to read."),
        marked("Take a photo of what it shows, and bring that."),
    ),
    Why.NO_PICTURE: (
        marked("This has to be a PDF, and the file is a picture."),
        marked("Bring the PDF that you were sent or can download."),
    ),
    Why.NO_PDF: (
        marked("This has to be a picture, and the file is a PDF."),
        marked("Take a photo of it, and bring that."),
    ),
}


class NotTaken(BadInput):
    """A file is not taken; `why` is the kind of reason."""

    def __init__(self, why: Why) -> None:
        message, mend = _WORDS[why]
        super().__init__(message, mend=mend)
        self.why = why

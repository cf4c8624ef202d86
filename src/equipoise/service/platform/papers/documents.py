"""A PDF of the old one's pages and nothing else: what acts in a PDF hangs outside of what its pages
draw, and is left behind."""

from __future__ import annotations

from io import BytesIO

import pikepdf

from equipoise.service.platform.papers.refusals import NotTaken, Why

MOST_PAGES = 50
# What a page may say; annotations, actions, threads and private data are no part of it.
_OF_A_PAGE = frozenset(
    {"/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents"}
)
# What a picture or a form drawn on a page may carry along without being seen.
_CARRIED = ("/AF", "/Metadata", "/PieceInfo", "/OPI", "/Ref")


def cleaned_document(raw: bytes) -> tuple[bytes, int]:
    """The pages in a new PDF, with forms and notes drawn onto them, and how many they are. Raises
    NotTaken, and whatever a broken one makes its reader raise."""
    try:
        with pikepdf.open(BytesIO(raw)) as old:
            return _pages_of(old)
    except pikepdf.PasswordError:
        raise NotTaken(Why.LOCKED) from None


def _pages_of(old: pikepdf.Pdf) -> tuple[bytes, int]:
    if old.is_encrypted:
        raise NotTaken(Why.LOCKED)
    if not len(old.pages):
        raise NotTaken(Why.BROKEN)
    if len(old.pages) > MOST_PAGES:
        raise NotTaken(Why.TOO_MANY_PAGES)
    old.flatten_annotations("screen")
    with pikepdf.new() as fresh:
        for page in old.pages:
            _strip(page)
        fresh.pages.extend(old.pages)
        _unload(fresh)
        out = BytesIO()
        fresh.save(out, deterministic_id=True)
        return out.getvalue(), len(fresh.pages)


def _strip(page: pikepdf.Page) -> None:
    for name in set(page.obj.keys()) - _OF_A_PAGE:
        del page.obj[name]


def _unload(fresh: pikepdf.Pdf) -> None:
    for each in fresh.objects:
        if isinstance(each, pikepdf.Stream):
            for name in _CARRIED:
                if name in each:
                    del each[name]

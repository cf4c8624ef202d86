"""Questions that are answered with a document: what stands for it among what was typed.

A person types nothing there, so that what stands for a document is laid down by whoever keeps it,
under names that no box has (`PARTS`).
"""

from __future__ import annotations

from collections.abc import Mapping

from equipoise.contract import Field
from equipoise.journey.refusal import NotRead
from equipoise.texts.numbers import fixed
from equipoise.texts.saying import say

PAPER, NAME, SIZE, HELD = "paper", "name", "size", "held"
PARTS = frozenset({PAPER, NAME, SIZE, HELD})
"""The document's id, what its file was called, its bytes, and whether nobody may open it yet."""
_KILO, _MEGA = 1_000, 1_000_000


def read_document(field: Field, raw: Mapping[str, str]) -> bool | None:
    """Whether a document is there; None where none is and the contract wants one. Raises NotRead
    while it is held back."""
    if not raw.get(PAPER):
        return None if field.missing == "refuse" else False
    if raw.get(HELD):
        raise NotRead(
            say("We look through your document for harmful content first. This takes a minute."),
            field=field.name,
        )
    return True


def written_document(raw: Mapping[str, str]) -> str:
    """What its file was called, and how large it is; empty where there is none."""
    if not raw.get(PAPER):
        return ""
    return say("{name} ({size})", name=raw.get(NAME, ""), size=_size(int(raw.get(SIZE) or 0)))


def typed_text(raw: Mapping[str, str]) -> str:
    """What was typed, in one line; of a document its name and size."""
    return written_document(raw) or " ".join(raw.values()).strip()


def _size(count: int) -> str:
    """Bytes as people read them."""
    if count < _MEGA:
        return say("{n} kB", n=fixed(max(1, round(count / _KILO)), 0))
    return say("{n} MB", n=fixed(count / _MEGA, 1))

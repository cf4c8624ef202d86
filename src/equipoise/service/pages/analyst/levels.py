"""Levels of segments as results hold them, said in the language spoken."""

from __future__ import annotations

from equipoise.texts.saying import retold, say

_MISSING = "(missing)"


def level_text(level: str) -> str:
    """A band of PDs, or that nobody told it; a lender's own value stays as it is."""
    return say("not told") if level == _MISSING else retold(level)

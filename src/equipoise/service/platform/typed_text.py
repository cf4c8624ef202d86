"""Text as people type it into forms, and as it is kept."""

from __future__ import annotations

from equipoise.errors import BadInput

LONGEST = 2000
"""Letters of an account of something; titles and names have fewer."""


def bounded(text: str, field: str, most: int = LONGEST) -> str:
    """A text as it is kept. Raises BadInput for one that is empty or too long."""
    kept = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not 0 < len(kept) <= most:
        raise BadInput(f"{field} needs 1 to {most} letters", field=field, mend="write it anew")
    return kept

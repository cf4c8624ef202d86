"""What a paper shows, opened."""

from __future__ import annotations

from equipoise.errors import GateRefused
from equipoise.service.contexts.papers import files
from equipoise.service.contexts.papers.models import Paper, PaperState
from equipoise.service.platform.record import subjects


def content_of(subject: subjects.Subject, row: Paper) -> bytes:
    """What a clear paper shows. Raises GateRefused for another, Unreadable where it is gone."""
    if row.state != PaperState.CLEAR:
        raise GateRefused(
            f"the paper is {row.state}: the scanner has not said that it is clean",
            mend="wait, or ask for another",
        )
    return subjects.open_file(subject, row.id, files.content(row.id))

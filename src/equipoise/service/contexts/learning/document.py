"""experience.yaml as it lies in the service's workspace: read, and changed in one place."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from equipoise.errors import BadInput
from equipoise.files import write_text
from equipoise.review.learning.proposing import Measurement, Proposal, proposal

EXPERIENCE = "experience.yaml"


def path() -> Path:
    """Where it lies."""
    return Path(settings.CONFIGURATION.workspace) / EXPERIENCE


def proposed(measurement: Measurement) -> Proposal:
    """What it would be now with that measured. Raises BadInput where it cannot be."""
    try:
        text = path().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadInput(
            "the workspace has no experience.yaml",
            mend="put the lender's documents into the folder that is served",
        ) from None
    return proposal(text, measurement)


def write(made: Proposal) -> None:
    """Put the changed text in its place, whole or not at all."""
    write_text(path(), made.text)

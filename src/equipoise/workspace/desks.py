"""desks.yaml: what the lender's desks reckon with that nothing else of the workspace says."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from equipoise.documents import Document, read_document

DESKS = "desks.yaml"


class OverridesSection(Document):
    """What a loan that a person granted against the strategy is worth, as shares of its amount over
    `months`: `loss` is lost of one that goes bad, `margin` earned on one that stays good."""

    loss: float = Field(gt=0, le=1)
    margin: float = Field(gt=0, le=1)
    months: int = Field(default=12, ge=1, le=120)


class DesksDocument(Document):
    """desks.yaml."""

    overrides: OverridesSection | None = None


def read_desks(folder: Path) -> DesksDocument:
    """The document of a workspace; an empty one where there is none. Raises BadInput or Faults, by
    its lines."""
    path = folder / DESKS
    return read_document(path, DesksDocument).value if path.is_file() else DesksDocument()

"""The register of risks and the duties, as watch.yaml of the workspace has them now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from equipoise.watch import WatchDocument

_WATCH = "watch.yaml"


def register() -> WatchDocument | None:
    """The document; None where the workspace has none. Raises BadInput or Faults, by its lines."""
    path = Path(settings.CONFIGURATION.workspace) / _WATCH
    if not path.is_file():
        return None
    from equipoise.watch import read_watch  # which no server loads

    return read_watch(path).document

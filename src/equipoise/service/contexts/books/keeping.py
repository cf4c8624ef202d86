"""Where the rows behind the book's numbers are kept: in the service's own folder, which nobody else
can open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from equipoise.service.platform.keyfiles import private_folder

if TYPE_CHECKING:
    from equipoise.workspace.book_tables import KeptTables


def kept_tables() -> KeptTables:
    """Those of the served workspace."""
    from equipoise.workspace.book_tables import KeptTables  # with polars, which no server loads

    configuration = settings.CONFIGURATION
    return KeptTables(Path(configuration.workspace), private_folder(configuration.folder / "book"))

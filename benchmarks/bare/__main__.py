"""`python -m benchmarks.bare FOLDER PORT THREADS`: serve it, on a database that has been served."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Any

from equipoise.service.commands.starting import make_ready


def main(folder: Path, port: int, threads: int) -> None:
    """Serve until told to stop; the table is made where it is not there."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.bare.settings"
    make_ready(folder)
    _make_table()
    server = Server(
        "bare", address="127.0.0.1", port=port, interface=Interfaces.WSGI, workers=1,
        blocking_threads=threads, backpressure=128, log_level=LogLevels.error,
    )  # fmt: skip
    server.serve(target_loader=_application, wrap_loader=False)


def _make_table() -> None:
    from django.db import connection, connections

    from benchmarks.bare.models import Kept

    if Kept._meta.db_table not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(Kept)
    connections.close_all()
    gc.freeze()


def _application() -> Any:
    from equipoise.service.project.wsgi import application

    return application


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

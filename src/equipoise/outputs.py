"""Where a command is told to write: refused before any work, not after it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from equipoise.errors import BadInput, Span

STDOUT = "-"


def output_fits(
    path: Path | str,
    option: str,
    *,
    endings: Iterable[str] = (),
    beside: Iterable[Path | str | None] = (),
) -> None:
    """Raise BadInput where a file cannot be written to `path`, or would stand where it must not.

    `endings` are those that say a format; any will do where none are given. `beside` are the
    files that the work reads or writes besides: none of them may be the output.
    """
    file = Path(path)
    known = tuple(endings)
    if known and file.suffix.lower() not in known:
        what = f"the ending '{file.suffix}' says no format" if file.suffix else "it has no ending"
        raise _refused(file, option, what, f"end its name in {_listed(known)}")
    if file.is_dir():
        raise _refused(file, option, "a folder stands there", "name a file in it")
    if file.exists() and not file.is_file():
        raise _refused(file, option, "it is no plain file", "name a file")
    if not file.parent.is_dir():
        raise _refused(file.parent, option, "there is no such folder", "make it, or name another")
    if not os.access(file.parent, os.W_OK | os.X_OK):
        raise _refused(file.parent, option, "nothing may be written in this folder", "name another")
    for each in beside:
        if each is not None and str(each) != STDOUT and _same(file, Path(each)):
            raise _refused(
                file, option, "the command reads or writes this file besides", "name another"
            )


def _same(one: Path, other: Path) -> bool:
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()


def _listed(endings: tuple[str, ...]) -> str:
    *first, last = endings
    return f"{', '.join(first)} or {last}" if first else last


def _refused(path: Path, option: str, what: str, mend: str) -> BadInput:
    return BadInput(what, where=Span(str(path)), field=option, mend=mend)

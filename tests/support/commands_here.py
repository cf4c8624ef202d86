"""Commands of ours run in the test's own process: what they do and say, without a process that
loads everything anew. How a process of its own behaves, others show."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from equipoise.cli.run import run


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it said where; as `subprocess` names it."""

    returncode: int
    stdout: str
    stderr: str


def equipoise(*arguments: object, given: str | None = None) -> Ran:
    """Run the command, `given` standing on its standard input."""
    said, result = _text(), _text()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(result), _input(given or ""):
        code = run([str(each) for each in arguments])
    return Ran(code, _read(said), _read(result))


def document(ran: Ran) -> Any:
    """The one JSON document on standard output of a command that went well."""
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return json.loads(ran.stdout)


def _text() -> io.TextIOWrapper:
    """As a process has it: text over bytes, as some commands write those."""
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


@contextlib.contextmanager
def _input(given: str) -> Iterator[None]:
    typed = io.TextIOWrapper(io.BytesIO(given.encode()), encoding="utf-8")
    with patch.object(sys, "stdin", typed):
        yield


def _read(stream: io.TextIOWrapper) -> str:
    stream.flush()
    result: bytes = stream.buffer.getvalue()  # type: ignore[attr-defined]
    return result.decode()

"""A typed strategy, sealed and compiled aside: in a process of its own, within bounds, as what is
typed may be deep, endless or broken. `main` is that process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from equipoise.errors import EquipoiseError, Faults
from equipoise.service.platform.bounded import keep_within, run_bounded

SECONDS, PATIENCE = 20, 40.0
MEMORY = 4 << 30
_MODULE = __name__


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text: at which line (0: nowhere in particular), and how to mend it."""

    line: int
    message: str
    mend: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a text: the sealed file's text, or what is wrong."""

    sealed: str = ""
    faults: Sequence[Fault] = ()


def tried(sealed: bytes, text: str) -> Tried:
    """The sealed strategy with the document of that text."""
    given = json.dumps({"sealed": sealed.decode(), "text": text}).encode()
    try:
        done = run_bounded(_MODULE, given, seconds=SECONDS, memory=MEMORY, patience=PATIENCE)
        result = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return Tried(faults=(Fault(0, "it takes too long, or too much, to be compiled", ""),))
    return Tried(result["sealed"], tuple(Fault(**each) for each in result["faults"]))


def main() -> None:
    """Try what standard input holds."""
    keep_within()
    from equipoise.strategy.rewriting import resealed
    from equipoise.strategy.sealing import unsealed

    given = json.load(sys.stdin)
    try:
        content = unsealed(given["sealed"].encode()).content
        result = Tried(resealed(content, given["text"]).text())
    except Faults as faults:
        result = Tried(faults=[_fault(each) for each in faults.faults])
    except EquipoiseError as error:
        result = Tried(faults=[_fault(error)])
    json.dump(asdict(result), sys.stdout)


def _fault(error: EquipoiseError) -> Fault:
    line = error.where.line if error.where is not None else None
    return Fault(line or 0, error.message, error.mend or "")

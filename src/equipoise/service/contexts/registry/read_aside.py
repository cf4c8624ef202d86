"""A sealed strategy's file read aside: in a process of its own, within bounds, as what is handed in
may be deep, endless or broken. `main` is that process."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict

from equipoise.errors import BadInput, EquipoiseError, GateRefused
from equipoise.service.contexts.registry.sealed import Identity, as_sealed, identify
from equipoise.service.platform.bounded import keep_within, run_bounded

_SECONDS, _PATIENCE = 20, 60.0
_MEMORY = 4 << 30
_MODULE = __name__


def read_aside(raw: bytes) -> tuple[bytes, Identity]:
    """The file as it was sealed, and who it is.

    Raises BadInput where its seal is broken, its edition is not known here or it is none, and
    GateRefused where it cannot be read within the bounds.
    """
    try:
        done = run_bounded(_MODULE, raw, seconds=_SECONDS, memory=_MEMORY, patience=_PATIENCE)
        line, _, canonical = done.stdout.partition(b"\n")
        said = json.loads(line)
    except (subprocess.TimeoutExpired, ValueError):
        raise GateRefused(
            "it takes too long, or too much, to be read", mend="seal it again from its workspace"
        ) from None
    if "message" in said:
        raise BadInput(said["message"], field="file", mend=said["mend"] or "")
    return canonical, Identity(**said)


def main() -> None:
    """Read what standard input holds; write who it is, and the file as it was sealed."""
    keep_within()
    raw = as_sealed(sys.stdin.buffer.read())
    try:
        identity = asdict(identify(raw))
    except EquipoiseError as error:
        identity, raw = {"message": error.message, "mend": error.mend}, b""
    sys.stdout.buffer.write(json.dumps(identity).encode() + b"\n" + raw)

"""A scanner that looks through files for what does harm: clamd, by its INSTREAM command."""

from __future__ import annotations

import socket
import struct

from equipoise.errors import EquipoiseError

_SECONDS = 60.0  # for each step of it
_PIECE = 1 << 16
_MOST_ANSWER = 4_096  # bytes
_CLEAN, _FOUND = "OK", "FOUND"


class NotScanned(EquipoiseError):
    """The scanner did not say whether the file is clean."""


def is_clean(scanner: str, content: bytes) -> bool:
    """Whether the scanner at `host:port`, or at the path of a socket, finds nothing in it.

    Raises NotScanned where it is away, or says neither: such a file is not clean.
    """
    try:
        with _reached(scanner) as line:
            answer = _asked(line, content)
    except OSError as error:
        raise NotScanned(f"the scanner does not answer: {error}") from None
    said = answer.rstrip(b"\0\n").decode("ascii", "replace").rpartition(" ")[2]
    if said not in (_CLEAN, _FOUND):
        raise NotScanned(f"the scanner says neither clean nor found: {said[:40]}")
    return said == _CLEAN


def _reached(scanner: str) -> socket.socket:
    if scanner.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(_SECONDS)
        line.connect(scanner)
        return line
    host, _, port = scanner.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), _SECONDS)


def _asked(line: socket.socket, content: bytes) -> bytes:
    """Pieces, each after its length; an empty one ends them. Source: clamd(8)."""
    line.sendall(b"zINSTREAM\0")
    for start in range(0, len(content), _PIECE):
        piece = content[start : start + _PIECE]
        line.sendall(struct.pack(">I", len(piece)) + piece)
    line.sendall(struct.pack(">I", 0))
    answer = b""
    while b"\0" not in answer and len(answer) < _MOST_ANSWER:
        more = line.recv(_MOST_ANSWER)
        if not more:
            break
        answer += more
    return answer

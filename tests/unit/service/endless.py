"""What a stranger's content may make of a process: one that never ends, or wants all memory."""

from __future__ import annotations

import sys

from equipoise.service.platform.bounded import keep_within


def main() -> None:
    keep_within()
    if sys.stdin.buffer.read() == b"memory":
        held = bytearray(1 << 34)
        held[0] = 1
    while True:
        pass

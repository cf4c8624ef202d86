"""What processes cost the machine: their CPU seconds and their memory, as Linux counts them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PARENT, _TIMES = 1, slice(11, 15)  # in /proc/PID/stat, after the command's name


@dataclass(frozen=True)
class Cpu:
    """Of these processes and all below them."""

    roots: tuple[int, ...]

    def seconds(self) -> float:
        """CPU seconds spent so far, by those who have ended too."""
        stats = _stats()
        # Those of a process (user, system), and those of its children that have ended.
        ticks = (sum(map(int, stats[each][_TIMES])) for each in _below(stats, self.roots))
        return sum(ticks) / _TICK

    def megabytes(self) -> list[float]:
        """The memory that each process holds alone or shares, in megabytes; largest first."""
        result = (_resident(each) for each in _below(_stats(), self.roots))
        return sorted((each for each in result if each), reverse=True)


def _stats() -> dict[int, list[str]]:
    by_process = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                text = (folder / "stat").read_text()
            except OSError:  # it has ended meanwhile
                continue
            by_process[int(folder.name)] = text.rpartition(")")[2].split()
    return by_process


def _below(stats: dict[int, list[str]], roots: Iterable[int]) -> set[int]:
    names = {each for each in roots if each in stats}
    while more := {
        each
        for each, fields in stats.items()
        if int(fields[_PARENT]) in names and each not in names
    }:
        names |= more
    return names


def _resident(process: int) -> float:
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    line = next((each for each in text.splitlines() if each.startswith("Pss:")), "Pss: 0 kB")
    return int(line.split()[1]) / 1024

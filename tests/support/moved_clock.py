"""A clock that can be set, for processes begun with `environment`: by a library that is preloaded,
so that nothing of the program knows of it."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

_SOURCE = Path(__file__).with_suffix(".c")


def can_be_had() -> bool:
    """Whether there is a C compiler to make it with."""
    return shutil.which("cc") is not None


class MovedClock:
    """How many seconds the clock of those processes is ahead of the machine's."""

    def __init__(self, folder: Path) -> None:
        self._file, self._library = folder / "moved_clock", folder / "moved_clock.so"
        built = ["cc", "-shared", "-fPIC", "-O2", "-o", str(self._library), str(_SOURCE), "-ldl"]
        subprocess.run(built, check=True)
        self.set(0)

    def set(self, seconds: int) -> None:
        """Set it, also for those that run."""
        with self._file.open("r+b" if self._file.exists() else "wb") as file:
            file.write(struct.pack("<q", seconds))

    @property
    def environment(self) -> dict[str, str]:
        """What a process is begun with to live by it."""
        return {"LD_PRELOAD": str(self._library), "MOVED_CLOCK": str(self._file)}

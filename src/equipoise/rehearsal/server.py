"""A real server in real processes: started, killed as a power cut would, started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from equipoise.errors import BadInput, EquipoiseError, Span

_OURS = ("EQUIPOISE_", "DATABASE_URL", "DJANGO_")
_KEPT = ("EQUIPOISE_LOG_LEVEL",)
_PATIENCE = 60.0  # seconds in which it ends


class NotServing(EquipoiseError):
    """The server could not be started."""


def environment(**settings: str) -> dict[str, str]:
    """Of a server of a rehearsal: no setting of the lender's own service holds there, above all not
    its database."""
    plain = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or not name.startswith(_OURS)
    }
    return {**plain, **settings}


@dataclass
class Server:
    """`equipoise serve` on a folder, on loopback."""

    folder: Path
    settings: Mapping[str, str]
    port: int = 0
    workers: int = 1
    worker: bool = True
    said: Mapping[str, Any] = field(default_factory=dict)
    _process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return str(self.said["url"])

    @property
    def log(self) -> Path:
        """What it says on the way."""
        return self.folder / "server.log"

    @property
    def runs(self) -> bool:
        """Whether it was started, and not ended since."""
        return self._process is not None

    def start(self) -> Server:
        """Start it, on the port of before where there was one. Raises NotServing."""
        command = [sys.executable, "-m", "equipoise", "serve", str(self.folder)]
        command += [] if self.worker else ["--no-worker"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [*command, "--port", str(self.port), "--workers", str(self.workers), "--json"],
                env=environment(**self.settings),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        line = self._process.stdout.readline()
        if not line.startswith("{"):
            self.stop()
            raise NotServing("the server did not start", mend=f"see {self.log}")
        answer = json.loads(line)
        if "url" not in answer:
            self.stop()
            raise NotServing(f"the server did not start: {answer}", mend=f"see {self.log}")
        self.said = answer
        self.port = int(self.url.rsplit(":", 1)[1])
        return self

    def kill(self) -> None:
        """As a power cut would: no process of it gets to do anything more."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Tell it to stop, and wait until it has."""
        self._end(signal.SIGTERM)

    def _end(self, number: int) -> None:
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            self._process.send_signal(number)
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        self._process = None


def sealed_of(folder: Path) -> list[Path]:
    """A lender's sealed strategies, the newest last. Raises BadInput where there is none."""
    files = sorted((folder / "sealed").glob("*.json"), key=lambda path: path.stat().st_mtime)
    if not files:
        raise BadInput(
            "nothing is sealed in this folder",
            where=Span(str(folder)),
            mend="seal a strategy with `equipoise strategy seal`",
        )
    return files

"""Files of applications, decided in the background."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

from .paging import listed
from .reading import read
from .results import Batch
from .transport import Transport
from .waiting import once_ended

KINDS = {
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".jsonl": "application/x-ndjson",
    ".ndjson": "application/x-ndjson",
}


class Batches:
    """Needs the scopes batches.create, batches.read and results.read."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def begin(
        self,
        file: Path,
        *,
        strategy: str = "",
        result: str = "",
        branch: str = "",
        region: str = "",
        identifier: str = "",
        key: str | None = None,
    ) -> Batch:
        """Send a file: .csv, .parquet or .jsonl; the answers come as `result`, the same kind unless
        said. `identifier` is the column that names applications, the contract's id unless said. One
        file has one `key`, as with `Client.decide`. Raises ValueError for other files."""
        kind = KINDS.get(file.suffix.lower())
        if kind is None:
            raise ValueError(f"'{file.name}' is none of {', '.join(KINDS)}")
        query = {"strategy": strategy, "result": result, "branch": branch, "region": region,
                 "id": identifier}  # fmt: skip
        sent = key or str(uuid4())
        answer = self._transport.ask("POST", "/v1/batches", file, query=query, key=sent, kind=kind)
        return read(Batch, answer.json)

    def get(self, batch_id: str) -> Batch:
        """How far it is; `fault` says what is wrong with a file that failed."""
        return read(Batch, self._transport.ask("GET", _path(batch_id)).json)

    def list(self) -> Iterator[Batch]:
        """The batches of this program, the newest first."""
        return listed(self._transport, Batch, "/v1/batches")

    def wait(self, batch_id: str, *, pause: float = 1.0) -> Batch:
        """Ask until it has ended."""
        return once_ended(lambda: self.get(batch_id), pause)

    def result(self, batch_id: str, to: Path) -> None:
        """Write the file of answers, whole or not at all."""
        self._transport.fetch(_path(batch_id, "/result"), to)

    def cancel(self, batch_id: str) -> Batch:
        """Stop it; what is decided of it already is thrown away."""
        return read(Batch, self._transport.ask("POST", _path(batch_id, "/cancel")).json)


def _path(batch_id: str, rest: str = "") -> str:
    return f"/v1/batches/{quote(batch_id, safe='')}{rest}"

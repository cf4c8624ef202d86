"""A file through the API, beside `equipoise decide` on the same file."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import polars as pl

from benchmarks.service_load import CLI, Served, served
from benchmarks.table import Result

_PAUSE = 0.1
_COPIED = 1 << 20
_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


def batches(folder: Path, sealed: Path, applications: pl.DataFrame, rows: int) -> list[Result]:
    """Files of `rows` applications; `folder` is what a server needs of a workspace."""
    many = pl.concat([applications] * (rows // applications.height + 1)).head(rows)
    many = many.with_columns(application_id=pl.Series(range(rows)).cast(pl.String))
    files = {kind: folder / f"many.{kind}" for kind in _TYPES}
    many.write_parquet(files["parquet"])
    many.write_csv(files["csv"])
    with served(folder) as server:
        witness = folder / "service" / "witness.jsonl"
        _until(witness.is_file)  # the worker beside it is up
        return [_beside(server, sealed, files[kind], kind, rows) for kind in _TYPES]


def _beside(server: Served, sealed: Path, file: Path, kind: str, rows: int) -> Result:
    alone = _decide(sealed, file, file.with_suffix(f".alone.{kind}"))
    begun = time.perf_counter()
    _through(server, file, kind, file.with_suffix(f".answers.{kind}"))
    seconds = time.perf_counter() - begun
    return Result(f"batch through the API, {rows:,} rows of {kind}", seconds, "s", alone,
                  "equipoise decide", "within 2 times", seconds <= 2 * alone,
                  f"{rows / seconds:,.0f} rows/s")  # fmt: skip


def _decide(sealed: Path, file: Path, output: Path) -> float:
    """Seconds of the command, as a person waits for it."""
    command = [sys.executable, "-c", CLI, "decide", sealed, file, "--output", output, "--json"]
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun


def _through(server: Served, file: Path, kind: str, to: Path) -> None:
    """Send the file, wait for its end, and fetch the answers."""
    headers = {"Content-Type": _TYPES[kind], "Idempotency-Key": f"bench-{time.time_ns()}",
               "Content-Length": str(file.stat().st_size)}  # fmt: skip
    with file.open("rb") as body:
        batch = json.loads(_asked(server, "POST", "/v1/batches", body, headers).read())
    where = f"/v1/batches/{batch['id']}"
    state = _until(lambda: _ended(json.loads(_asked(server, "GET", where).read())))
    if state != "done":
        raise RuntimeError(f"the batch is {state}")
    answer = _asked(server, "GET", f"{where}/result")
    with to.open("wb") as out:
        while piece := answer.read(_COPIED):
            out.write(piece)


def _ended(batch: Any) -> str | None:
    return None if batch["state"] in ("queued", "running") else str(batch["state"])


def _asked(
    server: Served, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> http.client.HTTPResponse:
    parts = urlsplit(server.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=600)
    given = {"Authorization": f"Bearer {server.key}", **(headers or {})}
    connection.request(method, path, body, given)
    answer = connection.getresponse()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path}: {answer.status} {answer.read()[:300]!r}")
    return answer


def _until(ask: Callable[[], Any]) -> Any:
    while not (result := ask()):
        time.sleep(_PAUSE)
    return result

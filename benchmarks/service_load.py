"""A server to load, and programs that load it: kept connections, requests written out before."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

CLI = "from equipoise.cli import main; main()"
_RATE = {"EQUIPOISE_RATE": "1000000", "EQUIPOISE_BURST": "1000000"}


@dataclass(frozen=True)
class Served:
    """A running server: where, with which key, how long it took to answer, its process, and the
    address of its database."""

    url: str
    key: str
    seconds: float
    example: dict[str, Any]
    process: int
    database: str = ""


@dataclass(frozen=True)
class Taken:
    """What a load came to: answers per second, and the times of answers in milliseconds."""

    rate: float
    milliseconds: np.ndarray[Any, np.dtype[np.float64]]

    def percentile(self, share: float) -> float:
        """The time within which that share of answers came."""
        return float(np.percentile(self.milliseconds, share))


@contextmanager
def served(
    folder: Path, database: str = "", workers: int = 1, key: str = "", source: Path | None = None
) -> Iterator[Served]:
    """`equipoise serve` on the folder until the block ends; the code under `source`, if given."""
    options = ["--port", "0", "--json", "--workers", str(workers)]
    command = [sys.executable, "-c", CLI, "serve", str(folder), *options]
    begun = time.perf_counter()
    with _running(command, folder, database, source) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        seconds = time.perf_counter() - begun
        example = _example(said["openapi"])
        found_key = said.get("api_key", key)
        yield Served(said["url"], found_key, seconds, example, process.pid, database)


@contextmanager
def served_bare(folder: Path, database: str, like: Served, threads: int) -> Iterator[Served]:
    """The bare endpoint on a folder and database that `like` was served from."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.bare", str(folder), str(port), str(threads)]
    begun = time.perf_counter()
    with _running(command, folder, database, None) as process:
        url = f"http://127.0.0.1:{port}"
        _until_alive(url)
        seconds = time.perf_counter() - begun
        yield Served(url, like.key, seconds, like.example, process.pid, database)


@contextmanager
def _running(
    command: list[str], folder: Path, database: str, source: Path | None
) -> Iterator[subprocess.Popen[str]]:
    given = {**os.environ, **_RATE, "DATABASE_URL": database, "EQUIPOISE_LOG_LEVEL": "WARNING"}
    if source is not None:
        given["PYTHONPATH"] = str(source)
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            command, env=given, stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _until_alive(url: str, seconds: float = 60.0) -> None:
    import urllib.request

    asked = urllib.request.Request(f"{url}/healthz", headers={"Host": "localhost"})  # noqa: S310
    end = time.perf_counter() + seconds
    while True:
        try:
            urllib.request.urlopen(asked).close()  # noqa: S310 - our own server
            return
        except OSError:
            if time.perf_counter() > end:
                raise
            time.sleep(0.05)


def load(server: Served, clients: int, seconds: float) -> Taken:
    """Decide for some seconds from `clients` connections, each asking anew once answered."""
    taken: list[list[float]] = [[] for _ in range(clients)]
    over = time.perf_counter() + seconds

    def ask(number: int) -> None:
        with _connected(server.url) as connection:
            while time.perf_counter() < over:
                body = _request(server, f"{number}-{len(taken[number])}-{time.time_ns()}")
                begun = time.perf_counter()
                connection.sendall(body)
                _answered(connection)
                taken[number].append(time.perf_counter() - begun)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(clients)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lasted = time.perf_counter() - begun
    times = np.array([each for part in taken for each in part]) * 1e3
    return Taken(len(times) / lasted, times)


def _example(address: str) -> dict[str, Any]:
    import urllib.request

    with urllib.request.urlopen(address) as response:  # noqa: S310 - our own server
        described = json.load(response)
    body = described["paths"]["/v1/decisions"]["post"]["requestBody"]
    result: dict[str, Any] = body["content"]["application/json"]["example"]
    return result


def _request(server: Served, name: str) -> bytes:
    given = {**server.example["application"], "application_id": name}
    body = json.dumps({"application": given}).encode()
    head = (
        "POST /v1/decisions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {server.key}\r\nIdempotency-Key: {name}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@contextmanager
def _connected(url: str) -> Iterator[socket.socket]:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), 60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield connection


def _answered(connection: socket.socket) -> None:
    result = connection.recv(65536)
    while b"\r\n\r\n" not in result:
        result += connection.recv(65536)
    head, _, body = result.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 201"):
        raise RuntimeError(f"not decided: {head[:40]!r} {body[:300]!r}")
    length = next(
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    while len(body) < length:
        body += connection.recv(65536)

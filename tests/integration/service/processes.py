"""A real server in real processes, and programs that ask it over HTTP."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lender import sealed
from warm import ran

CLI = "from equipoise.cli import main; main()"
PATIENCE = 300.0  # seconds: a loaded machine may be slow, what never comes still ends


def workspace(folder: Path, strategy: bytes = b"") -> Path:
    """A folder with a sealed strategy and nothing else, as it stands on a server."""
    (folder / "sealed").mkdir(parents=True)
    (folder / "sealed" / "corner-v1.json").write_bytes(strategy or sealed())
    return folder


def command(*arguments: object, url: str = "") -> Any:
    """Run a command of ours with --json, in a process; its exit code and what it said."""
    code, said = ran([*map(str, arguments), "--json"], environment(url))
    return code, json.loads(said)


@contextmanager
def worker(folder: Path, url: str = "", **environs: str) -> Iterator[subprocess.Popen[bytes]]:
    """`equipoise worker` on a folder; killed at the end where it still runs."""
    begun(folder)
    path = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    given = {**environment(url), "PYTHONPATH": path.rstrip(os.pathsep), **environs}
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "equipoise", "worker", str(folder)], env=given, stderr=log
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def begun(folder: Path) -> None:
    """Give a process on the folder the secrets of this one, as those of this one's database."""
    from django.conf import settings
    from django.db import transaction

    from equipoise.service.platform.custody import fitting
    from equipoise.service.platform.keyfiles import SECRETS, keep_secret

    with transaction.atomic():
        if not fitting.known():
            fitting.begin()
    for each in SECRETS:
        keep_secret(folder / "service" / each.file, each.text(settings.CONFIGURATION))


def until(found: Callable[[], Any], seconds: float = PATIENCE, between: float = 0.05) -> Any:
    """Ask again and again, so many seconds `between`; what was found once it is not nothing."""
    end = time.monotonic() + seconds
    while not (result := found()):
        assert time.monotonic() < end, "it did not come about"
        time.sleep(between)
    return result


def environment(url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "EQUIPOISE_WORKSPACE"}
    return {**kept, "DATABASE_URL": url, "EQUIPOISE_RATE": "100000", "EQUIPOISE_BURST": "100000",
            "EQUIPOISE_APPLY_REQUESTS": "1000000", "EQUIPOISE_APPLY_BEGINNINGS": "1000000",
            "EQUIPOISE_MESSAGES": "keep", "EQUIPOISE_HELPER": "characters"}  # fmt: skip


@dataclass
class Server:
    """`equipoise serve` on a folder; its key is kept from the first start on."""

    folder: Path
    url: str = ""
    workers: int = 1
    key: str = ""
    more: dict[str, str] = field(default_factory=dict)  # settings besides
    background: bool = True  # whether it runs a worker
    program: str = CLI  # what Python runs
    said: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    def start(self) -> Server:
        arguments = ["serve", str(self.folder), "--port", "0", "--workers", str(self.workers)]
        arguments += [] if self.background else ["--no-worker"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", self.program, *arguments, "--json"],
                env={**environment(self.url), **self.more},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, (self.folder / "log").read_text()
        self.said = json.loads(line)
        self.key = self.said.get("api_key", self.key)
        return self

    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """As a power cut would: no process of it gets to do anything more."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        return self._end(signal.SIGTERM)

    def _end(self, number: int) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        if self.process.stdout:
            self.process.stdout.close()
        return code

    def call(self, method: str, path: str, body: Any = None, key: str = "") -> tuple[int, Any]:
        """Status and answer; status 0 where there was none."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        data = None if body is None else json.dumps(body).encode()
        where = self.said["url"] + path
        request = urllib.request.Request(where, data, headers, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:  # noqa: S310
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")
        except (OSError, HTTPException, ValueError):
            return 0, None

    def pour(
        self,
        pieces: Iterator[bytes],
        length: int | None,
        path: str = "/v1/decisions",
        kind: str = "application/json",
        token: str = "",
    ) -> int:
        """Send a body in pieces, chunked where no length is given; the status, 0 for none."""
        parts = urlsplit(self.said["url"])
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
        headers = {"Authorization": f"Bearer {token or self.key}", "Content-Type": kind}
        headers["Idempotency-Key"] = f"pour-{time.time_ns()}"
        if length is not None:
            headers["Content-Length"] = str(length)
        try:
            chunked = length is None
            connection.request("POST", path, pieces, headers, encode_chunked=chunked)
            return connection.getresponse().status
        except (OSError, HTTPException):
            return 0
        finally:
            connection.close()

    def memory(self) -> int:
        """Bytes that its processes hold."""
        assert self.process is not None
        pids = [self.process.pid, *self.children()]
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
        return pages * os.sysconf("SC_PAGE_SIZE")

    def children(self) -> list[int]:
        """Processes that it has started: those that answer, and the worker."""
        assert self.process is not None
        collected: list[int] = []
        for path in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            with suppress(OSError):  # a thread may end while it is looked at
                collected += map(int, path.read_text().split())
        return collected

    def settle(self) -> None:
        """Wait until it has built what it builds behind its first answer, and rests."""
        spent, end = -1.0, time.monotonic() + PATIENCE
        while (now := self._processor()) - spent > 0.05 and time.monotonic() < end:
            spent = now
            time.sleep(1)

    def _processor(self) -> float:
        """Seconds of processor that those who answer have taken."""
        fields = [Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
                  for pid in self.children()]  # fmt: skip
        return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")

    def decide(self, facts: Any, key: str) -> tuple[int, Any]:
        return self.call("POST", "/v1/decisions", {"application": facts}, key)


def log_in(server: Server, username: str, password: str) -> bool:
    """Whether a browser gets in by the log-in page."""
    from http.cookiejar import CookieJar
    from urllib.parse import urlencode

    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = server.said["url"] + "/accounts/login/"
    opener.open(page, timeout=PATIENCE).read()
    form = {"login": username, "password": password}
    form["csrfmiddlewaretoken"] = next(each.value or "" for each in jar if "csrf" in each.name)
    sent = urllib.request.Request(page, urlencode(form).encode(), {"Referer": page})  # noqa: S310
    try:
        opener.open(sent, timeout=PATIENCE).read()
    except urllib.error.HTTPError as error:  # where it leads afterwards may not be there
        error.read()
    return any("session" in each.name for each in jar)


@dataclass
class Load:
    """Programs that ask all the time, each with new keys, and note what was acknowledged."""

    server: Server
    facts: Any
    name: str
    clients: int = 8
    acknowledged: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Load:
        for number in range(self.clients):
            thread = threading.Thread(target=self._ask, args=(number,))
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, number: int) -> None:
        count = 0
        while not self._over.is_set():
            key = f"{self.name}-{number}-{count}"
            count += 1
            self.asked.append(key)
            status, answer = self.server.decide({**self.facts, "application_id": key}, key)
            if status == 201:
                self.acknowledged[key] = answer
            elif status == 0:
                return

"""Commands of ours in processes of their own that need not load everything anew.

A process that has loaded what most commands load, and nothing that depends on settings, forks for
each: where a test is about what a command does, not about how its process starts.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from functools import cache
from pathlib import Path

# not polars and pyarrow, which begin threads
LOADED = (
    "equipoise.cli.commands", "numpy", "pydantic", "psycopg", "msgspec", "prometheus_client",
    "django.core.management", "django.db.models", "django.http", "django.template",
    "django.contrib.auth.hashers", "django.urls",
    "cryptography.hazmat.primitives.asymmetric.ed25519",
    "cryptography.hazmat.primitives.ciphers.aead",
)  # fmt: skip
_lock = threading.Lock()


def ran(arguments: list[str], environment: dict[str, str], within: int = 0) -> tuple[int, str]:
    """The command's exit code and what it wrote to its output. It is ended by an alarm, -14, after
    so many seconds where it does not end by itself and they are given."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        asked: dict[str, object] = {
            "arguments": arguments,
            "environment": environment,
            "output": str(output),
        }
        asked["within"] = within
        with _lock:
            server = _server()
            assert server.stdin is not None
            assert server.stdout is not None
            server.stdin.write(json.dumps(asked) + "\n")
            server.stdin.flush()
            code = int(server.stdout.readline())
        return code, output.read_text()


@cache
def _server() -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    atexit.register(process.kill)
    return process


def _serve() -> None:
    for name in LOADED:
        importlib.import_module(name)
    if len(list(Path("/proc/self").glob("task/*"))) > 1:
        raise RuntimeError("what was loaded has begun threads, and those are not forked")
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            signal.alarm(asked["within"])
            _run(asked["arguments"], asked["environment"], asked["output"])
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        sys.stdout.write(f"{code}\n")
        sys.stdout.flush()


def _run(arguments: list[str], environment: dict[str, str], output: str) -> None:
    """The command, in a process that is its own from here on. Never returns."""
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT), 1)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = ["equipoise", *arguments]
        from equipoise.cli import main

        main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()

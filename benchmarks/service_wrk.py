"""Load by wrk, which costs the machine little, and what it costs those who answer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.service_cpu import Cpu
from benchmarks.service_load import Served

_SCRIPT = Path(__file__).with_suffix(".lua")
_MARK = "here stands whose it is"


@dataclass(frozen=True)
class Wrk:
    """What a load came to: decisions a second, CPU-milliseconds of each (the server's and the
    database's), and the times of answers in milliseconds."""

    rate: float
    cpu: float
    p50: float
    p99: float


class NothingAnswered(RuntimeError):
    """No answer came within the seconds given."""


def can_be_had() -> bool:
    """Whether there is a wrk (Debian's package of that name)."""
    return shutil.which("wrk") is not None


def wrk(
    server: Served,
    cpu: Cpu,
    seconds: float,
    *,
    clients: int = 16,
    many: int = 1,
    path: str = "/v1/decisions",
    pause: float = 0.0,
) -> Wrk:
    """Decide for some seconds, `many` in each request; every client rests `pause` milliseconds on
    average before it asks again. Raises RuntimeError where one is not answered well,
    NothingAnswered where none came."""
    before, after = json.dumps({**server.example["application"], "application_id": _MARK}).split(
        _MARK
    )
    given = {
        "BENCH_STAMP": f"w{time.time_ns()}", "BENCH_KEY": server.key, "BENCH_BEFORE": before,
        "BENCH_AFTER": after, "BENCH_MANY": str(many), "BENCH_PAUSE": str(pause),
        "BENCH_PATH": path,
    }  # fmt: skip
    asked = ["wrk", "-t1", f"-c{clients}", f"-d{max(1, round(seconds))}s", "--timeout", "30s",
             "-s", str(_SCRIPT), server.url]  # fmt: skip
    spent = cpu.seconds()
    done = subprocess.run(
        asked, env={**os.environ, **given}, capture_output=True, text=True, check=True
    )
    spent = cpu.seconds() - spent
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if said["wrong"]:
        raise RuntimeError(f"not decided: {said}")
    if not said["requests"]:
        raise NothingAnswered(f"in {seconds} s: {said}")
    decisions = said["requests"] * many
    return Wrk(decisions / said["seconds"], spent / decisions * 1e3, said["p50"], said["p99"])

"""Work on what strangers hand in, in a process of its own with bounds: deep, endless or broken
content ends that process, and neither this one nor anybody who waits for it."""

from __future__ import annotations

import os
import resource
import subprocess
import sys

# what the process needs of ours; keys and passwords are no part of it
_PASSED_ON = ("PATH", "PYTHONPATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "NUMBA_CACHE_DIR", "TZ")
_THREADS = {
    "POLARS_MAX_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


def run_bounded(
    module: str, raw: bytes, *, seconds: int, memory: int, patience: float
) -> subprocess.CompletedProcess[bytes]:
    """What a process that runs `main()` of the module writes and ends with; `raw` is its input.

    It takes `seconds` of processor and `memory` bytes of addresses, which its `main` sets by
    `keep_within`. Raises TimeoutExpired where it has not ended within `patience` seconds.
    """
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return subprocess.run(  # noqa: S603 - ours; what is handed in goes to its input
        [sys.executable, "-c", f"from {module} import main; main()", str(seconds), str(memory)],
        input=raw,
        capture_output=True,
        env={**environment, **_THREADS},
        timeout=patience,
        check=False,
    )


def keep_within() -> None:
    """In the process itself: set the bounds that it was called with."""
    seconds, memory = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

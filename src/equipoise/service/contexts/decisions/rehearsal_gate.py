"""The gate that rehearses a version: before it is checked, published, or serves as challenger.

What an analyst hands in is compiled in a process of its own: deep, endless or broken content ends
that process, and neither this one nor anybody who waits for a decision.
"""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import threading
from collections import OrderedDict

from equipoise.authority import GateResult, Verdict
from equipoise.errors import GateRefused
from equipoise.service.contexts.decisions.rehearsing import Rehearsal, rehearse
from equipoise.service.platform.bounded import run_bounded

GATE = "rehearsal"
SECONDS, PATIENCE = 60, 180.0  # of processor; until it must have ended
MEMORY = 4 << 30  # bytes of address space, most of which no process ever touches
_QUEUE = 60.0  # seconds to wait for one that is rehearsed already
_MOST = 64
_MODULE = "equipoise.service.contexts.decisions.rehearsing"
_one_at_a_time = threading.Lock()
_passed: OrderedDict[bytes, GateResult] = OrderedDict()


def rehearsed_here(raw: bytes) -> GateResult:
    """Rehearse in this process: for the operator's own file, at the first start."""
    return _result(rehearse(raw))


def rehearsed_aside(raw: bytes) -> GateResult:
    """Rehearse in a process of its own, one at a time. The same bytes that passed in this process
    pass again without it: nothing else goes in. Raises GateRefused where others are before."""
    digest = hashlib.sha256(raw).digest()
    if digest in _passed:
        return _passed[digest]
    if not _one_at_a_time.acquire(timeout=_QUEUE):
        raise GateRefused("another strategy is being rehearsed", mend="try again in a minute")
    try:
        result = _passed.get(digest) or _result(_aside(raw))
        if not result.refused:
            _passed[digest] = result
            while len(_passed) > _MOST:
                _passed.popitem(last=False)
        return result
    finally:
        _one_at_a_time.release()


def _aside(raw: bytes) -> Rehearsal:
    try:
        done = run_bounded(_MODULE, raw, seconds=SECONDS, memory=MEMORY, patience=PATIENCE)
    except subprocess.TimeoutExpired:
        return Rehearsal(fault=f"it was not compiled and tried within {PATIENCE:.0f} seconds")
    try:
        return Rehearsal(**json.loads(done.stdout))
    except (ValueError, TypeError):
        return Rehearsal(fault=_why(done.returncode, done.stderr))


def _why(code: int, said: bytes) -> str:
    if code == -signal.SIGXCPU:
        return f"it was not compiled and tried within {SECONDS} seconds of processor"
    if b"MemoryError" in said or code == -signal.SIGKILL:
        return f"it needs more memory than {MEMORY >> 30} GiB to be compiled and tried"
    return f"the process that compiled and tried it ended with {code}"


def _result(rehearsal: Rehearsal) -> GateResult:
    detail = {"outcomes": dict(rehearsal.outcomes), "not_taken": rehearsal.not_taken}
    if rehearsal.fault:
        details = {**detail, "faults": [dict(each) for each in rehearsal.faults]}
        return GateResult(GATE, Verdict.REFUSED, rehearsal.fault, details)
    said = f"compiled, and {sum(rehearsal.outcomes.values())} made-up applications decided"
    return GateResult(GATE, Verdict.PASSED, said, detail)

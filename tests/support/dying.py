"""A command of ours that is killed at a place in its work, not at a time: by a real SIGKILL, as the
process comes there, however slow or loaded the machine is."""

from __future__ import annotations

import signal
import subprocess
import sys

_CODE = """
import os, signal, sys

event, part = sys.argv[1:3]
del sys.argv[1:3]

def die(name, given):
    paths = [each for each in given if isinstance(each, (str, bytes, os.PathLike))]
    if name == event and any(part in os.fsdecode(each) for each in paths):
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(die)

from equipoise.cli import main
main()
"""


def killed(*arguments: object, at: str, of: str) -> None:
    """Run a command until it is killed: as it comes to the audit event `at`, such as `os.rename`,
    of a path that has `of` in it."""
    words = [sys.executable, "-c", _CODE, at, of, *map(str, arguments)]
    ran = subprocess.run(words, check=False, capture_output=True, text=True)
    assert ran.returncode == -signal.SIGKILL, ran.stdout + ran.stderr

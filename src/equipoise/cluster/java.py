"""Whether this machine has a Java that Spark runs on."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from equipoise.errors import BadInput

OLDEST = 17
_PATIENCE = 30  # seconds
_MEND = f"install Java {OLDEST} or later, or set JAVA_HOME to one"


def refuse_without_java() -> None:
    """Raises BadInput where there is no Java, or one too old for Spark 4."""
    program = _java()
    if program is None:
        raise BadInput("Spark needs Java, and there is none here", field="--engine", mend=_MEND)
    version = version_in(_said_by(program))
    if version is not None and version < OLDEST:
        raise BadInput(
            f"Spark needs Java {OLDEST} or later; '{program}' is Java {version}",
            field="--engine",
            mend=_MEND,
        )


def version_in(said: str) -> int | None:
    """The feature version in what `java -version` says: 8 of "1.8.0_412", 17 of "17.0.15"."""
    version = re.search(r'version "(?:1\.)?(\d+)', said)
    return None if version is None else int(version[1])


def _java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    if home:
        return shutil.which(str(Path(home) / "bin" / "java"))
    return shutil.which("java")


def _said_by(program: str) -> str:
    try:
        ended = subprocess.run(  # noqa: S603  (the program that Spark itself would start)
            [program, "-version"], capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BadInput(
            f"'{program}' does not start: {error}", field="--engine", mend=_MEND
        ) from None
    return ended.stderr + ended.stdout

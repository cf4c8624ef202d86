"""The client is of use without the rest of us, and without anything installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import equipoise.client

ASKS = """
import sys
from client import Client
assert not [name for name in sys.modules if name.partition(".")[0] == "equipoise"]
Client("https://decisions.example.com", "key")
"""


def test_its_folder_can_be_taken_along(tmp_path: Path) -> None:
    shutil.copytree(Path(equipoise.client.__file__).parent, tmp_path / "client")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{ASKS}"
    done = subprocess.run(  # isolated: no site-packages
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr

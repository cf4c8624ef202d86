"""The synthetic lender, fitted once for all tests that balance it, and a service in it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from own_folder import own_folder

from equipoise.service.contexts.balances.models import Run, Sending
from equipoise.service.contexts.balances.running import send, solve
from equipoise.workspace import fit_workspace, new_demo
from equipoise.workspace.folder import Workspace

APPLICANTS = 5000  # the fewest of which a fit has outcomes enough
POINTS = 5


@cache
def fitted() -> Path:
    """The workspace, to be read only; its frontier has few points."""
    folder = Path(tempfile.mkdtemp(prefix="equipoise-balanced-")) / "demo"
    fit_workspace(new_demo(folder, APPLICANTS, 7))
    path = folder / "appetite.yaml"
    text = path.read_text(encoding="utf-8")
    assert "points: 20" in text
    path.write_text(text.replace("points: 20", f"points: {POINTS}"), encoding="utf-8")
    return folder


@contextmanager
def balancing(folder: Path, **told: Any) -> Iterator[Workspace]:
    """A service in a workspace of the test's own."""
    shutil.copytree(fitted(), folder)
    with own_folder(folder, **told):
        yield Workspace.open(folder)


def work() -> None:
    """Do what waits, as a worker does."""
    for each in Run.objects.filter(state="queued"):
        solve.func(each.pk)
    for sending in Sending.objects.filter(state="queued"):
        send.func(sending.pk)

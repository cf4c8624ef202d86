"""`report`: one HTML file of a fit and a balance, with the commands that make it again."""

from __future__ import annotations

import shlex
from pathlib import Path

from equipoise.files import write_text
from equipoise.progress import Progress, Silent
from equipoise.report import render
from equipoise.workspace.balancing import BALANCE, read_result
from equipoise.workspace.fitting import FIT
from equipoise.workspace.folder import Workspace
from equipoise.workspace.versions import versions

REPORT = "report.html"
STEPS = ("check", "fit", "balance", "report")


def report_workspace(workspace: Workspace, progress: Progress | None = None) -> Path:
    """Write build/report.html and return its path. Raises BadInput before fit and balance."""
    steps = progress or Silent()
    fit = read_result(workspace, FIT, "fit")
    balance = read_result(workspace, BALANCE, "balance")
    fit.setdefault("versions", versions())
    with steps.step("Drawing the report"):
        page = render(fit, balance, commands(workspace), workspace.name)
    path = workspace.build / REPORT
    write_text(path, page)
    return path


def commands(workspace: Workspace) -> list[str]:
    """The commands that make the workspace's report, in order."""
    made = workspace.about().made_by
    folder = shlex.quote(str(workspace.folder))
    return [*([made] if made else []), *(f"equipoise {step} {folder}" for step in STEPS)]

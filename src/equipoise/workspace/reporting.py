"""`report`: one HTML file of a fit and a balance, with the commands that make it again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from equipoise.contract import Contract
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
    fit |= labels_of(workspace.contract().value)
    with steps.step("Drawing the report"):
        page = render(fit, balance, commands(workspace), workspace.name)
    path = workspace.build / REPORT
    write_text(path, page)
    return path


def labels_of(contract: Contract) -> dict[str, Any]:
    """What the contract calls fields and their values: in English, else in its first language."""
    fields = {
        field.name: said for field in contract.fields if (said := _said(field.label, contract))
    }
    values = {
        field.name: {value: _said(words, contract) for value, words in field.value_label.items()}
        for field in contract.fields
        if field.value_label
    }
    return {"field_labels": fields, "value_labels": values}


def _said(words: Mapping[str, str], contract: Contract) -> str:
    languages = ("en", *contract.languages, *words)
    return next((words[language] for language in languages if language in words), "")


def commands(workspace: Workspace) -> list[str]:
    """The commands that make the workspace's report, in order."""
    made = workspace.about().made_by
    folder = shlex.quote(str(workspace.folder))
    return [*([made] if made else []), *(f"equipoise {step} {folder}" for step in STEPS)]

"""`report`: one HTML file of a fit and a balance, or the board's summary of them on one page."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from equipoise.contract import Contract
from equipoise.files import replacing, write_text
from equipoise.progress import Progress, Silent
from equipoise.report import render, render_summary
from equipoise.workspace.fitting import FIT
from equipoise.workspace.folder import Workspace
from equipoise.workspace.results import BALANCE, read_result
from equipoise.workspace.versions import versions

REPORT = "report.html"
SUMMARY, SUMMARY_PDF = "summary.html", "summary.pdf"
STEPS = ("check", "fit", "balance", "report")


def report_workspace(workspace: Workspace, progress: Progress | None = None) -> Path:
    """Write build/report.html and return its path. Raises BadInput before fit and balance."""
    steps = progress or Silent()
    fit, balance = _results(workspace)
    with steps.step("Drawing the report"):
        page = render(fit, balance, commands(workspace), workspace.name)
    path = workspace.build / REPORT
    write_text(path, page)
    return path


def summarise_workspace(
    workspace: Workspace, progress: Progress | None = None
) -> tuple[Path, Path]:
    """Write the board's page as HTML and as a PDF of one A4 page; return both paths.

    Raises BadInput before fit and balance.
    """
    steps = progress or Silent()
    fit, balance = _results(workspace)
    with steps.step("Drawing the summary"):
        page, paper = render_summary(fit, balance, workspace.name)
    paths = workspace.build / SUMMARY, workspace.build / SUMMARY_PDF
    write_text(paths[0], page)
    with replacing(paths[1]) as temporary:
        temporary.write_bytes(paper)
    return paths


def _results(workspace: Workspace) -> tuple[dict[str, Any], dict[str, Any]]:
    """What fit and balance found, with the contract's labels."""
    fit = read_result(workspace, FIT, "fit")
    balance = read_result(workspace, BALANCE, "balance")
    fit.setdefault("versions", versions())
    return fit | labels_of(workspace.contract().value), balance


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

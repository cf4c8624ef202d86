"""`report`: one HTML file of a fit and a balance, or the board's summary of them on one page."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from equipoise.balance.result_document import BalanceResult
from equipoise.contract import Contract
from equipoise.files import replacing, write_text
from equipoise.progress import Progress, Silent
from equipoise.report import render, render_summary
from equipoise.report.story import Labels
from equipoise.risk.fit_result import FitResult
from equipoise.texts.saying import ENGLISH
from equipoise.workspace.folder import Workspace
from equipoise.workspace.results import last_balance, last_fit, last_learning

REPORT = "report.html"
SUMMARY, SUMMARY_PDF = "summary.html", "summary.pdf"
STEPS = ("check", "fit", "balance", "report")


def report_workspace(
    workspace: Workspace, progress: Progress | None = None, language: str = ENGLISH
) -> Path:
    """Write build/report.html and return its path; another language stands in its name.

    Raises BadInput before fit and balance.
    """
    steps = progress or Silent()
    fit, balance = _results(workspace)
    labels = labels_of(workspace.contract().value, language)
    with steps.step("Drawing the report"):
        page = render(
            fit,
            balance,
            commands(workspace, language),
            workspace.name,
            language,
            labels=labels,
            learning=last_learning(workspace, balance),
        )
    path = workspace.build / in_language(REPORT, language)
    write_text(path, page)
    return path


def summarise_workspace(
    workspace: Workspace, progress: Progress | None = None, language: str = ENGLISH
) -> tuple[Path, Path]:
    """Write the board's page as HTML and as a PDF of one A4 page; return both paths.

    Raises BadInput before fit and balance, and where no font here has the language's letters.
    """
    steps = progress or Silent()
    fit, balance = _results(workspace)
    with steps.step("Drawing the summary"):
        page, paper = render_summary(fit, balance, workspace.name, language)
    summary, pdf = (in_language(name, language) for name in (SUMMARY, SUMMARY_PDF))
    paths = workspace.build / summary, workspace.build / pdf
    write_text(paths[0], page)
    with replacing(paths[1]) as temporary:
        temporary.write_bytes(paper)
    return paths


def in_language(name: str, language: str) -> str:
    """The file's name for a page in a language: `report.zh.html`, and plain in English."""
    path = Path(name)
    return name if language == ENGLISH else f"{path.stem}.{language}{path.suffix}"


def _results(workspace: Workspace) -> tuple[FitResult, BalanceResult]:
    return last_fit(workspace), last_balance(workspace)


def labels_of(contract: Contract, language: str = ENGLISH) -> Labels:
    """What the contract calls fields and their values, in the language.

    Where it has none: in English, else in its first language.
    """
    languages = (language, ENGLISH, *contract.languages)
    labels = {field.name: _label(field.label, languages) for field in contract.fields}
    values = {
        field.name: {value: _label(words, languages) for value, words in field.value_label.items()}
        for field in contract.fields
        if field.value_label
    }
    fields = {name: label for name, label in labels.items() if label}
    return Labels(fields, values)


def _label(words: Mapping[str, str], languages: Sequence[str]) -> str:
    languages = (*languages, *words)
    return next((words[language] for language in languages if language in words), "")


def commands(workspace: Workspace, language: str = ENGLISH) -> list[str]:
    """The commands that make the workspace's report, in order."""
    made = workspace.about().made_by
    folder = shlex.quote(str(workspace.folder))
    steps = [f"equipoise {step} {folder}" for step in STEPS]
    if language != ENGLISH:
        steps[-1] += f" --lang {language}"
    return [*([made] if made else []), *steps]

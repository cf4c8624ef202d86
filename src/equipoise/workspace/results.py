"""Results of commands under build/: read, and held against the documents they were made of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from equipoise.errors import BadInput, Span
from equipoise.workspace.fitting import FIT, FITTED_FROM
from equipoise.workspace.folder import APPETITE, TREATMENTS, Workspace

BALANCE, CHOICES = "balance.json", "choices.parquet"
BALANCED_FROM = (TREATMENTS, APPETITE)


def read_fit(workspace: Workspace) -> dict[str, Any]:
    """fit.json. Raises BadInput where it is absent, or older than the files it was made of."""
    fit = read_result(workspace, FIT, "fit")
    _current(workspace, fit, FITTED_FROM, "fit")
    return fit


def read_balance(workspace: Workspace) -> dict[str, Any]:
    """balance.json. Raises BadInput where it is absent, or older than its files or the fit."""
    balance = read_result(workspace, BALANCE, "balance")
    _current(workspace, balance, (*FITTED_FROM, *BALANCED_FROM), "balance")
    return balance


def read_result(workspace: Workspace, file: str, command: str) -> dict[str, Any]:
    """A result of a command. Raises BadInput where it was not run or its file is damaged."""
    path = workspace.build / file
    mend = f"run `equipoise {command} {workspace.folder}`"
    try:
        result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(
            f"there is no {file} yet", where=Span(str(path)), mend=f"{mend} first"
        ) from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise BadInput("the file is damaged", where=Span(str(path)), mend=f"{mend} again") from None
    return result


def _current(
    workspace: Workspace, result: dict[str, Any], documents: Sequence[str], command: str
) -> None:
    """Refuse a result older than its documents, or than a lender's own model that it read."""
    made_from = result.get("documents", {})
    now = workspace.digests(*dict.fromkeys([*documents, *made_from]))
    changed = [name for name, digest in now.items() if made_from.get(name) != digest]
    if changed:
        made = "fitted" if command == "fit" else "balanced"
        raise BadInput(
            f"the file has changed since the workspace was {made}",
            where=Span(str(workspace.folder / changed[0])),
            mend=f"run `equipoise {command} {workspace.folder}` again",
        )

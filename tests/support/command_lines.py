"""Whether the command line takes what a deployment would run."""

from __future__ import annotations

from typing import Any

import typer

from equipoise.cli.commands import app


def is_taken(words: list[str]) -> bool:
    """Whether the command line takes this, without running it."""
    command: Any = typer.main.get_command(app)
    context = command.make_context("equipoise", list(words), resilient_parsing=False)
    name, printed, rest = command.resolve_command(context, list(words))
    return bool(printed.make_context(name, rest, parent=context))

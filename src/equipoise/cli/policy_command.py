"""The command that tries a change of law or policy before it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from equipoise.cli.watching import watching


def what_if(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The workspace's folder.")],
    change: Annotated[Path, typer.Argument(metavar="CHANGE", help="The change, as YAML.")],
    strategy: Annotated[
        list[Path] | None,
        typer.Option(metavar="SEALED", help="Hold this against it; repeat. Else strategy.yaml."),
    ] = None,
    per_day: Annotated[
        float | None, typer.Option(min=0.001, help="Applications a day, to tell offers a month.")
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")
    ] = False,
) -> None:
    """What a change of law or policy would do: who is shut out, what it costs, what breaks it."""
    from equipoise.cli import show_policy
    from equipoise.workspace.policy_tries import try_change

    with watching(quiet=json) as steps:
        tried = try_change(folder, change, strategy or (), steps)
    show_policy.tried(tried, per_day, as_json=json)

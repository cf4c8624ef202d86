"""The command that says where a lender stands, and what moved since it was last kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from equipoise.cli.arguments import Lang
from equipoise.cli.watching import watching


def standing(  # noqa: PLR0917 - typer reads the options from the parameters
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The workspace's folder.")],
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep today's situation, to compare the next with.")
    ] = False,
    sample: Annotated[
        int, typer.Option(min=100, metavar="N", help="Measure on so many applicants at most.")
    ] = 10_000,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write a page with pictures.")
    ] = None,
    lang: Lang = "en",
    json: Annotated[
        bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")
    ] = False,
) -> None:
    """Where the lender stands beside its frontier, and what moved since; exit 1 where too far."""
    from equipoise.cli import show_standing
    from equipoise.workspace.folder import Workspace
    from equipoise.workspace.standings import stand

    workspace = Workspace.open(folder)
    with watching(quiet=json) as steps:
        result = stand(workspace, keep=keep, sample=sample, progress=steps)
        if html is not None:
            from equipoise.files import write_text
            from equipoise.report import render_standing

            with steps.step("Drawing the page"):
                again = f"equipoise standing {folder} --html {html}"
                write_text(html, render_standing(result, [again], lang))
    show_standing.stood(result, folder, as_json=json)

"""`stress`: a book and a strategy under scenarios of the economy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from equipoise.cli.arguments import Lang, commands
from equipoise.cli.watching import watching


def stress(  # noqa: PLR0917 - typer reads the options from the parameters
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The workspace's folder.")],
    scenario: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A scenario's file, as published; repeatable."),
    ] = None,
    reverse: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LIMIT",
            help="Also find the mildest breach, as 'loss_rate <= 8%'; repeatable.",
        ),
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The economy's past: drafts stress.yaml from it."),
    ] = None,
    sample: Annotated[
        int, typer.Option(min=100, metavar="N", help="Answer the newest N applications.")
    ] = 2_000,
    lang: Lang = "en",
    json: Annotated[
        bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")
    ] = False,
) -> None:
    """Losses, allowance, capital, profit and who is served, under scenarios; exit 1 where a limit
    breaks in a scenario as it is written."""
    from equipoise.cli import show_stress
    from equipoise.texts.saying import named
    from equipoise.workspace.stressing import draft_stress, report_stress

    if history is not None:
        show_stress.drafted(draft_stress(folder, history), folder, as_json=json)
    if not scenario:
        if history is None:
            raise typer.BadParameter("give a scenario's file: --scenario FILE")
        return
    language = named(lang)
    with watching(quiet=json) as steps:
        made = report_stress(
            folder, scenario, commands(), steps, limits=reverse or (), sample=sample,
            language=language,
        )  # fmt: skip
    show_stress.stressed(made, as_json=json)

"""The commands on the journey itself: its process map."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from equipoise.cli.arguments import number, pairs
from equipoise.cli.watching import watching
from equipoise.errors import BadInput

if TYPE_CHECKING:
    from equipoise.review.process.process_map import Versions

experience = typer.Typer(help="The journey, as its event log has it.", no_args_is_help=True)


@experience.command("map")
def process_map(  # noqa: PLR0917 - typer reads the options from the parameters
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The workspace's folder.")],
    by: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="Split by a column of the cases; repeatable."),
    ] = None,
    step: Annotated[
        list[str] | None,
        typer.Option(metavar="ACTIVITY", help="A step, in order; else the document's, or all."),
    ] = None,
    decides: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STEP=COLUMN",
            help="The yes or no of whether a step changed the decision; repeatable.",
        ),
    ] = None,
    versions: Annotated[
        str | None,
        typer.Option(metavar="COLUMN=BEFORE,AFTER", help="Compare two versions, day by day."),
    ] = None,
    within: Annotated[
        float, typer.Option(metavar="DAYS", help="Days after which a case counts for --versions.")
    ] = 30.0,
    offers: Annotated[
        str | None,
        typer.Option(metavar="A,B,..", help="Acceptance by minutes to the first offer, so cut."),
    ] = None,
    lost: Annotated[
        str | None, typer.Option(metavar="STEP", help="List the people lost at a step.")
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")
    ] = False,
) -> None:
    """Map the journey: who goes on, leaves, waits for whom; and what a change would gain."""
    from equipoise.cli import show_process
    from equipoise.review.process.funnel import lost_at
    from equipoise.workspace.folder import Workspace
    from equipoise.workspace.mapping import map_workspace

    edges = () if offers is None else [number(each, "--offers") for each in offers.split(",")]
    compared = None if versions is None else _versions(versions, within)
    with watching(quiet=json) as steps:
        result = map_workspace(
            Workspace.open(folder),
            steps=step or (),
            by=by or (),
            decides=dict(pairs(decides, "--decides")),
            versions=compared,
            offer_minutes=edges,
            progress=steps,
        )
        people = None if lost is None else lost_at(result.stays, lost)
    show_process.mapped(result, people, as_json=json)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(experience, name="experience")


def _versions(text: str, within: float) -> Versions:
    from equipoise.review.process.process_map import Versions

    ((column, named),) = pairs([text], "--versions")
    names = [each.strip() for each in named.split(",")]
    if len(names) != 2 or not all(names):
        raise BadInput(
            f"'{named}' names no two versions", field="--versions", mend="as version=3,4"
        )
    return Versions(column, names[0], names[1], within)

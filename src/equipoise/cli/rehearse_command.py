"""`rehearse`: the whole service, applied to by simulated people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from equipoise.cli.printing import document, line
from equipoise.cli.watching import watching

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The lender's folder.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")]


def rehearse(  # noqa: PLR0917 - typer reads the options from the parameters
    folder: Folder,
    applicants: Annotated[int, typer.Option(min=1, help="How many people apply.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same people.")] = 7,
    at_once: Annotated[int, typer.Option(min=1, max=64, help="How many at a time.")] = 4,
    keep: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep the service in this new folder.")
    ] = None,
    json: Json = False,
) -> None:
    """Rehearse the service: simulated people fill the real pages of a server made for it; at the
    end the record is held against what they know. Exit 1 where the two are not one.

    The lender's own service is not touched: what is rehearsed is the newest sealed strategy, in a
    folder of its own, on this machine alone.
    """
    from equipoise.service.commands.rehearsal import Wish, rehearse_lender

    with watching(quiet=json) as steps:
        report = rehearse_lender(folder, Wish(applicants, seed, at_once, keep), steps)
    if json:
        document(report.as_dict())
    else:
        for each in report.lines():
            line(each)
    if not report.passed:
        raise typer.Exit(1)

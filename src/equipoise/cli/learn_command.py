"""The command that says what would teach most about a balance."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from equipoise.cli.arguments import number, pairs
from equipoise.cli.watching import watching
from equipoise.errors import BadInput


class By(StrEnum):
    """What the ranking is by."""

    promise = "promise"
    decision = "decision"


def learn(  # noqa: PLR0917 - typer reads the options from the parameters
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The workspace's folder.")],
    per_day: Annotated[
        float | None,
        typer.Option(
            metavar="N", min=0.0, help="Applications a day; counted in the data where it has dates."
        ),
    ] = None,
    share: Annotated[
        float,
        typer.Option(min=0.001, max=0.5, help="Of those whom a challenger can be tried on."),
    ] = 0.2,
    by: Annotated[
        By, typer.Option(help="Rank by how narrow the promise gets, or by the decision's worth.")
    ] = By.promise,
    correlated: Annotated[
        list[str] | None,
        typer.Option(
            metavar="A,B=R", help="A correlation between two inputs, else independent; repeatable."
        ),
    ] = None,
    draws: Annotated[
        int, typer.Option(min=64, max=8192, help="Draws of the inputs: a power of two.")
    ] = 512,
    seed: Annotated[int, typer.Option(min=0, help="The same seed draws the same.")] = 0,
    json: Annotated[
        bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")
    ] = False,
) -> None:
    """What would teach us most: the balance's assumptions ranked, each with its experiment."""
    from equipoise.cli import show_learning
    from equipoise.workspace.folder import Workspace
    from equipoise.workspace.learning import learn_workspace

    if draws & (draws - 1):
        raise BadInput(f"{draws} is not a power of two", field="--draws", mend="as 512 or 1024")
    together = _correlations(correlated)
    with watching(quiet=json) as steps:
        result = learn_workspace(
            Workspace.open(folder),
            per_day=per_day,
            share=share,
            by=by.value,
            count=draws,
            seed=seed,
            correlated=together,
            progress=steps,
        )
    show_learning.ranked(result, as_json=json)


def _correlations(given: list[str] | None) -> dict[tuple[str, str], float]:
    together = {}
    for names, value in pairs(given, "--correlated"):
        one, comma, other = names.partition(",")
        if not (comma and one.strip() and other.strip()):
            raise BadInput(
                f"'{names}' are not two inputs",
                field="--correlated",
                mend="as --correlated take_up.price,take_up.risk=0.4",
            )
        together[one.strip(), other.strip()] = number(value, "--correlated")
    return together

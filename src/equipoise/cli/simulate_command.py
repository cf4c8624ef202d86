"""`simulate`: the synthetic lender, by this machine or by Spark."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from equipoise.cli.engines import Conf, Engine, Master, spark_settings
from equipoise.cli.watching import watching

if TYPE_CHECKING:
    from collections.abc import Mapping

    from equipoise.progress import Progress

Target = Annotated[
    str, typer.Argument(metavar="DIR", help="A folder; on Spark, also a URL the session writes to.")
]
Applicants = Annotated[int, typer.Option(min=1, help="How many applicants.")]
Seed = Annotated[int, typer.Option(min=0, help="The same seed gives the same applicants.")]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="TABLE",
        help="applications, events, performance, truth; all four unless given. Or tape.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")]


def simulate(  # noqa: PLR0917 - typer reads the options from the parameters
    folder: Target,
    applicants: Applicants = 100_000,
    seed: Seed = 7,
    only: Only = None,
    engine: Engine = "local",
    master: Master = None,
    conf: Conf = None,
    json: Json = False,
) -> None:
    """Write the synthetic lender's files, with known truth."""
    from equipoise.cli import show

    settings = spark_settings(engine, master, conf)
    with watching(quiet=json) as steps:
        if engine == "spark":
            sizes = _on_spark(folder, (applicants, seed, only or []), (master, settings), steps)
        else:
            from equipoise.workspace.creating import simulate_into

            simulate_into(Path(folder), applicants, seed, steps, only=only or [])
            sizes = {path.name: path.stat().st_size for path in sorted(Path(folder).iterdir())}
    show.simulated(folder, applicants, seed, sizes, as_json=json)


def _on_spark(
    folder: str,
    run: tuple[int, int, list[str]],
    options: tuple[str | None, Mapping[str, str]],
    steps: Progress,
) -> dict[str, int]:
    from equipoise.cluster import session_of_a_command, simulate_to

    applicants, seed, only = run
    with session_of_a_command(*options) as session:
        return simulate_to(session, folder, applicants, seed, steps, only=only)

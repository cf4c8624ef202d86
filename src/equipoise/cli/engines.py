"""Which engine a command runs on, and what Spark is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, Literal

import typer

from equipoise.cli.arguments import pairs
from equipoise.errors import BadInput

EngineName = Literal["local", "spark"]
Engine = Annotated[
    EngineName, typer.Option("--engine", help="This machine alone, or Apache Spark.")
]
Master = Annotated[
    str | None,
    typer.Option("--master", metavar="URL", help="Spark's master, as spark-submit knows it."),
]
Conf = Annotated[
    list[str] | None,
    typer.Option("--conf", metavar="NAME=VALUE", help="A setting of Spark; any number of them."),
]


def spark_settings(
    engine: EngineName, master: str | None, conf: list[str] | None
) -> Mapping[str, str]:
    """The settings of `--conf`. Raises BadInput where Spark is told something and not asked for."""
    if engine == "local" and (master or conf):
        raise BadInput(
            "--master and --conf are Spark's",
            field="--master" if master else "--conf",
            mend="add --engine spark",
        )
    return dict(pairs(conf, "--conf"))


@contextmanager
def session_where(
    engine: EngineName, master: str | None, settings: Mapping[str, str]
) -> Iterator[Any]:
    """A Spark session for as long as the command runs, or None on this machine alone."""
    if engine == "local":
        yield None
        return
    from equipoise.cluster import session_of_a_command

    with session_of_a_command(master, settings) as session:
        yield session

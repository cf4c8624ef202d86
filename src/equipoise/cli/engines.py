"""Which engine a command runs on, and what Spark is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

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

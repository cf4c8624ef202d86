"""What Spark's workers need of this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from equipoise.cli.printing import document, line

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")]
spark = typer.Typer(help="Run on Apache Spark: what its workers need.", no_args_is_help=True)


@spark.callback()
def _group() -> None:
    """Keep `zip` a command of its own, as the only one of the group."""


@spark.command("zip")
def zip_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Its name ends in .zip.")],
    json: Json = False,
) -> None:
    """Pack this package for spark-submit --py-files; what it needs must be on the workers."""
    from equipoise.cluster import pack

    size = pack(file)
    if json:
        document({"file": str(file), "bytes": size})
    else:
        line(f"Wrote {file}, {size / 1e6:.2f} MB")
        line(f"Next: spark-submit --py-files {file} job.py")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(spark, name="spark")

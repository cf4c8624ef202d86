"""The commands of a strategy: check, seal, decide, explain, find a way back, compare, audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from equipoise.cli.engines import Conf, Engine, Master, spark_settings
from equipoise.cli.watching import watching
from equipoise.errors import BadInput
from equipoise.expression import DialectName
from equipoise.outputs import output_fits

SealedFile = Annotated[Path, typer.Argument(metavar="SEALED", help="A sealed strategy.")]
Applications = Annotated[
    str, typer.Argument(metavar="FILE", help="JSON lines, CSV or Parquet; - for JSON lines.")
]
Source = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="JSON lines, CSV or Parquet; - for JSON lines. With Spark a path, URL or table.",
    ),
]
Application = Annotated[
    str, typer.Argument(metavar="APPLICATION", help="A JSON file; a table with --id; or -.")
]
Id = Annotated[str | None, typer.Option("--id", help="Which application of a table.")]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The workspace's folder.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")]
At = Annotated[
    datetime | None,
    typer.Option("--at", formats=["%Y-%m-%d"], help="The day of the decision."),
]
strategy = typer.Typer(help="Check, seal and take strategies from the frontier.")


@strategy.command("check")
def check_(folder: Folder, json: Json = False) -> None:
    """Check strategy.yaml; every fault with line and mend."""
    from equipoise.cli import show_strategy
    from equipoise.workspace.folder import Workspace
    from equipoise.workspace.strategies import check_workspace_strategy

    with watching(quiet=json) as steps:
        checks = check_workspace_strategy(Workspace.open(folder), steps)
    checks.refuse()
    show_strategy.checked(checks.summary(), as_json=json)


@strategy.command("seal")
def seal_(folder: Folder, json: Json = False) -> None:
    """Seal strategy.yaml with its models into one file under a SHA-256 digest."""
    from equipoise.cli import show_strategy
    from equipoise.workspace.folder import Workspace
    from equipoise.workspace.strategies import seal_workspace

    sealed, path = seal_workspace(Workspace.open(folder))
    show_strategy.sealed(sealed, path, as_json=json)


@strategy.command("upgrade")
def upgrade_(  # noqa: PLR0917 - typer reads the options from the parameters
    sealed: SealedFile,
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="The new sealed file.")],
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="FILE", help="Applications to show whom it changes on."),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(
            "--answers",
            metavar="FILE",
            help="What the older version answered to them, where its edition is not known here.",
        ),
    ] = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Seal an older edition's content anew, and show whom that changes."""
    from equipoise.cli import show_strategy
    from equipoise.strategy.upgrading import changed_by, upgraded, written_beside

    upgrade = upgraded(sealed)
    day = at.date() if at else None
    change = None if on is None else changed_by(upgrade, on, answers, day)
    written_beside(upgrade, sealed, output)
    show_strategy.upgraded(upgrade, output, change, as_json=json)


@strategy.command("from-frontier")
def from_frontier_(
    folder: Folder,
    point: Annotated[
        str,
        typer.Option(
            metavar="POINT",
            help="same_risk (the recommended), same_experience, a point's number, or x=LEVEL.",
        ),
    ] = "same_risk",
    as_table: Annotated[
        bool, typer.Option("--as-table", help="Distil the balance into a decision table.")
    ] = False,
    max_rules: Annotated[
        int, typer.Option("--max-rules", metavar="N", min=2, max=200, help="Rows of the table.")
    ] = 12,
    json: Json = False,
) -> None:
    """Write a point of the frontier into strategy.yaml, as prices or as a table."""
    from equipoise.cli import show_strategy
    from equipoise.workspace.folder import Workspace
    from equipoise.workspace.taking import from_frontier

    with watching(quiet=json) as steps:
        deployed = from_frontier(
            Workspace.open(folder), point, max_rules if as_table else None, steps
        )
    show_strategy.taken(deployed, as_json=json)


def decide(  # noqa: PLR0917 - typer reads the options from the parameters
    sealed: SealedFile,
    source: Source,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            metavar="FILE",
            help="Where to; stdout unless given. With Spark a folder, which it asks for.",
        ),
    ] = None,
    traces: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Whole traces, as JSON lines; with Spark a folder."),
    ] = None,
    trace_share: Annotated[
        float, typer.Option(min=0, max=1, help="The share of applicants that is traced.")
    ] = 1.0,
    identifier: Annotated[
        str,
        typer.Option(
            "--id", metavar="COLUMN", help="What names applications, instead of the contract's id."
        ),
    ] = "",
    at: At = None,
    engine: Engine = "local",
    master: Master = None,
    conf: Conf = None,
    json: Json = False,
) -> None:
    """Decide a file of applications, of any size; on Spark whatever its session reads."""
    settings = spark_settings(engine, master, conf)
    asked = _Asked(sealed, source, output, traces, trace_share, identifier, at, json)
    if engine == "spark":
        _decide_on_spark(asked, master, settings)
    else:
        _decide_here(asked)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What `decide` was asked for, whichever engine does it."""

    sealed: Path
    source: str
    output: str | None
    traces: str | None
    share: float
    identifier: str
    at: datetime | None
    json: bool

    @property
    def day(self) -> date | None:
        """The day of the decision, where one was given."""
        return self.at.date() if self.at else None


def _decide_on_spark(asked: _Asked, master: str | None, settings: Mapping[str, str]) -> None:
    from equipoise.cli import show_strategy
    from equipoise.cluster.deciding_files import decide_into
    from equipoise.cluster.session import session_of_a_command
    from equipoise.strategy.engine import load_strategy

    if asked.output is None:
        raise BadInput(
            "Spark writes a folder of answers", field="--output", mend="add --output FOLDER"
        )
    loaded = load_strategy(asked.sealed)
    with watching(quiet=asked.json) as steps, session_of_a_command(master, settings) as session:
        tally = decide_into(
            session,
            loaded,
            asked.source,
            asked.output,
            at=asked.day,
            identifier=asked.identifier,
            traces=asked.traces,
            trace_share=asked.share,
            progress=steps,
        )
    show_strategy.decided(tally, asked.output, loaded.digest, as_json=asked.json)


def _decide_here(asked: _Asked) -> None:
    from equipoise.cli import show_strategy
    from equipoise.strategy.engine import load_strategy
    from equipoise.strategy.files.decisions import TRACE_ENDINGS, decide_file
    from equipoise.strategy.files.tables import ENDINGS, STDIN

    if asked.json and asked.output is None:
        raise BadInput(
            "--json tells of the run, and the decisions would go to stdout too",
            field="--output",
            mend="add --output FILE",
        )
    sealed, source, output, traces = asked.sealed, asked.source, asked.output, asked.traces
    if output is not None and output != STDIN:
        output_fits(output, "--output", endings=ENDINGS, beside=[sealed, source, traces])
    if traces is not None:
        output_fits(traces, "--traces", endings=TRACE_ENDINGS, beside=[sealed, source, output])
    loaded = load_strategy(sealed)
    with watching(quiet=asked.json or output is None) as steps:
        tally = decide_file(
            loaded,
            source,
            output or STDIN,
            at=asked.day,
            identifier=asked.identifier,
            traces=None if traces is None else Path(traces),
            trace_share=asked.share,
            progress=steps,
        )
    if output is not None:
        show_strategy.decided(tally, output, loaded.digest, as_json=asked.json)


def explain(  # noqa: PLR0917 - typer reads the options from the parameters
    sealed: SealedFile,
    application: Application,
    id_: Id = None,
    lang: Annotated[str | None, typer.Option(help="The customer's language.")] = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Explain one decision to the customer, the underwriter and the auditor."""
    from equipoise.cli import show_strategy
    from equipoise.strategy.engine import load_strategy
    from equipoise.strategy.files.one_application import one_application

    loaded = load_strategy(sealed)
    record = one_application(loaded, application, id_)
    decision = loaded.decide(record, at=at.date() if at else None)
    show_strategy.explained(loaded.content, decision, lang, as_json=json)


def recourse(  # noqa: PLR0917 - typer reads the options from the parameters
    sealed: SealedFile,
    application: Application,
    id_: Id = None,
    at: At = None,
    most: Annotated[int, typer.Option(min=1, max=50, help="How many ways to show.")] = 5,
    json: Json = False,
) -> None:
    """Find other terms, and changes of the applicant's own, that would turn the answer."""
    from equipoise.cli import show_strategy
    from equipoise.strategy.engine import load_strategy
    from equipoise.strategy.files.one_application import one_application
    from equipoise.strategy.recourse import find_recourse

    loaded = load_strategy(sealed)
    record = one_application(loaded, application, id_)
    day = at.date() if at else None
    ways = find_recourse(loaded, record, at=day, most=most)
    outcome = loaded.decide(record, at=day).outcome
    show_strategy.ways_back([each.as_dict() for each in ways], outcome, as_json=json)


def sql(
    sealed: SealedFile,
    dialect: Annotated[DialectName, typer.Option(help="The database's dialect.")] = "duckdb",
    table: Annotated[
        str, typer.Option(help="The table of applications, one column to a field.")
    ] = "applications",
    json: Json = False,
) -> None:
    """Write the whole strategy as one SQL query; not where its model is of trees."""
    from equipoise.cli import show_strategy
    from equipoise.strategy.engine import load_strategy

    loaded = load_strategy(sealed)
    show_strategy.as_sql(loaded.sql(dialect, table), dialect, loaded.digest, as_json=json)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(strategy, name="strategy")
    for command in (decide, explain, recourse, sql):
        app.command()(command)

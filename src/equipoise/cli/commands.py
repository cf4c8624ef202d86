"""The commands. Each reads its arguments, calls one function, and shows what it returned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from equipoise.cli import (
    challenge_commands,
    erase_command,
    experience_commands,
    helper_commands,
    keys_commands,
    learn_command,
    overrides_command,
    plan_commands,
    policy_command,
    portfolio_commands,
    rehearse_command,
    review_commands,
    service_commands,
    simulate_command,
    spark_commands,
    standing_command,
    strategy_commands,
    stress_command,
    user_commands,
    watch_commands,
)
from equipoise.cli.arguments import Lang, number, pairs
from equipoise.cli.engines import (
    Conf,
    Engine,
    EngineName,
    Master,
    session_where,
    spark_settings,
)
from equipoise.cli.watching import watching
from equipoise.errors import BadInput, did_you_mean

if TYPE_CHECKING:
    from equipoise.balance.search import Over
    from equipoise.workspace.folder import Workspace

# Heavy rooms are imported by the command that needs them: `equipoise --help` should not wait.
T = TypeVar("T")
EXAMPLES = ("demo", "business", "lendingclub")
app = typer.Typer(
    help="Finds, runs and proves the balance between credit risk and customer experience.",
    epilog="In Python: import equipoise, then equipoise.fit, equipoise.balance and "
    "equipoise.decide over data frames; help(equipoise) shows how.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: drawing it would double the wait for it
)
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The workspace's folder.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")]
Applicants = Annotated[int, typer.Option(min=1, help="How many applicants.")]
Seed = Annotated[int, typer.Option(min=0, help="The same seed gives the same applicants.")]
Threads = Annotated[
    int | None, typer.Option(min=1, help="Threads of the boosted trees; all cores unless given.")
]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version as installed

        typer.echo(f"equipoise {installed('equipoise')}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    pass


@app.command()
def new(  # noqa: PLR0917 - typer reads the options from the parameters
    folder: Folder,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Text, Parquet or a sheet, packed or not."),
    ] = None,
    target: Annotated[str | None, typer.Option(help="The column of the outcome.")] = None,
    event: Annotated[str | None, typer.Option(help="The bad value, or several.")] = None,
    read: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN=FORMAT",
            help="How a column is written, such as income=1.234,5 or opened=%d/%m/%Y; repeatable.",
        ),
    ] = None,
    example: Annotated[str | None, typer.Option(help="demo, business or lendingclub.")] = None,
    data: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Where the example's data stand.")
    ] = None,
    applicants: Applicants = 100_000,
    seed: Seed = 7,
    json: Json = False,
) -> None:
    """Make a workspace: drafted from a file, or from an example."""
    from equipoise.cli import show
    from equipoise.workspace.creating import new_business, new_demo, new_from_file, new_lendingclub

    if (source is None) == (example is None):
        raise BadInput("give --from FILE or --example NAME, one of the two", field="--from")
    notes: tuple[str, ...] = ()
    with watching(quiet=json) as steps:
        if source is not None:
            workspace, notes = new_from_file(
                folder, source, _needed(target, "--target"), event, steps, read=read or ()
            )
        elif example == "demo":
            workspace = new_demo(folder, applicants, seed, steps)
        elif example == "business":
            workspace = new_business(folder, applicants, seed, steps)
        elif example == "lendingclub":
            workspace = new_lendingclub(folder, Path(_needed(data, "--data")))
        else:
            raise BadInput(
                f"there is no example '{example}'",
                field="--example",
                mend=did_you_mean(str(example), EXAMPLES),
            )
    show.created(workspace.folder, notes, as_json=json)


@app.command()
def check(folder: Folder, json: Json = False) -> None:
    """Check contract, documents, expressions and data; every fault in one pass."""
    from equipoise.cli import show
    from equipoise.workspace.checking import check_workspace
    from equipoise.workspace.folder import Workspace

    with watching(quiet=json) as steps:
        checks = check_workspace(Workspace.open(folder), steps)
    show.checked(checks.summary(), as_json=json)


@app.command()
def fit(  # noqa: PLR0917 - typer reads the options from the parameters
    folder: Folder,
    threads: Threads = None,
    engine: Engine = "local",
    master: Master = None,
    conf: Conf = None,
    json: Json = False,
) -> None:
    """Fit and validate the risk and experience models."""
    from equipoise.cli import show_balance
    from equipoise.workspace.fitting import fit_workspace
    from equipoise.workspace.folder import Workspace

    settings = spark_settings(engine, master, conf)
    with watching(quiet=json) as steps, session_where(engine, master, settings) as session:
        fitted = fit_workspace(Workspace.open(folder), steps, threads, spark=session)
    show_balance.fitted(fitted, as_json=json)


@app.command()
def balance(  # noqa: PLR0917 - typer reads the options from the parameters
    folder: Folder,
    reject_inference: Annotated[
        bool,
        typer.Option(
            "--reject-inference",
            help="Also value it if those who were not booked are worse than they look.",
        ),
    ] = False,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="What if an input were another? Compared with the own balance; changes nothing.",
        ),
    ] = None,
    engine: Engine = "local",
    master: Master = None,
    conf: Conf = None,
    json: Json = False,
) -> None:
    """Find the frontier, today's place on it, and the recommended move."""
    from equipoise.cli import show_balance
    from equipoise.workspace.balancing import balance_workspace
    from equipoise.workspace.folder import Workspace

    spark = spark_settings(engine, master, conf)
    workspace = Workspace.open(folder)
    if settings:
        if engine == "spark":
            raise BadInput(
                "a what-if is found on this machine",
                field="--engine",
                mend="leave --engine out, or put the value into the document",
            )
        _what_if(workspace, settings, as_json=json)
        return
    with watching(quiet=json) as steps:
        with _searching(engine, master, spark) as over:
            result, rejects = balance_workspace(workspace, steps, over), None
        if reject_inference or workspace.risk().value.accepted_only.method != "none":
            from equipoise.workspace.rejects import reject_sensitivity

            rejects = reject_sensitivity(workspace, steps)
    show_balance.balanced(result, rejects, as_json=json)


@contextmanager
def _searching(
    engine: EngineName, master: str | None, settings: Mapping[str, str]
) -> Iterator[Over | None]:
    """What searches for a balance: Spark's workers, or None for this process."""
    if engine == "local":
        yield None
        return
    from equipoise.cluster import ClusterSearch, session_of_a_command

    with session_of_a_command(master, settings) as session:
        yield partial(ClusterSearch, session)


@app.command()
def report(
    folder: Folder,
    summary: Annotated[
        bool, typer.Option("--summary", help="The board's page instead: HTML, and a PDF of one A4.")
    ] = False,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Write the report: one HTML file that opens offline."""
    from equipoise.cli import show
    from equipoise.texts.saying import named
    from equipoise.workspace.folder import Workspace
    from equipoise.workspace.reporting import report_workspace, summarise_workspace

    language = named(lang)
    workspace = Workspace.open(folder)
    with watching(quiet=json) as steps:
        if summary:
            paths = dict(
                zip(
                    ("summary", "pdf"), summarise_workspace(workspace, steps, language), strict=True
                )
            )
        else:
            paths = {"report": report_workspace(workspace, steps, language)}
    show.reported(workspace.name, paths, as_json=json)


def _what_if(workspace: Workspace, settings: list[str], *, as_json: bool) -> None:
    from equipoise.cli import show_what_if
    from equipoise.workspace.what_if import what_if

    values = {name: number(text, "--set") for name, text in pairs(settings, "--set")}
    with watching(quiet=as_json) as steps:
        asked = what_if(workspace, values, steps)
    show_what_if.compared(asked, as_json=as_json)


def _needed(value: T | None, option: str) -> T:
    if value is None:
        raise BadInput(f"{option} is missing", field=option, mend=f"add {option}")
    return value


app.command()(simulate_command.simulate)
app.command()(learn_command.learn)
app.command()(standing_command.standing)
app.command()(policy_command.what_if)
app.command()(stress_command.stress)
strategy_commands.register(app)
review_commands.register(app)
experience_commands.register(app)
overrides_command.register()
portfolio_commands.register(app)
challenge_commands.register(app)
spark_commands.register(app)
service_commands.register(app)
user_commands.register(app)
app.command()(rehearse_command.rehearse)
app.command()(rehearse_command.demo)
app.command()(erase_command.erase)
keys_commands.register(app)
helper_commands.register(app)
watch_commands.register(app)
plan_commands.register(app)

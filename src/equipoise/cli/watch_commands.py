"""The commands that watch a book: check what is watched, and measure it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from equipoise.cli.arguments import Lang, commands, page_fits
from equipoise.cli.watching import watching
from equipoise.errors import BadInput, did_you_mean

watch = typer.Typer(
    help="See trouble early: watch.yaml over a lender's tables.", no_args_is_help=True
)
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder with watch.yaml.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")]


@watch.command()
def draft(folder: Folder, json: Json = False) -> None:
    """Draft watch.yaml from the folder's loan tape and applications."""
    from equipoise.cli import show_watch
    from equipoise.workspace.watches import draft_watch_in, watch_of

    with watching(quiet=json) as steps:
        path = draft_watch_in(folder, steps)
    show_watch.drafted(path, watch_of(folder), as_json=json)


@watch.command()
def check(folder: Folder, json: Json = False) -> None:
    """Check watch.yaml against its own rules and its tables; every fault in one pass."""
    from equipoise.cli import show_watch
    from equipoise.workspace.watches import sources_of, watch_of

    with watching(quiet=json) as steps:
        checked = watch_of(folder)
        sources = sources_of(checked, folder, steps)
    show_watch.checked(checked, sources, as_json=json)


@watch.command()
def measure(
    folder: Folder,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="PAGE", help="One HTML page that opens offline."),
    ] = None,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Measure every indicator over every period; exit 1 where the last one raises an alarm."""
    from equipoise.cli import show_watch
    from equipoise.texts.saying import named
    from equipoise.workspace.watches import measure_watch

    page_fits(html, folder)
    language = named(lang)
    with watching(quiet=json) as steps:
        measured_watch, measured = measure_watch(folder, steps)
        if html is not None:
            from equipoise.files import write_text
            from equipoise.report import render_watch

            with steps.step("Drawing the page"):
                write_text(html, render_watch(measured_watch, measured, commands(), language))
    show_watch.measured(measured_watch, measured, as_json=json)


@watch.command()
def backtest(folder: Folder, json: Json = False) -> None:
    """What each indicator would have been worth: lead time, precision, recall, alerts, money."""
    from equipoise.cli import show_watch
    from equipoise.workspace.watches import backtest_watch

    with watching(quiet=json) as steps:
        result = backtest_watch(folder, steps)
    show_watch.backtested(result, as_json=json)


@watch.command()
def borrowers(folder: Folder, json: Json = False) -> None:
    """Who is likely to be late soon, why, and what to do; and how well that would have done."""
    from equipoise.cli import show_watch
    from equipoise.workspace.watches import borrowers_of

    with watching(quiet=json) as steps:
        watched = borrowers_of(folder, steps)
    show_watch.borrowers(watched, as_json=json)


@watch.command()
def simulate(  # noqa: PLR0917 - typer reads the options from the parameters
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder to write to.")],
    shock: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A shock to plant, such as slow_desk; repeatable."),
    ] = None,
    onset: Annotated[int, typer.Option(metavar="MONTH", help="It begins then; 0 is first.")] = 30,
    months: Annotated[int, typer.Option(min=1, max=240, help="How many months.")] = 48,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same months.")] = 7,
    borrowers: Annotated[
        bool, typer.Option("--borrowers", help="Instead, borrowers of whom some lose their work.")
    ] = False,
    json: Json = False,
) -> None:
    """Write months of a synthetic lender, with fifty indicators that watch them and known truth."""
    from equipoise.cli import show_watch
    from equipoise.simulation import SHOCKS, Planted, write_borrowers, write_watched

    if borrowers and shock:
        raise BadInput("borrowers have no shocks", field="--shock", mend="leave one of them out")
    for name in shock or []:
        if name not in SHOCKS:
            raise BadInput(
                f"there is no shock '{name}'", field="--shock", mend=did_you_mean(name, SHOCKS)
            )
    chosen = frozenset(each for each in SHOCKS if each in (shock or []))
    with watching(quiet=json) as steps, steps.step("Living through the months"):
        written = (
            write_borrowers(folder, seed)
            if borrowers
            else write_watched(folder, seed, Planted(chosen, onset), months)
        )
    show_watch.simulated(folder, written, as_json=json)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(watch, name="watch")

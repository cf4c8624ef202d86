"""The commands that measure a book of loans: draft its tape, check it, report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from equipoise.cli.arguments import Lang, commands, pairs
from equipoise.cli.watching import watching

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The workspace's folder.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")]
Deliveries = Annotated[
    int,
    typer.Option(
        min=0, metavar="N", help="Read the first N deliveries only: the book as it was told then."
    ),
]
portfolio = typer.Typer(help="Measure a book of loans.", no_args_is_help=True)


@portfolio.command()
def draft(  # noqa: PLR0917 - typer reads the options from the parameters
    folder: Folder,
    tape: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="The loan tape: text, Parquet or a sheet, packed or not; or a folder of them.",
        ),
    ],
    part: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ROLE=COLUMN",
            help="Which column, by name or place, is the loan, month, balance, ..; repeatable.",
        ),
    ] = None,
    names: Annotated[
        str,
        typer.Option(
            metavar="FILE",
            help="What the columns are called, where the file has no header: a file with one name "
            "a line, or a published layout (freddie-mac-performance, fannie-mae-performance).",
        ),
    ] = "",
    as_of: Annotated[
        str, typer.Option(metavar="YYYY-MM", help="The newest month, where no cell tells it.")
    ] = "",
    currency: Annotated[str, typer.Option(metavar="CODE", help="Its currency, as CNY.")] = "",
    json: Json = False,
) -> None:
    """Draft tape.yaml from a loan tape; where there is one, add the file as a later delivery."""
    from equipoise.cli import show_portfolio
    from equipoise.workspace.tapes import draft_portfolio

    parts = dict(pairs(part, "--part"))
    with watching(quiet=json) as steps:
        made = draft_portfolio(
            folder, tape, steps, parts=parts, names=names, as_of=as_of, currency=currency
        )
    show_portfolio.drafted(made, folder, as_json=json)


@portfolio.command()
def check(folder: Folder, deliveries: Deliveries = 0, json: Json = False) -> None:
    """Read the tape and tell every fault of its data, with file, row and mend."""
    from equipoise.cli import show_portfolio
    from equipoise.workspace.tapes import read_portfolio

    with watching(quiet=json) as steps:
        reading = read_portfolio(folder, steps, deliveries=deliveries)
    show_portfolio.checked(reading, as_json=json)
    if any(fault.effect == "refused" for fault in reading.faults):
        raise typer.Exit(1)


@portfolio.command()
def report(
    folder: Folder, deliveries: Deliveries = 0, lang: Lang = "en", json: Json = False
) -> None:
    """Measure the book: a page, and its figures as JSON."""
    from equipoise.cli import show_portfolio
    from equipoise.texts.saying import named
    from equipoise.workspace.books import report_portfolio

    language = named(lang)
    with watching(quiet=json) as steps:
        made = report_portfolio(folder, commands(), steps, language=language, deliveries=deliveries)
    show_portfolio.reported(made, as_json=json)


@portfolio.command()
def rows(folder: Folder, deliveries: Deliveries = 0, json: Json = False) -> None:
    """Write the tables that the queries of the report's numbers are asked of, as Parquet."""
    from equipoise.cli import show_portfolio
    from equipoise.workspace.book_tables import write_book_tables

    with watching(quiet=json) as steps:
        written = write_book_tables(folder, steps, deliveries=deliveries)
    show_portfolio.tables_written(written, as_json=json)


@portfolio.command("try-rules")
def try_rules_(
    folder: Folder,
    rules: Annotated[
        list[str],
        typer.Option(metavar="PACK", help="A pack by name (CN), or a file of your own; repeat."),
    ],
    on: Annotated[
        str, typer.Option(metavar="DAY", help="The rules as they hold on that day, as 2027-01-01.")
    ] = "",
    json: Json = False,
) -> None:
    """The book by other rules beside its own: allowance, stages, grades, capital, limits."""
    from datetime import date

    from equipoise.cli import show_portfolio
    from equipoise.workspace.books import try_rules

    try:
        day = date.fromisoformat(on) if on else None
    except ValueError:
        raise typer.BadParameter(f"'{on}' is no day; write 2027-01-01") from None
    with watching(quiet=json) as steps:
        tried = try_rules(folder, rules, day, steps)
    show_portfolio.rules_tried(tried, as_json=json)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(portfolio, name="portfolio")

"""The commands that review a sealed strategy: compare, audit, simulate who decides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from equipoise.cli.arguments import Lang, commands, number, page_fits, pairs, whole_number
from equipoise.cli.strategy_commands import Json, SealedFile
from equipoise.cli.watching import watching
from equipoise.errors import BadInput

if TYPE_CHECKING:
    from equipoise.review.fairness import AuditSection

FileOfApplications = Annotated[
    str, typer.Argument(metavar="FILE", help="Applications: JSON lines, CSV or Parquet.")
]
By = Annotated[
    list[str] | None,
    typer.Option("--by", metavar="FIELD", help="A field to split by; may be given again."),
]
Html = Annotated[
    Path | None, typer.Option("--html", metavar="PAGE", help="One HTML page that opens offline.")
]
Seed = Annotated[int, typer.Option(min=0, help="The same seed draws the same.")]
authority = typer.Typer(help="Who decides what, and how long it takes.", no_args_is_help=True)


def compare(  # noqa: PLR0917 - typer reads the options from the parameters
    sealed_a: Annotated[Path, typer.Argument(metavar="SEALED_A", help="The one, as today's.")],
    sealed_b: Annotated[Path, typer.Argument(metavar="SEALED_B", help="The other.")],
    source: FileOfApplications,
    by: By = None,
    confidence: Annotated[float, typer.Option(min=0.5, max=0.999, help="Of intervals.")] = 0.95,
    html: Html = None,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Compare two strategies on the same applicants: swap sets, measures, segments."""
    from equipoise.cli import show_review
    from equipoise.review.comparing.comparison import NamedStrategy, StrategiesCompared
    from equipoise.review.reviews import compare_on
    from equipoise.strategy.engine import load_strategy
    from equipoise.texts.saying import named

    page_fits(html, sealed_a, sealed_b, source)
    language = named(lang)
    one, two = load_strategy(sealed_a), load_strategy(sealed_b)
    with watching(quiet=json) as steps:
        result = StrategiesCompared(
            a=NamedStrategy.of(one),
            b=NamedStrategy.of(two),
            file=source,
            currency=one.content.contract.currency,
            comparison=compare_on(
                one, two, source, by or (), confidence=confidence, progress=steps
            ),
        )
        if html is not None:
            from equipoise.files import write_text
            from equipoise.report import render_comparison

            with steps.step("Drawing the page"):
                write_text(html, render_comparison(result, commands(), language))
    show_review.compared(result, html, as_json=json)


def audit(  # noqa: PLR0917 - typer reads the options from the parameters
    sealed: SealedFile,
    source: FileOfApplications,
    by: By = None,
    bands: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=A,B,..", help="Edges that cut a number; else its quartiles."),
    ] = None,
    document: Annotated[
        Path | None,
        typer.Option("--audit", metavar="YAML", help="Measures and tolerances: audit.yaml."),
    ] = None,
    workspace: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="A balanced workspace, to price parity on."),
    ] = None,
    sample: Annotated[
        int,
        typer.Option(min=0, help="Of how many turned down ways back are looked for; 0: of none."),
    ] = 300,
    seed: Seed = 0,
    html: Html = None,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Audit fairness of decision, price, waiting, documents asked; and who has no way back."""
    from equipoise.cli import show_review
    from equipoise.review.comparing.comparison import NamedStrategy
    from equipoise.review.reviews import audit_on
    from equipoise.strategy.engine import load_strategy
    from equipoise.texts.saying import named

    page_fits(html, sealed, source, document)
    language = named(lang)
    loaded = load_strategy(sealed)
    section = _section(document, bands or [])
    with watching(quiet=json) as steps:
        review = audit_on(
            loaded, source, section, by=by or (), sample=sample, seed=seed, progress=steps
        )
        result = {
            "strategy": NamedStrategy.of(loaded).as_dict(),
            "file": source,
            **review.as_dict(),
            "parity": _parity(workspace, section, by or [], steps),
        }
        if html is not None:
            from equipoise.files import write_text
            from equipoise.report import render_fairness

            with steps.step("Drawing the page"):
                write_text(html, render_fairness(result, commands(), language))
    show_review.audited(result, html, as_json=json)
    if result["answer"] == "fail":
        raise typer.Exit(1)


@authority.command("simulate")
def simulate_(  # noqa: PLR0917 - typer reads the options from the parameters
    sealed: SealedFile,
    source: FileOfApplications,
    arrivals: Annotated[
        float | None,
        typer.Option(
            "--arrivals-per-day",
            metavar="N",
            min=0.1,
            help="Applications on an open day, drawn from FILE; else they come on their own days.",
        ),
    ] = None,
    limit: Annotated[
        list[str] | None,
        typer.Option("--limit", metavar="LEVEL=AMOUNT", help="A level's highest limit instead."),
    ] = None,
    staff: Annotated[
        list[str] | None,
        typer.Option("--staff", metavar="LEVEL=N", help="How many people a level has instead."),
    ] = None,
    replications: Annotated[int, typer.Option(min=2, max=1000, help="Runs.")] = 20,
    seed: Seed = 0,
    json: Json = False,
) -> None:
    """Show queue length and time to yes, today and when limits or staffing move."""
    from equipoise.cli import show_review
    from equipoise.review.casework.caseload import authority_of, caseload, moved
    from equipoise.review.casework.simulate import simulate_authority
    from equipoise.review.casework.whatif import what_if
    from equipoise.review.comparing.comparison import NamedStrategy
    from equipoise.strategy.engine import load_strategy

    loaded = load_strategy(sealed)
    section = authority_of(loaded)
    limits = {name: number(text, "--limit") for name, text in pairs(limit, "--limit")}
    people = {
        name: whole_number(text, "--staff", "people") for name, text in pairs(staff, "--staff")
    }
    change = moved(section, limits, people) if limits or people else None
    with watching(quiet=json) as steps:
        with steps.step("Deciding"):
            flow = caseload(loaded, source, arrivals)
        if change is None:
            report = simulate_authority(
                section, flow, seed=seed, replications=replications, progress=steps
            )
            rows = report.table()
        else:
            rows = what_if(
                section, [change], flow, seed=seed, replications=replications, progress=steps
            ).drop("change")
    result = {
        "strategy": NamedStrategy.of(loaded).as_dict(),
        "file": source,
        "arrivals_per_day": arrivals,
        "seed": seed,
        "replications": replications,
        "change": change.name if change else None,
        "rows": rows.to_dicts(),
    }
    show_review.simulated(result, as_json=json)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(authority, name="authority")
    for command in (compare, audit):
        app.command()(command)


def _section(path: Path | None, bands: list[str]) -> AuditSection:
    from equipoise.documents import read_document
    from equipoise.review.fairness import AuditDocument, AuditSection

    section = read_document(path, AuditDocument).value.audit if path else AuditSection()
    edges = dict(section.bands)
    for name, text in pairs(bands, "--bands"):
        cuts = tuple(number(each, "--bands") for each in text.split(","))
        if list(cuts) != sorted(set(cuts)):
            raise BadInput(f"the edges of '{name}' must rise", field="--bands", mend="as 25,40,60")
        edges[name] = cuts
    return section.model_copy(update={"bands": edges})


def _parity(
    folder: Path | None, section: AuditSection, by: list[str], steps: Any
) -> dict[str, Any] | None:
    if folder is None:
        return None
    from equipoise.workspace.folder import Workspace
    from equipoise.workspace.parity import parity_prices

    return parity_prices(Workspace.open(folder), section, by=by, progress=steps)

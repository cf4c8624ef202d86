"""`rehearse`: the whole service, applied to by simulated people; `demo`: one to be looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from equipoise.cli.printing import document, line
from equipoise.cli.watching import watching

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The lender's folder.")]
_DEMO_AT_ONCE, _DEMO_WORKERS = 6, 2
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")]


def rehearse(  # noqa: PLR0917 - typer reads the options from the parameters
    folder: Folder,
    applicants: Annotated[int, typer.Option(min=1, help="How many people apply.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same people.")] = 7,
    at_once: Annotated[int, typer.Option(min=1, max=64, help="How many at a time.")] = 4,
    keep: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep the service in this new folder.")
    ] = None,
    browser: Annotated[
        int, typer.Option(min=0, help="How many of them sit before a real Chromium (Playwright).")
    ] = 0,
    kills: Annotated[
        int,
        typer.Option(min=0, help="Kill the server so often: at each page, while and after it."),
    ] = 0,
    speed: Annotated[
        int,
        typer.Option(
            min=1,
            max=20_000,
            help="How many times as fast its clock runs; from 2 on days pass, and people return.",
        ),
    ] = 1,
    jurisdiction: Annotated[
        str,
        typer.Option(metavar="LAW", help="Whose law it heeds: US, EU, CN, UK, or a pack's file."),
    ] = "",
    underwriters: Annotated[
        str,
        typer.Option(
            metavar="N",
            help="How many decide cases: 3, `planned`, or `planned-2` for two fewer; none unless "
            "said.",
        ),
    ] = "",
    over: Annotated[
        float,
        typer.Option(
            min=0.5,
            max=400,
            help="With underwriters and --speed: over how many open hours people come.",
        ),
    ] = 8.0,
    picture: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw what waited at the desk, hour by hour, as SVG."),
    ] = None,
    months: Annotated[
        int,
        typer.Option(
            min=0,
            max=24,
            help="A year in a day: so many months are delivered, watched and answered; 12.",
        ),
    ] = 0,
    month_days: Annotated[
        float,
        typer.Option(min=0.5, max=31, help="With --months: days of its clock between two of them."),
    ] = 365 / 12,
    json: Json = False,
) -> None:
    """Rehearse the service: simulated people fill the real pages of a server made for it; at the
    end the record is held against what they know. Exit 1 where the two are not one.

    With --months people apply over the API while a simulated lender's months come in, with a
    shock: the watch measures, officers answer its alerts, staff does the steps of a plan. At the
    end every alert has ended, each plan's clock is true, and exposures are the simulation's.

    The lender's own service is not touched: what is rehearsed are the sealed strategies, the
    newest of each name, in a folder of its own, on this machine alone.
    """
    from equipoise.service.commands.rehearsal import rehearse_lender
    from equipoise.service.commands.rehearsal_wish import Wish

    if months:
        _year(folder, (months, applicants, seed, month_days, keep), as_json=json)
        return
    with watching(quiet=json) as steps:
        wish = Wish(
            applicants, seed, at_once, keep, kills, in_browsers=browser, speed=speed,
            law=jurisdiction, underwriters=underwriters, over=over,
        )  # fmt: skip
        report = rehearse_lender(folder, wish, steps)
    if picture is not None and report.casework is not None:
        picture.write_text(report.casework.picture(), encoding="utf-8")
    if json:
        document(report.as_dict())
    else:
        for each in report.lines():
            line(each)
    if not report.passed:
        raise typer.Exit(1)


def _year(folder: Path, wanted: tuple[int, int, int, float, Path | None], *, as_json: bool) -> None:
    from equipoise.service.commands.year import YearWish, rehearse_year

    with watching(quiet=as_json) as steps:
        account = rehearse_year(folder, YearWish(*wanted), steps)
    if as_json:
        document(account.as_dict())
    else:
        for each in account.lines():
            line(each)
    if not account.passed:
        raise typer.Exit(1)


def demo(
    folder: Folder,
    applicants: Annotated[int, typer.Option(min=1, help="How many people apply.")] = 300,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same people.")] = 7,
    json: Json = False,
) -> None:
    """Make a demonstration in a lender's folder: a service with people of every role and simulated
    applicants in every state. Log-ins are printed; it answers on this machine alone, for good."""
    from equipoise.service.commands.demo import make_demo
    from equipoise.service.commands.rehearsal_wish import Wish

    wish = Wish(applicants, seed, at_once=_DEMO_AT_ONCE, workers=_DEMO_WORKERS)
    with watching(quiet=json) as steps:
        made = make_demo(folder, wish, steps)
    if json:
        document(made.as_dict())
    else:
        states = ", ".join(f"{n} {state}" for state, n in made.report.states.items())
        line(f"{applicants} applications in {made.report.seconds:.0f} s: {states}")
        line(
            "Log in with the password, and a code of an app given the secret, or one of the three:"
        )
        for each in made.people:
            line(f"  {each.name:<6} {each.role:<14} {each.password:<25} {each.factor}  "
                 f"{' '.join(each.codes)}")  # fmt: skip
        line(f"They stand in {folder / 'service' / 'demo-people.json'} too.")
        line(
            "Apply at http://127.0.0.1:8000/apply/, work at http://127.0.0.1:8000/, once it serves:"
        )
        line(f"  equipoise serve {folder}")
        if not made.report.passed:
            line("Not all is as it has to be:")
            for amiss in made.report.lines():
                line(amiss)
    if not made.report.passed:
        raise typer.Exit(1)

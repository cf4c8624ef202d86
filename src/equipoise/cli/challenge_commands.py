"""The commands of a challenger's trial: plan it, see who goes where, watch it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from equipoise.cli.arguments import (
    Lang,
    commands,
    day_of,
    number,
    page_fits,
    pairs,
    whole_number,
)
from equipoise.cli.watching import watching
from equipoise.errors import BadInput
from equipoise.outputs import output_fits

if TYPE_CHECKING:
    import polars as pl

    from equipoise.review.trials.planning import Question
    from equipoise.review.trials.trial import Measured

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")]
Confidence = Annotated[float, typer.Option(min=0.5, max=0.999, help="Of all intervals together.")]
Window = Annotated[
    list[str] | None,
    typer.Option("--window", metavar="NAME=DAYS", help="Days until it is known; else at once."),
]
Share = Annotated[
    list[str] | None,
    typer.Option("--share", metavar="NAME=SHARE", help="A challenger's share of applicants."),
]
challenge = typer.Typer(help="Try a challenger against the champion.", no_args_is_help=True)


@challenge.command()
def plan(  # noqa: PLR0917 - typer reads the options from the parameters
    per_day: Annotated[float, typer.Option("--per-day", metavar="N", help="Applications a day.")],
    share: Annotated[float, typer.Option(help="The challenger's share of applicants.")],
    differs: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=RATE:DIFF", help="A difference from the champion's rate."),
    ] = None,
    no_worse: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=RATE:MARGIN", help="Rule out that it is worse by the margin."),
    ] = None,
    window: Window = None,
    observed: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=SHARE", help="Of applicants for whom it is seen; else all."),
    ] = None,
    champion: Annotated[
        float | None, typer.Option(help="The champion's share; else all that is left.")
    ] = None,
    confidence: Confidence = 0.95,
    power: Annotated[float, typer.Option(min=0.5, max=0.999, help="Of each question.")] = 0.8,
    json: Json = False,
) -> None:
    """How many outcomes a trial needs, and how many days until they are known."""
    from equipoise.cli import show_challenge
    from equipoise.review.trials.planning import Traffic, plan_trial

    questions = _questions(differs, no_worse, window, observed)
    traffic = Traffic(per_day, share, 1 - share if champion is None else champion)
    plan = plan_trial(questions, traffic, confidence=confidence, power=power)
    show_challenge.planned(plan, as_json=json)


@challenge.command()
def assign(  # noqa: PLR0917 - typer reads the options from the parameters
    source: Annotated[
        str, typer.Argument(metavar="FILE", help="JSON lines, CSV or Parquet, or - for stdin.")
    ],
    experiment: Annotated[str, typer.Option(help="The experiment's name; another splits anew.")],
    share: Share = None,
    then: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=SHARE", help="A share as it grows, to see who moves."),
    ] = None,
    key: Annotated[str, typer.Option("--id", metavar="COLUMN", help="The applicant's id.")] = "id",
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Who goes where: .csv, .jsonl, .parquet.")
    ] = None,
    json: Json = False,
) -> None:
    """Who is served by the champion and who by a challenger, now and with larger shares."""
    from equipoise.cli import show_challenge
    from equipoise.strategy.exploring.assigning import assign_all
    from equipoise.strategy.exploring.split import Split
    from equipoise.strategy.files.tables import ENDINGS, whole, written

    if output is not None:
        output_fits(output, "--output", endings=ENDINGS, beside=[source])
    first = Split.of(experiment, _shares(share, "--share"))
    grown = {**{arm.name: arm.share for arm in first.arms}, **_shares(then, "--then")}
    with watching(quiet=json) as steps, steps.step("Splitting"):
        table = whole(source)
        arms = assign_all(first, _column(table, key, source))
        after = None
        if then:
            after = assign_all(Split.of(experiment, grown), table[key])
            arms = arms.with_columns(then=after["arm"], then_propensity=after["propensity"])
        if output is not None:
            written(arms, output)
    show_challenge.assigned(first, arms, output, as_json=json)


@challenge.command()
def monitor(  # noqa: PLR0917 - typer reads the options from the parameters
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A row per applicant: arm, day, a column per measure, and propensity or --share.",
        ),
    ],
    planned: Annotated[
        int, typer.Option(min=10, metavar="N", help="The plan's outcomes of a challenger.")
    ],
    no_more: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=X", help="A guardrail: at most X above the champion's."),
    ] = None,
    no_less: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=X", help="A guardrail: at most X below the champion's."),
    ] = None,
    up: Annotated[
        list[str] | None, typer.Option("--raise", metavar="NAME", help="A goal: it must rise.")
    ] = None,
    down: Annotated[
        list[str] | None, typer.Option("--lower", metavar="NAME", help="A goal: it must fall.")
    ] = None,
    window: Window = None,
    share: Share = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day of the look; else the file's last.")
    ] = None,
    confidence: Confidence = 0.95,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="PAGE", help="One HTML page, offline.")
    ] = None,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Stop for harm, ship, or go on; as often as you like. Exit 1 where a guardrail is broken."""
    from equipoise.cli import show_challenge
    from equipoise.review.trials.monitoring import watch
    from equipoise.review.trials.trial import read_trial
    from equipoise.strategy.exploring.split import Split
    from equipoise.strategy.files.tables import whole
    from equipoise.texts.saying import named

    page_fits(html, source)
    language = named(lang)
    measures = _measures(no_more, no_less, up, down, window)
    shares = Split.of("trial", _shares(share, "--share")).shares() if share else None
    day = None if until is None else day_of(until, "--until")
    with watching(quiet=json) as steps:
        with steps.step("Reading the trial"):
            trial = read_trial(whole(source), measures, shares=shares, until=day, file=source)
        with steps.step("Drawing the intervals"):
            monitoring = watch(
                trial, measures, planned=planned, shares=shares, confidence=confidence
            )
        result = monitoring.result(str(source))
        if html is not None:
            from equipoise.files import write_text
            from equipoise.report import render_trial

            with steps.step("Drawing the page"):
                write_text(html, render_trial(result, commands(), language))
    show_challenge.monitored(result, html, as_json=json)
    if monitoring.stopped:
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(challenge, name="challenge")


def _questions(
    differs: list[str] | None,
    no_worse: list[str] | None,
    window: list[str] | None,
    observed: list[str] | None,
) -> tuple[Question, ...]:
    from equipoise.review.trials.planning import Question

    days = {n: number(t, "--window") for n, t in pairs(window, "--window")}
    seen = {n: number(t, "--observed") for n, t in pairs(observed, "--observed")}
    questions = []
    for option, goal, given in (
        ("--differs", "differs", differs),
        ("--no-worse", "no_worse", no_worse),
    ):
        for name, text in pairs(given, option):
            rate, colon, difference = text.partition(":")
            if not colon:
                raise BadInput(
                    f"'{text}' is not RATE:DIFFERENCE",
                    field=option,
                    mend=f"as {option} bad=0.05:0.01",
                )
            questions.append(
                Question(
                    name,
                    number(rate, option),
                    number(difference, option),
                    goal,  # type: ignore[arg-type]
                    seen.get(name, 1.0),
                    days.get(name, 0.0),
                )
            )
    _known(days, [each.name for each in questions], "--window")
    _known(seen, [each.name for each in questions], "--observed")
    return tuple(questions)


def _measures(
    no_more: list[str] | None,
    no_less: list[str] | None,
    up: list[str] | None,
    down: list[str] | None,
    window: list[str] | None,
) -> tuple[Measured, ...]:
    from equipoise.review.trials.trial import Measured

    days = {n: whole_number(t, "--window", "days") for n, t in pairs(window, "--window")}
    measures = []
    for option, higher, guards in (("--no-more", False, no_more), ("--no-less", True, no_less)):
        for name, text in pairs(guards, option):
            tolerated = number(text, option)
            if tolerated < 0:
                raise BadInput(
                    f"'{text}' is less than nothing", field=option, mend="give 0 or more"
                )
            measures.append(Measured(name, higher, tolerated, days.get(name, 0)))
    for higher, goals in ((True, up), (False, down)):
        measures += [Measured(name, higher, None, days.get(name, 0)) for name in goals or []]
    names = [each.name for each in measures]
    for name in names:
        if names.count(name) > 1:
            raise BadInput(f"'{name}' is named twice", field=name, mend="a measure has one limit")
    _known(days, names, "--window")
    return tuple(measures)


def _known(given: dict[str, float] | dict[str, int], names: list[str], option: str) -> None:
    for name in given:
        if name not in names:
            raise BadInput(
                f"{option} names '{name}', which is no measure here",
                field=option,
                mend=f"measures: {', '.join(names) or 'none'}",
            )


def _shares(given: list[str] | None, option: str) -> dict[str, float]:
    return {name: number(text, option) for name, text in pairs(given, option)}


def _column(table: pl.DataFrame, key: str, source: str) -> pl.Series:
    from equipoise.errors import Span, did_you_mean

    if key not in table.columns:
        raise BadInput(
            f"there is no column '{key}'",
            where=Span(source),
            field="--id",
            mend=did_you_mean(key, table.columns) or f"columns: {', '.join(table.columns)}",
        )
    return table[key]

"""The command that holds decisions of people against the strategy's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from equipoise.cli.arguments import day_of
from equipoise.cli.review_commands import Seed, authority
from equipoise.cli.strategy_commands import Json
from equipoise.cli.watching import watching
from equipoise.errors import BadInput


def overrides_(  # noqa: PLR0917 - typer reads the options from the parameters
    decisions: Annotated[
        Path, typer.Argument(metavar="FILE", help="Decisions: JSON lines, CSV or Parquet.")
    ],
    outcomes: Annotated[
        Path, typer.Option(metavar="FILE", help="What came of the loans, as far as is known.")
    ],
    until: Annotated[str, typer.Option(metavar="DATE", help="The day the outcomes were read.")],
    accepted: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Outcomes by grade of loans that nobody overrode."),
    ] = None,
    horizon: Annotated[
        int, typer.Option(metavar="MONTHS", min=1, max=120, help="The window of the PD.")
    ] = 12,
    loss: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="Of the amount, lost of a loan that goes bad."),
    ] = None,
    margin: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="Of the amount, earned on one that stays good; else by `expected_profit`.",
        ),
    ] = None,
    worse: Annotated[
        float,
        typer.Option(
            metavar="TIMES",
            min=1.0,
            max=100.0,
            help="How many times as often bad those turned away may be as their likes.",
        ),
    ] = 2.0,
    confidence: Annotated[float, typer.Option(min=0.5, max=0.999, help="Of intervals.")] = 0.95,
    false_share: Annotated[
        float, typer.Option(min=0.001, max=0.5, help="Of findings, at most so many are false.")
    ] = 0.05,
    people: Annotated[
        bool, typer.Option("--people", help="Show people too, for whoever may see their figures.")
    ] = False,
    seed: Seed = 0,
    json: Json = False,
) -> None:
    """How overrides turned out, by reason, person and level; and what can be said of each."""
    from equipoise.cli import show_overrides
    from equipoise.review.overrides import Worth, measure_overrides
    from equipoise.strategy.files.tables import whole

    if loss is None and margin is not None:
        raise BadInput("--margin is given without --loss", field="--loss", mend="as --loss 0.45")
    worth = None if loss is None else Worth(loss, margin)
    day = day_of(until, "--until")
    with watching(quiet=json) as steps, steps.step("Holding decisions against outcomes"):
        review = measure_overrides(
            whole(decisions),
            whole(outcomes),
            until=day,
            accepted=None if accepted is None else whole(accepted),
            worth=worth,
            horizon=horizon,
            confidence=confidence,
            false_share=false_share,
            worse=worse,
            seed=seed,
            files=(str(decisions), str(outcomes), str(accepted or "")),
        )
    show_overrides.measured(review if people else review.seen_by(()), as_json=json)


def register() -> None:
    """Add the command to those of who decides what."""
    authority.command("overrides")(overrides_)

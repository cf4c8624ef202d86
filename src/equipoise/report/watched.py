"""The page of a watch: what rings now, its history, every indicator, the register of risks."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.report.blocks import Commands, Section, Text
from equipoise.report.frame import assemble
from equipoise.report.sections.indicators import histories, levels, register, rings
from equipoise.texts.numbers import count
from equipoise.texts.saying import ENGLISH, say, speaking
from equipoise.watch import Measured, Watch


def render_watch(
    watch: Watch, measured: Measured, commands: Sequence[str], language: str = ENGLISH
) -> str:
    """A measured watch as one HTML document that opens offline, its sentences in `language`."""
    with speaking(language):
        return _page(watch, measured, list(commands))


def _page(watch: Watch, measured: Measured, commands: list[str]) -> str:
    budget = watch.document.budget
    again = Section(
        "again",
        say("How to read this page, and how to make it again"),
        say("Again"),
        [
            Text(
                say(
                    "A reading is red where it lies beyond its bound and a reading as bad would be "
                    "less likely than its part of the budget, if nothing changed: {reds} false red "
                    "a year, over all indicators together. Periods differ by more than sampling "
                    "does; how much they did in the history, and how long that lasted, is part of "
                    "the chance.",
                    reds=f"{budget.false_reds:g}",
                )
            ),
            Commands(commands),
        ],
    )
    about = say(
        "Equipoise · watch · {n} indicators, {period}",
        n=count(len(watch.indicators)),
        period=measured.periods[-1].isoformat(),
    )
    parts = [
        rings(watch, measured),
        histories(watch, measured),
        *levels(watch, measured),
        register(watch, measured),
        again,
    ]
    return assemble(watch.document.name, about, parts)

"""The page that compares two strategies on the same applicants."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.report.blocks import Commands, Section, Text
from equipoise.report.frame import assemble
from equipoise.report.retelling import retelling
from equipoise.report.sections.compared import answer, outcomes, shifts
from equipoise.report.sections.swapped import segments, swaps
from equipoise.review.comparing.comparison import NamedStrategy, StrategiesCompared
from equipoise.texts.numbers import count
from equipoise.texts.saying import ENGLISH, say, speaking


def render_comparison(
    compared: StrategiesCompared, commands: Sequence[str], language: str = ENGLISH
) -> str:
    """A comparison as one HTML document that opens offline; `commands` make it again.

    `language` is that of its sentences.
    """
    with speaking(language):
        return _page(retelling(compared), list(commands))


def _page(compared: StrategiesCompared, commands: list[str]) -> str:
    a, b = called(compared.a), called(compared.b)
    again = Section(
        "again",
        say("How to make this page again"),
        say("Again"),
        [
            Text(say("A is {a}, digest {digest}.", a=a, digest=compared.a.digest)),
            Text(say("B is {b}, digest {digest}.", b=b, digest=compared.b.digest)),
            Commands(commands),
        ],
    )
    about = say(
        "Equipoise · comparison of strategies · {applicants} applicants",
        applicants=count(compared.comparison.applicants),
    )
    comparison = compared.comparison
    parts = [
        answer(compared),
        swaps(comparison),
        shifts(compared),
        segments(comparison),
        outcomes(comparison),
    ]
    return assemble(say("{a} and {b} on the same applicants", a=a, b=b), about, [*parts, again])


def called(strategy: NamedStrategy) -> str:
    """A strategy's name, version and way of choosing."""
    return f"{strategy.name} v{strategy.version} ({strategy.choose})"

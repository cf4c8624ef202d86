"""The page of a fairness audit: three answers, gaps with intervals, ways back, price of parity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.report.blocks import Commands, Section, Text
from equipoise.report.comparison import called
from equipoise.report.frame import assemble
from equipoise.report.retelling import retelling
from equipoise.report.sections.fairness import answer, gaps
from equipoise.report.sections.fairness_limits import limits
from equipoise.report.sections.parity import parity
from equipoise.report.sections.recourse import ways_back
from equipoise.report.story import Record, without_nan
from equipoise.review.comparing.comparison import NamedStrategy
from equipoise.texts.numbers import count
from equipoise.texts.saying import ENGLISH, say, speaking


def render_fairness(result: Mapping[str, Any], commands: list[str], language: str = ENGLISH) -> str:
    """`audit --json` as one HTML document that opens offline; `commands` make it again.

    `language` is that of its sentences.
    """
    with speaking(language):
        return _page(retelling(without_nan(dict(result))), commands)


def _page(audit: Record, commands: list[str]) -> str:
    strategy = called(NamedStrategy(**audit["strategy"]))
    again = Section(
        "again",
        say("How to make this page again"),
        say("Again"),
        [
            Text(
                say(
                    "{strategy}, digest {digest}.",
                    strategy=strategy,
                    digest=audit["strategy"]["digest"],
                )
            ),
            Commands(commands),
        ],
    )
    about = say(
        "Equipoise · fairness audit · {applicants} applicants",
        applicants=count(audit["applicants"]),
    )
    parts = [build(audit) for build in (answer, gaps, ways_back, parity, limits)]
    return assemble(
        say("{strategy}: are groups treated alike?", strategy=strategy), about, [*parts, again]
    )

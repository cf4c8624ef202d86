"""The page of a fairness audit: three answers, gaps with intervals, ways back, price of parity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.report.blocks import Commands, Section, Text
from equipoise.report.comparison import called
from equipoise.report.frame import assemble
from equipoise.report.sections.fairness import answer, gaps, limits
from equipoise.report.sections.parity import parity
from equipoise.report.sections.recourse import ways_back
from equipoise.report.story import without_nan
from equipoise.texts.numbers import count


def render_fairness(found: Mapping[str, Any], commands: list[str]) -> str:
    """`audit --json` as one HTML document that opens offline; `commands` make it again."""
    told = without_nan(dict(found))
    strategy = called(told["strategy"])
    again = Section(
        "again",
        "How to make this page again",
        "Again",
        [Text(f"{strategy}, digest {told['strategy']['digest']}."), Commands(commands)],
    )
    about = f"Equipoise · fairness audit · {count(told['applicants'])} applicants"
    parts = [build(told) for build in (answer, gaps, ways_back, parity, limits)]
    return assemble(f"{strategy}: are groups treated alike?", about, [*parts, again])

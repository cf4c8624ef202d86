"""The page that compares two strategies on the same applicants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.report.blocks import Commands, Section, Text
from equipoise.report.frame import assemble
from equipoise.report.sections.compared import answer, outcomes, shifts
from equipoise.report.sections.swapped import segments, swaps
from equipoise.report.story import without_nan
from equipoise.texts.numbers import count


def render_comparison(found: Mapping[str, Any], commands: list[str]) -> str:
    """`compare --json` as one HTML document that opens offline; `commands` make it again."""
    told = without_nan(dict(found))
    a, b = (called(told[side]) for side in ("a", "b"))
    again = Section(
        "again",
        "How to make this page again",
        "Again",
        [
            Text(f"A is {a}, digest {told['a']['digest']}."),
            Text(f"B is {b}, digest {told['b']['digest']}."),
            Commands(commands),
        ],
    )
    about = f"Equipoise · comparison of strategies · {count(told['applicants'])} applicants"
    parts = [build(told) for build in (answer, swaps, shifts, segments, outcomes)]
    return assemble(f"{a} and {b} on the same applicants", about, [*parts, again])


def called(strategy: Mapping[str, Any]) -> str:
    """A strategy's name, version and way of choosing."""
    return f"{strategy['name']} v{strategy['version']} ({strategy['choose']})"

"""The page of a challenger's trial: the answer, and each measure's interval day by day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.report.blocks import Commands, Section, Text
from equipoise.report.frame import assemble
from equipoise.report.sections.watched import answer, measures
from equipoise.report.story import without_nan
from equipoise.texts.numbers import count


def render_trial(found: Mapping[str, Any], commands: list[str]) -> str:
    """`challenge monitor --json` as one HTML document that opens offline."""
    told = without_nan(dict(found))
    again = Section(
        "again",
        "How to make this page again",
        "Again",
        [
            Text(
                "Every interval holds at every day together with all others, at the confidence "
                "given: asymptotic confidence sequences (Waudby-Smith and others, 2024). Looking "
                "often costs nothing."
            ),
            Commands(commands),
        ],
    )
    names = " and ".join(each["challenger"] for each in told["challengers"])
    people = count(sum(told["applicants"].values()))
    about = f"Equipoise · trial · {people} applicants until {told['until']}"
    parts = [answer(told), *(measures(told, at) for at in range(len(told["challengers"])))]
    return assemble(f"{names} against the champion", about, [*parts, again])

"""The page of a stress test: what each scenario costs, who is still served, and what breaks."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.report.blocks import Commands, Section
from equipoise.report.frame import assemble
from equipoise.report.sections import stress_book, stress_people
from equipoise.review.stress.result_document import StressResult
from equipoise.texts.numbers import money, percent
from equipoise.texts.saying import ENGLISH, say, speaking


def render_stress(result: StressResult, commands: Sequence[str], language: str = ENGLISH) -> str:
    """A stress test as one HTML document that opens offline, in the language."""
    with speaking(language):
        hardest = max(result.scenarios, key=lambda each: each.loss)
        title = say(
            "{scenario}: {loss} lost, {share} of what is owed",
            scenario=hardest.name,
            loss=money(hardest.loss, result.currency),
            share=percent(hardest.loss_rate),
        )
        about = say(
            "Equipoise · stress · {lender} · book of {month}",
            lender=result.lender,
            month=result.as_of,
        )
        return assemble(title, about, [*sections(result), _again(commands)])


def sections(result: StressResult) -> list[Section]:
    """All that is told, in the language spoken now; what is empty is left out."""
    return [
        stress_book.answer(result),
        stress_book.quarters(result),
        *stress_people.served(result),
        *stress_book.breaking(result),
        stress_book.link(result),
    ]


def _again(commands: Sequence[str]) -> Section:
    title = say("How to make this page again")
    return Section("again", title, say("Again"), [Commands(list(commands))])

"""The page of a challenger's trial: the answer, and each measure's interval day by day."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.report.blocks import Commands, Section, Text
from equipoise.report.frame import assemble
from equipoise.report.retelling import retelling
from equipoise.report.sections.watched import answer, measures
from equipoise.review.trials.trial_result import TrialResult
from equipoise.texts.numbers import count
from equipoise.texts.saying import ENGLISH, joined, say, speaking


def render_trial(trial: TrialResult, commands: Sequence[str], language: str = ENGLISH) -> str:
    """A look at a trial as one HTML document that opens offline.

    `language` is that of its sentences.
    """
    with speaking(language):
        return _page(retelling(trial), list(commands))


def _page(trial: TrialResult, commands: list[str]) -> str:
    again = Section(
        "again",
        say("How to make this page again"),
        say("Again"),
        [
            Text(
                say(
                    "Every interval holds at every day together with all others, at the "
                    "confidence given: asymptotic confidence sequences (Waudby-Smith and "
                    "others, 2024). Looking often costs nothing."
                )
            ),
            Commands(commands),
        ],
    )
    names = joined((each.challenger for each in trial.challengers), " and ")
    people = count(sum(trial.applicants.values()))
    about = say(
        "Equipoise · trial · {people} applicants until {until}", people=people, until=trial.until
    )
    parts = [answer(trial), *(measures(trial, at) for at in range(len(trial.challengers)))]
    return assemble(say("{names} against the champion", names=names), about, [*parts, again])

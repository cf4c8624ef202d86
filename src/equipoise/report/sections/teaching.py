"""Section 7: which assumptions to measure first, and by which experiment, where that was asked."""

from __future__ import annotations

from equipoise.report.blocks import Block, Callout, Column, Section, Table, Text
from equipoise.report.story import Story
from equipoise.review.learning.result_document import Assumption, LearningResult
from equipoise.review.learning.wording import (
    change_words,
    experiment_words,
    share_words,
    worth_words,
)
from equipoise.texts.numbers import ABSENT, count, plain
from equipoise.texts.saying import marked, retold, say

TITLE = marked("What would teach us most")
SHOWN = 12


def teaching(story: Story) -> Section:
    """The ranking of `equipoise learn`; left out where none stands beside this balance."""
    ranked = story.learning
    if ranked is None or not ranked.assumptions:
        why = say("assumptions were not ranked on this balance, or no input has a range")
        return Section("teaching", say(TITLE), say("Learning"), absent=why)
    shown = ranked.assumptions[:SHOWN]
    blocks: list[Block] = [
        Text(
            say(
                "The assumptions that the recommended move rests on, by how much narrower its "
                "promise gets once they are measured, each with the cheapest experiment that "
                "settles it."
            )
        ),
        Text(
            say(
                "After the first three the promise is {left} as wide, and choosing by them adds "
                "{three} of “{goal}” per 100 applicants. Knowing everything would add "
                "{everything}.",
                left=share_words(ranked.first_left),
                three=worth_words(ranked.first_three),
                goal=retold(ranked.goal_label),
                everything=worth_words(ranked.everything),
            )
        ),
        *_another(ranked),
        _worth(shown),
        _experiments(story, shown),
    ]
    return Section("teaching", say(TITLE), say("Learning"), blocks)


def _another(ranked: LearningResult) -> list[Block]:
    if ranked.best_is_recommended:
        return []
    text = say(
        "Over the ranges another policy does better on average than the recommended one, which is "
        "the best at the stated inputs."
    )
    return [Callout("warn", text)]


def _worth(shown: tuple[Assumption, ...]) -> Table:
    labels = (say("Promise narrower by"), "EVPI", "EVSI")
    return Table(
        "teaching-table",
        say("What knowing each is worth, per 100 applicants"),
        (
            Column(say("Assumption"), wide=True),
            Column(say("Stated value and range")),
            *(Column(label, numeric=True) for label in labels),
            Column(say("It would change"), wide=True),
        ),
        [
            [
                f"{place}  {retold(each.label)}",
                say("{value} ({low} to {high})", value=plain(each.value), low=plain(each.low),
                    high=plain(each.high)),
                share_words(each.narrows.value),
                worth_words(each.evpi),
                worth_words(each.evsi),
                change_words(each),
            ]
            for place, each in enumerate(shown, 1)
        ],
    )  # fmt: skip


def _experiments(story: Story, shown: tuple[Assumption, ...]) -> Table:
    return Table(
        "experiments-table",
        say("The cheapest experiment that settles each"),
        (
            Column(say("Assumption"), wide=True),
            Column(say("Experiment"), wide=True),
            Column(say("People"), numeric=True),
            Column(say("Weeks"), numeric=True),
            Column(story.head(say("Profit given up")), numeric=True),
            Column(story.head(say("Expected loss added")), numeric=True),
        ),
        [[f"{place}  {retold(each.label)}", *_experiment(each)]
         for place, each in enumerate(shown, 1)],
        folded=True,
    )  # fmt: skip


def _experiment(each: Assumption) -> list[str]:
    planned = each.experiment
    if planned is None:
        return [experiment_words(None), *[ABSENT] * 4]
    words = experiment_words(planned)
    if not planned.settles:
        words = f"{words} ({say('a year does not settle it')})"
    return [
        words,
        count(planned.people) if planned.people else ABSENT,
        count(planned.weeks),
        count(planned.cost),
        count(planned.risk),
    ]

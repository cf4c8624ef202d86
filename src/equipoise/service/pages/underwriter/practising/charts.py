"""Charts of a person's practice: calibration, kinds of cases, and answers over time."""

from __future__ import annotations

from equipoise.review.practice import STEPS, Part, Skill
from equipoise.service.contexts.practice.reading import Practised
from equipoise.service.pages.charts import (
    Axis,
    Bar,
    Bars,
    Cell,
    Kind,
    Lines,
    Reading,
    Rule,
    Series,
)
from equipoise.service.pages.underwriter.practising.results import kind_named
from equipoise.texts.saying import say


def calibration(of: Practised) -> Lines | None:
    """What came of the cases to which each chance was stated, the person's beside the model's."""
    person, model = of.results.person, of.results.model
    if person is None or model is None:
        return None
    return Lines(
        title=say("What was stated, and what came"),
        described=say(
            "The nearer to the line, the better calibrated. Bars are 95 % intervals; a chance "
            "stated seldom has a wide one."
        ),
        x=Axis(say("Chance stated"), unit="share", kind=Kind.LOG),
        y=Axis(say("Share that went bad"), unit="share", zero=True),
        series=(
            _points(say("You"), person),
            _points(say("The model"), model),
            Series(say("As stated"), tuple(Reading(step, step) for step in STEPS)),
        ),
    )


def by_kind(of: Practised) -> Bars | None:
    """The Brier score above the model's in each kind of case with enough of them."""
    rows = [_bar(part, of) for part in of.results.parts if part.standing != "too_few"]
    if not rows:
        return None
    return Bars(
        title=say("Further from what came than the model, by kind of case"),
        described=say("Below zero you are nearer to what came than the model."),
        axis=Axis(say("Brier score above the model's")),
        names=("",),
        rows=tuple(rows),
    )


def over_time(of: Practised) -> Lines | None:
    """Blocks of answers in a row against the model."""
    blocks = of.results.learning.blocks
    if len(blocks) < 2:
        return None
    return Lines(
        title=say("Answer by answer against the model"),
        described=say("Each point is {n} answers in a row. Lower is better.", n=blocks[0].n),
        x=Axis(say("Answer"), whole=True),
        y=Axis(say("Brier score above the model's"), zero=True),
        series=(
            Series(
                say("You"),
                tuple(Reading(float(b.first + b.n - 1), b.above_model) for b in blocks),
                "both",
            ),
        ),
        rules=(Rule(say("As the model"), 0.0),),
    )


def _points(name: str, skill: Skill) -> Series:
    readings = (
        Reading(at.stated, at.rate.value, at.rate.low, at.rate.high, say("{n} cases", n=at.n))
        for at in skill.calibration
    )
    return Series(name, tuple(readings), "points")


def _bar(part: Part, of: Practised) -> Bar:
    above = part.above_model
    return Bar(kind_named(part, of.deck), (Cell(above.value, above.low, above.high),))

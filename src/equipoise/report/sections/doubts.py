"""What a reader must know before the answer: banners, the gravest first."""

from __future__ import annotations

from equipoise.balance.result_document import Gain
from equipoise.report.blocks import Block, Callout, Ground
from equipoise.report.story import Story
from equipoise.report.trust import does_not_discriminate
from equipoise.report.wording import loss
from equipoise.texts.saying import joined, say


def doubts(story: Story) -> list[Block]:
    """The gain that does not survive, a model that does not rank, a loss, and every warning."""
    banners = [
        *grave(story),
        *(Ground(say("Warning."), text, "warn") for text in story.balance.warnings),
    ]
    return [Callout(each.tone, each.title, each.text) for each in banners]


def grave(story: Story) -> list[Ground]:
    """What speaks against acting on the answer at all."""
    grounds: list[Ground] = []
    gain = story.balance.gain
    if not gain.survives:
        grounds.append(_does_not_survive(story, gain))
    # the fit may have said so already, in its own words
    warned = joined(story.balance.warnings, " ")
    unranking = does_not_discriminate(story.fit) if story.fit else []
    grounds += [_does_not_rank(name) for name in unranking if f"'{name}'" not in warned]
    if losing := loss(story):
        grounds.append(Ground(*losing, "bad"))
    return grounds


def _does_not_survive(story: Story, gain: Gain) -> Ground:
    left = story.quantity(gain.unfavourable, gain.unit)
    return Ground(
        say("This recommendation does not survive its assumptions."),
        say(
            "With every assumed quantity at its unfavourable end the gain is {left} "
            "instead of {central}. Measure the assumptions that weigh most (section 6) "
            "before acting on what follows.",
            left=left,
            central=story.quantity(gain.central, gain.unit),
        ),
        "bad",
    )


def _does_not_rank(name: str) -> Ground:
    return Ground(
        say("The model does not discriminate."),
        say(
            "The interval of the AUC of {name} is not above 0.5: on loans it had not "
            "seen it may rank no better than chance, and everything that follows rests "
            "on its ranking.",
            name=name,
        ),
        "bad",
    )

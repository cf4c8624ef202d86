"""What a reader must know before the answer: banners, the gravest first."""

from __future__ import annotations

from equipoise.report.blocks import Block, Callout
from equipoise.report.story import Story, record
from equipoise.report.trust import does_not_discriminate
from equipoise.report.wording import loss


def doubts(story: Story) -> list[Block]:
    """The gain that does not survive, a model that does not rank, a loss, and every warning."""
    blocks: list[Block] = []
    if record(story.balance, "gain").get("survives") is False:
        blocks.append(_does_not_survive(story))
    blocks += [_does_not_rank(name) for name in does_not_discriminate(story)]
    blocks += _accepted_only(story)
    if said := loss(story):
        blocks.append(Callout("bad", *said))
    warnings = story.balance.get("warnings")
    for warning in warnings if isinstance(warnings, list) else []:
        blocks.append(Callout("warn", "Warning.", str(warning)))
    return blocks


def _does_not_survive(story: Story) -> Callout:
    gain = record(story.balance, "gain")
    left = story.quantity(gain.get("unfavourable"), gain.get("unit"))
    return Callout(
        "bad",
        "This recommendation does not survive its assumptions.",
        f"With every assumed quantity at its unfavourable end the gain is {left} instead of "
        f"{story.quantity(gain.get('central'), gain.get('unit'))}. Measure the assumptions that "
        "weigh most (section 6) before acting on what follows.",
    )


def _does_not_rank(name: str) -> Callout:
    return Callout(
        "bad",
        "The model does not discriminate.",
        f"The interval of the AUC of {name} holds 0.5: on loans it had not seen it may rank no "
        "better than chance, and everything that follows rests on its ranking.",
    )


def _accepted_only(story: Story) -> list[Block]:
    """Where outcomes are known for booked loans alone, the fit says so, and it comes first."""
    note = record(story.fit, "accepted_only")
    if not note.get("text"):
        return []
    return [Callout("warn", "Outcomes of accepted applicants only.", str(note["text"]))]

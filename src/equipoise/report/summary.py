"""The board's page: where we stand, the move, what it rests on, what could go wrong."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.report.basis import grounds, heaviest
from equipoise.report.blocks import Fact, Ground
from equipoise.report.measures import GLOSSARY
from equipoise.report.sections.answer import facts, headline
from equipoise.report.sections.compared_levels import compared_levels
from equipoise.report.sections.doubts import grave
from equipoise.report.story import Story
from equipoise.report.trust import verdict
from equipoise.report.wording import RULE
from equipoise.texts.numbers import plain
from equipoise.texts.saying import joined, say

SHOWN = 8  # rows of the table of levels


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything on the page, in its order; the picture of the frontier is drawn apart."""

    title: str
    about: str
    headline: str
    facts: list[Fact]
    levels: list[list[str]]
    rests: list[Ground]
    risks: list[Ground]
    small: str


def summarise(story: Story) -> Summary:
    """The page's content."""
    amounts = "" if story.currency else say(" Amounts are in currency units.")
    return Summary(
        title=say("{name}: the balance between risk and experience", name=story.name),
        about=say("Equipoise · summary for the board · the report has every figure and its source"),
        headline=headline(story),
        facts=facts(story),
        levels=compared_levels(story).rows[:SHOWN],
        rests=grounds(story),
        risks=risks(story),
        small=joined([say(RULE), say(GLOSSARY)]) + amounts,
    )


def risks(story: Story) -> list[Ground]:
    """What could go wrong, the gravest first."""
    named = [
        *grave(story),
        _unfavourable(story),
        _heaviest(story),
        _model(story),
        *(Ground(say("Warning:"), text, "warn") for text in story.balance.warnings),
    ]
    return [each for each in named if each is not None]


def _unfavourable(story: Story) -> Ground | None:
    gain = story.balance.gain
    if not gain.survives:
        return None  # among the grave
    left, central = (
        story.quantity(level, story.gain_unit) for level in (gain.unfavourable, gain.central)
    )
    risk = say(
        "; risk is then {change} % above what today's policy would have"
        if gain.risk_change > 0
        else "; risk is then {change} % below what today's policy would have",
        change=plain(abs(gain.risk_change) * 100),
    )
    title = say("Every uncertain input at its unfavourable end:")
    return Ground(
        title,
        say("the gain is {left}, not {central}{risk}.", left=left, central=central, risk=risk),
    )


def _heaviest(story: Story) -> Ground | None:
    for row in heaviest(story)[:1]:
        at = row.low if row.gain_at_low <= row.gain_at_high else row.high
        gain = story.quantity(min(row.gain_at_low, row.gain_at_high), story.gain_unit)
        where = f"{plain(at)} {story.in_units(row.unit)}".rstrip()
        text = say(
            "at {where} the gain is {gain}, all else as stated ({provenance}).",
            where=where,
            gain=gain,
            provenance=say(row.provenance),
        )
        return Ground(say("{name}:", name=row.label), text)
    return None


def _model(story: Story) -> Ground | None:
    if story.fit is None:
        return None
    return Ground(say("Can the model be trusted?"), verdict(story.fit).text)

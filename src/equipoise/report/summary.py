"""The board's page: where we stand, the move, what it rests on, what could go wrong."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.report.basis import grounds, heaviest
from equipoise.report.blocks import Fact, Ground
from equipoise.report.measures import GLOSSARY
from equipoise.report.sections.answer import facts, headline
from equipoise.report.sections.compared_levels import compared_levels
from equipoise.report.sections.doubts import grave, warnings
from equipoise.report.story import Story, complete
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
    """The page's content. Without both places of a move there is no headline, and it says so."""
    whole = complete([story.champion], "x", "y") and complete([story.chosen], "x", "y")
    lacking = say("The balance gives no place of today's policy or no recommended move.")
    amounts = "" if story.currency else say(" Amounts are in currency units.")
    return Summary(
        title=say("{name}: the balance between risk and experience", name=story.name),
        about=say("Equipoise · summary for the board · the report has every figure and its source"),
        headline=headline(story) if whole else lacking,
        facts=facts(story) if whole else [],
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
        *(Ground(say("Warning:"), text, "warn") for text in warnings(story)),
    ]
    return [each for each in named if each is not None]


def _unfavourable(story: Story) -> Ground | None:
    gain = story.gain
    if gain is None or not gain.survives:
        return None  # not tested, or among the grave
    left, central = (
        story.quantity(level, story.gain_unit) for level in (gain.unfavourable, gain.central)
    )
    change = gain.risk_change
    risk = ""
    if change is not None:
        risk = say(
            "; risk is then {change} % above what today's policy would have"
            if change > 0
            else "; risk is then {change} % below what today's policy would have",
            change=plain(abs(change) * 100),
        )
    title = say("Every uncertain input at its unfavourable end:")
    return Ground(
        title,
        say("the gain is {left}, not {central}{risk}.", left=left, central=central, risk=risk),
    )


def _heaviest(story: Story) -> Ground | None:
    for row in heaviest(story)[:1]:
        low, high = (float(row[f"gain_at_{end}"]) for end in ("low", "high"))
        at = row.get("low") if low <= high else row.get("high")
        gain = story.quantity(min(low, high), story.gain_unit)
        where = f"{plain(at)} {story.in_units(row.get('unit'))}".rstrip()
        text = say(
            "at {where} the gain is {gain}, all else as stated ({provenance}).",
            where=where,
            gain=gain,
            provenance=say(str(row.get("provenance"))),
        )
        return Ground(say("{name}:", name=row["label"]), text)
    return None


def _model(story: Story) -> Ground | None:
    trust = verdict(story)
    return Ground(say("Can the model be trusted?"), trust.text) if trust else None

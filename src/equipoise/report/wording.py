"""Two levels and what lies between them, in words: nothing rounded is told as a gain."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.report.story import Story
from equipoise.texts.numbers import (
    ABSENT,
    POINTS,
    fixed,
    percent,
    rounded,
    signed,
    written,
)
from equipoise.texts.saying import marked, say

# Today's level is itself the sum of estimates: a change this small says nothing about a policy.
NOISE = 0.001
UNCHANGED = marked("unchanged")
RULE = marked(
    "Unchanged: a change of less than 0.1 % of today's level, or of less than "
    "the certificate's gap, says nothing about a policy."
)


def unchanged(before: float, after: float, gap: float = 0.0) -> bool:
    """Whether a change is too small to be told: the rule that `RULE` states.

    `gap` is the certificate's, relative.
    """
    return abs(after - before) <= max(NOISE, gap) * abs(before)


@dataclass(frozen=True, slots=True)
class Shown:
    """Two levels and their change as a page shows them: the change is what the two show."""

    before: str
    after: str
    change: str


def shown(story: Story, before: float, after: float, unit: str) -> Shown:
    """Two levels of a measure in one format, and their difference or that there is none to tell."""
    scale = 100 if unit == "share" else 1
    places = decimals_between(before * scale, after * scale, unit)
    texts = [level_text(value, unit, places) for value in (before, after)]
    if unchanged(before, after, story.chosen.gap):
        return Shown(texts[0], texts[1], say(UNCHANGED))
    difference = rounded(after * scale, places) - rounded(before * scale, places)
    change = signed(fixed(difference, places))
    return Shown(
        texts[0],
        texts[1],
        say(POINTS, change=change) if unit == "share" else change,
    )


def level_text(value: float | None, unit: str, places: int) -> str:
    """A level with that many decimals; of per cent where it is a share."""
    if value is None:
        return ABSENT
    scale = 100 if unit == "share" else 1
    text = fixed(rounded(value * scale, places), places)
    return f"{text}{written().percent}" if unit == "share" else text


def decimals_between(a: float, b: float, unit: str) -> int:
    """Decimals that two levels need: none for people and money, else what tells them apart."""
    size = max(abs(a), abs(b))
    if unit == "share":
        return next((n for n in range(2, 7) if abs(b - a) >= 10**-n or a == b), 6)
    if unit.startswith("per "):
        return 1 if size >= 1 else 3
    return 0 if size >= 20 or (a == round(a) and b == round(b)) else 2


def levels(story: Story, name: str) -> str:
    """`Profit −95 599 to −95 595, unchanged: loses money under both`; empty where not known."""
    before, after = story.level(name, story.champion), story.level(name, story.chosen)
    if before is None or after is None:
        return ""
    return _levels(story, name, before, after) + sign(name, before, after)


def _levels(story: Story, name: str, before: float, after: float) -> str:
    measure = story.measure(name)
    change = shown(story, before, after, measure.unit)
    return say(
        "{measure} {before} to {after}, {change}",
        measure=story.head(measure.label),
        before=change.before,
        after=change.after,
        change=change.change,
    )


def growth(story: Story, name: str) -> str:
    """By how much a level grows, in per cent of today's; empty where today's is nothing."""
    before, after = story.level(name, story.champion), story.level(name, story.chosen)
    if not before or after is None:
        return ""
    if unchanged(before, after, story.chosen.gap):
        return say(UNCHANGED)
    return signed(percent((after - before) / abs(before)))


def change_with_growth(story: Story, name: str, before: float, after: float) -> str:
    """The change and what part of today's level it is; shares change by points alone."""
    unit = story.measure(name).unit
    change, part = shown(story, before, after, unit).change, growth(story, name)
    if unit == "share" or change == say(UNCHANGED) or not part:
        return change
    return say("{change} ({part})", change=change, part=part)


def loss(story: Story) -> tuple[str, str] | None:
    """That the recommendation loses money, and whether today's policy does; None where not."""
    before, after = (story.level("profit", place) for place in (story.champion, story.chosen))
    if after is None or after >= 0:
        return None
    both = before is not None and before < 0
    title = say("Both policies lose money.") if both else say("The recommended policy loses money.")
    if before is None:
        return title, story.head(say("Profit {level}", level=fixed(after, 0)))
    return title, say("{sentence}.", sentence=_levels(story, "profit", before, after))


def sign(name: str, before: float, after: float) -> str:
    """A loss stays a loss however much smaller it got."""
    if name != "profit":
        return ""
    if before < 0 and after < 0:
        return say(": loses money under both")
    if before < 0 <= after:
        return say(": from a loss to a profit")
    return say(": from a profit to a loss") if after < 0 <= before else ""

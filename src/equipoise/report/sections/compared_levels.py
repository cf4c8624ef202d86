"""Levels under both policies beside their difference."""

from __future__ import annotations

from equipoise.report.blocks import Column, Table
from equipoise.report.story import Story
from equipoise.report.wording import change_with_growth, shown
from equipoise.texts.saying import say

SHOWN = (
    "approvals",
    "booked",
    "good_customers_served",
    "exposure",
    "capital",
    "expected_loss",
    "expected_loss_rate",
    "profit",
    "average_price",
)


def compared_levels(story: Story) -> Table:
    """Today, recommended, and the change as the page's own figures give it."""
    rows = []
    for name in SHOWN:
        before, after = story.level(name, story.champion), story.level(name, story.chosen)
        if before is not None and after is not None:
            rows.append(_row(story, name, before, after))
    columns = (
        Column(say("Measure")),
        Column(say("Today"), numeric=True),
        Column(say("Recommended"), numeric=True),
        Column(say("Change"), numeric=True),
    )
    return Table("levels", say("Today's policy and the recommended one"), columns, rows)


def _row(story: Story, name: str, before: float, after: float) -> list[str]:
    measure = story.measure(name)
    change = shown(story, before, after, measure.unit)
    label = story.head(measure.label) if measure.unit == "money" else measure.label
    return [label, change.before, change.after, change_with_growth(story, name, before, after)]

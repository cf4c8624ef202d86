"""How many of those who became late watch lists of each length would have found before."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.service.contexts.disposals.reading import WatchedBorrowers
from equipoise.service.pages.charts import Axis, Lines, Reading, Series
from equipoise.service.pages.risk.rows import ShownTable, table
from equipoise.texts.numbers import percent
from equipoise.texts.saying import say


@dataclass(frozen=True, slots=True)
class FoundAhead:
    """The picture, and its values as a table."""

    chart: Lines
    table: ShownTable | None


def found_ahead(of: WatchedBorrowers) -> FoundAhead | None:
    """The curve of a measurement; None where it has none, or nobody became late."""
    points = [each for each in of.curve if each.events]
    if not points:
        return None
    ours, days = say("This list"), say("Days late alone")
    title, listed = say("Found two periods before"), say("Share listed")
    chart = Lines(
        title,
        say(
            "Of those who became late, the share that a list of each length would have found two "
            "periods before: this list, and one by days late alone. Measured on periods that the "
            "list did not learn from."
        ),
        Axis(listed, unit="share", zero=True),
        Axis(title, unit="share", zero=True),
        (
            Series(ours, tuple(Reading(e.share, e.found / e.events) for e in points), "both"),
            Series(days, tuple(Reading(e.share, e.by_days / e.events) for e in points), "both"),
        ),
    )
    rows = (
        (
            percent(each.share),
            say("{share} of {n}", share=each.found, n=each.events),
            say("{share} of {n}", share=each.by_days, n=each.events),
        )
        for each in points
    )
    return FoundAhead(chart, table(title, (listed, ours, days), rows))

"""Overrides: planted reasons found, what is not there not found, and the time of a large file."""

from __future__ import annotations

from benchmarks.override_worlds import (
    NOTHING,
    PLANTED,
    UNTIL,
    WORTH,
    Planted,
    accepted,
    decisions,
    found,
    reviewed,
)
from benchmarks.table import Result, median_seconds
from equipoise.review.overrides import measure_overrides

TRUTH = {
    "KNOWS": {"earns", "better_than_expected"},
    "LOSES": {"loses_money"},
    "TURNS_AWAY": {"turns_away_good"},
}
FALSE = 0.05


def run(short: bool = False) -> list[Result]:
    """Power, false findings over worlds with nothing to be found, and the time of a large file."""
    worlds = 40 if short else 400
    rows = [found(reviewed(PLANTED, 20_000 + seed)) for seed in range(worlds)]
    results = [
        Result(
            f"planted reason {name} found, {worlds} worlds",
            100 * sum(each.get(name) in answers for each in rows) / worlds,
            "%",
            bar="80 or more",
            met=sum(each.get(name) in answers for each in rows) >= 0.8 * worlds,
        )
        for name, answers in TRUTH.items()
    ]
    nothing = [reviewed(NOTHING, 40_000 + seed) for seed in range(worlds)]
    for by in ("reason", "person"):
        share = sum(bool(found(each, by)) for each in nothing) / worlds
        # two standard errors of the count of worlds are granted
        most = FALSE + 2 * (FALSE * (1 - FALSE) / worlds) ** 0.5
        results.append(
            Result(
                f"worlds with a false finding by {by}, of {worlds} with nothing to find",
                100 * share,
                "%",
                bar=f"{100 * FALSE:g}, {100 * most:.1f} by chance",
                met=share <= most,
            )
        )
    return [*results, _large(4_000 if short else 20_000)]


def _large(cases: int) -> Result:
    reasons = [Planted(f"R{at}", "decline", 0.15, 0.15, cases // 10) for at in range(8)]
    reasons += [Planted(f"D{at}", "approve", 0.03, 0.03, cases // 10, "A") for at in range(2)]
    made, outcomes = decisions(reasons, 1, people=60)
    likes = accepted(1)
    seconds = median_seconds(
        lambda: measure_overrides(made, outcomes, until=UNTIL, accepted=likes, worth=WORTH), 3
    )
    return Result(f"{cases:,} overrides, 10 reasons, 60 people", seconds, "s")

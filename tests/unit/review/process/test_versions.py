"""Before and after a version: evidence that may be looked at on any day."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl
import pytest

from equipoise.errors import BadInput
from equipoise.experience import ExperienceDocument
from equipoise.review.process.process_map import Versions, map_process
from equipoise.review.process.versions import VersionRow, difference_sequence

Log = Callable[[Sequence[tuple[str, str, float]]], pl.DataFrame]


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
@pytest.mark.parametrize("before", [300, 100_000])
def test_looked_at_every_day_it_errs_seldom(share: float, before: int) -> None:
    """Where a z-test that is read every day finds a difference in one world of seven or more."""
    draw = np.random.default_rng(11)
    worlds, days, a_day = 250, 100, 20
    count = a_day * np.arange(1.0, days + 1)
    wrong = daily = 0
    for _ in range(worlds):
        known = int(draw.binomial(before, share)), before
        yes = np.cumsum(draw.binomial(a_day, share, days)).astype(float)
        ready = np.minimum(yes, count - yes) >= 10
        seen, n = yes[ready], count[ready]
        difference, low, high = difference_sequence(known, seen, n, 0.025)
        wrong += bool((low > 0).any() or (high < 0).any())
        spread = np.sqrt(seen / n * (1 - seen / n) / n + share * (1 - share) / before)
        daily += bool((np.abs(difference) > 1.96 * spread).any())
    assert wrong / worlds <= 0.05
    assert daily / worlds >= 0.14


def test_its_bounds_are_not_wider_than_they_need_be() -> None:
    """Three times as wide as those of a single look would be of no use to anybody."""
    _, low, high = difference_sequence((300, 1_000), np.array([300.0]), np.array([1_000.0]), 0.025)
    once = 2 * 1.96 * np.sqrt(2 * 0.3 * 0.7 / 1_000)
    assert 1 < (high - low)[0] / once < 2.5


def _two_versions(before: float, after: float, seed: int) -> list[tuple[str, str, float]]:
    """Ten people a day for 120 days, the new version from day 60; the shares leave at the form."""
    draw = np.random.default_rng(seed)
    rows: list[tuple[str, str, float]] = []
    for case in range(1_200):
        begun, name = 24.0 * (case // 10), f"c{case:04}"
        leaves = draw.uniform() < (before if case < 600 else after)
        rows += [(name, "apply", begun), (name, "form", begun + 1)]
        # who leaves is known at once, who goes on much later: what bad news first would deceive
        rows += [(name, "cancel", begun + 2)] if leaves else [(name, "check", begun + 200)]
        rows += [] if leaves else [(name, "grant", begun + 210)]
    return rows


def _compared(
    rows: list[tuple[str, str, float]], log_of: Log, document: ExperienceDocument
) -> dict[str, VersionRow]:
    cases = pl.DataFrame({"case": [f"c{case:04}" for case in range(1_200)]}).with_columns(
        version=pl.when(pl.int_range(pl.len()) < 600).then(3).otherwise(4)
    )
    found = map_process(
        document, log_of(rows), cases, versions=Versions("version", "3", "4", within_days=14)
    )
    assert any("trial" in note for note in found.notes)
    return {row.measure: row for row in found.versions}


def test_a_version_that_loses_fewer_is_found_before_the_end(
    log_of: Log, document: ExperienceDocument
) -> None:
    rows = _compared(_two_versions(0.35, 0.1, 1), log_of, document)
    form, whole = rows["form"], rows["accepted"]
    assert (form.found, whole.found) == ("better", "better")
    assert form.since is not None
    assert form.first_look is not None
    assert (form.since - form.first_look).days < 40
    assert form.low is not None
    assert form.high is not None
    assert form.low <= -0.25 <= form.high
    # the 120 days end with windows of 14 still running, and they are left out
    assert form.before.n == 600
    assert form.after.n < 560


def test_a_version_that_changes_nothing_is_left_open(
    log_of: Log, document: ExperienceDocument
) -> None:
    rows = _compared(_two_versions(0.25, 0.25, 2), log_of, document)
    assert {rows[name].found for name in ("form", "accepted")} == {"open"}
    assert rows["check"].found == "too_few"  # nobody leaves there, before or after


@pytest.mark.parametrize(
    ("versions", "named"),
    [
        (Versions("version", "3", "5"), "its values: 3, 4"),
        (Versions("version", "3", "3"), "two versions"),
        (Versions("version", "3", "4", within_days=0.0), "window"),
        (Versions("verison", "3", "4"), "version"),
    ],
)
def test_versions_that_there_are_not_are_refused(
    versions: Versions, named: str, log_of: Log, document: ExperienceDocument
) -> None:
    cases = pl.DataFrame({"case": ["a", "b"], "version": [3, 4]})
    names = ("apply", "form", "check", "grant")
    rows = [(case, name, float(at)) for case in "ab" for at, name in enumerate(names)]
    with pytest.raises(BadInput) as refused:
        map_process(document, log_of(rows), cases, versions=versions)
    assert named in str(refused.value)

"""What is worth changing, where it is known: planted in the synthetic lender, and in arithmetic."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import numpy as np
import polars as pl
import pytest
from log_of_lender import (
    SLOW_CHANNEL,
    SLOW_STEP,
    USELESS,
    accepted_without_it,
    document_of_lender,
    planted,
)

from equipoise.documents import Quantity
from equipoise.experience import ExperienceDocument
from equipoise.experience.log import prepare
from equipoise.review.process.moves import Move, moves
from equipoise.review.process.process_map import ProcessMap, map_process
from equipoise.review.process.stays import stays

APPLICANTS, SEEDS = 4_000, (1, 2, 3)
SLOW = f"{SLOW_STEP}_review"
Log = Callable[[Sequence[tuple[str, str, float]]], pl.DataFrame]


@pytest.fixture(scope="module", params=SEEDS)
def planted_map(request: pytest.FixtureRequest) -> tuple[int, ProcessMap]:
    """A seed and the map of its lender."""
    seed: int = request.param
    events, cases = planted(APPLICANTS, seed)
    results = {name.removesuffix("_stop"): name for name in cases.columns if "_stop" in name}
    return seed, map_process(document_of_lender(), events, cases, by=["channel"], decides=results)


def _ranked(found: ProcessMap, by: str | None) -> list[Move]:
    return [move for move in found.moves if move.by == by]


def test_a_planted_bottleneck_and_a_useless_step_are_ranked_first(
    planted_map: tuple[int, ProcessMap],
) -> None:
    useless, slow, *_ = _ranked(planted_map[1], None)
    assert (useless.step, useless.kind, useless.verdict) == (
        USELESS,
        "take_away",
        "changes_nothing",
    )
    assert (slow.step, slow.kind) == (SLOW, "make_fast")
    first = next(move for move in _ranked(planted_map[1], "channel") if move.kind == "make_fast")
    assert (first.step, first.group) == (SLOW, SLOW_CHANNEL)


def test_the_channel_that_waits_three_times_as_long_is_seen_to(
    planted_map: tuple[int, ProcessMap],
) -> None:
    p50 = {
        row.group: row.business.p50
        for row in planted_map[1].steps
        if row.by == "channel" and row.step == SLOW
    }
    assert p50[SLOW_CHANNEL] is not None
    assert p50["web"] is not None
    assert 2.4 < p50[SLOW_CHANNEL] / p50["web"] < 3.6


def test_what_taking_the_step_away_gains_is_what_it_gains(
    planted_map: tuple[int, ProcessMap],
) -> None:
    seed, found = planted_map
    useless = _ranked(found, None)[0]
    truth = accepted_without_it(APPLICANTS, seed) - found.counts["accepted"]
    assert useless.gain is not None
    # the same people twice: what is left is who among them happened to be kept
    assert useless.gain == pytest.approx(truth, rel=0.2)


def test_a_step_that_stops_people_is_not_called_useless(
    planted_map: tuple[int, ProcessMap],
) -> None:
    verdicts = {
        move.step: move.verdict
        for move in _ranked(planted_map[1], None)
        if move.kind == "take_away"
    }
    assert verdicts["bank_statements"] == verdicts["identity_check"] == "changes_decisions"
    assert verdicts["application_form"] == "not_known"


def test_nobody_is_named_in_the_document(planted_map: tuple[int, ProcessMap]) -> None:
    text = json.dumps(planted_map[1].as_dict(), allow_nan=False)
    assert planted_map[1].stays["case"][0] not in text


def test_making_a_step_fast_gains_what_a_simulation_of_the_fast_step_gains(
    log_of: Log, document: ExperienceDocument
) -> None:
    """People wait for the lender a tenth of a day or four days, leave at 0.1 a day, and of those
    who stay half are granted. Their patience drawn, the fast step's grants are counted."""
    draw = np.random.default_rng(5)
    people, hazard = 3_000, 0.1
    patience = draw.exponential(1 / hazard, people)
    wait = np.where(np.arange(people) % 5 == 0, 0.1, 4.0)
    good = draw.uniform(size=people) < 0.5
    rows: list[tuple[str, str, float]] = []
    for case in range(people):
        name, left = f"c{case:04}", patience[case] < wait[case]
        rows += [(name, "apply", 0.0), (name, "form", 1.0)]
        if left:
            rows.append((name, "cancel", 1.0 + 24 * patience[case]))
            continue
        rows += [(name, "check", 1.0 + 24 * wait[case])]
        rows.append((name, "grant" if good[case] else "refuse", 2.0 + 24 * wait[case]))
    log = prepare(document, log_of(rows))
    known = Quantity(value=hazard, source="planted")
    form = next(
        each
        for each in moves(stays(log, ("form", "check")), known)
        if (each.step, each.kind) == ("form", "make_fast")
    )
    truth = ((patience >= 0.1) & good).sum() - ((patience >= wait) & good).sum()
    assert form.gain == pytest.approx(truth, rel=0.1)


def test_gains_are_those_reckoned_by_hand(log_of: Log, document: ExperienceDocument) -> None:
    """Of 60 at the form 20 leave after two days, 10 are refused after one, 30 go on (3 after a
    quarter of a day, 7 after half, 20 after three days): 12 granted, 8 refused, 10 still open."""
    after = [2.0] * 20 + [1.0] * 10 + [0.25] * 3 + [0.5] * 7 + [3.0] * 20
    rows: list[tuple[str, str, float]] = []
    for case, days in enumerate(after):
        name, done = f"c{case:02}", 1.0 + 24 * days
        rows += [(name, "apply", 0.0), (name, "form", 1.0)]
        rows.append((name, "cancel" if case < 20 else "refuse" if case < 30 else "check", done))
        if 30 <= case < 50:
            rows.append((name, "grant" if case < 42 else "refuse", 100.0))
    found = moves(
        stays(prepare(document, log_of(rows)), ("form", "check")),
        Quantity(value=0.1, low=0.05, high=0.2, source="planted"),
    )
    form = {move.kind: move for move in found if move.step == "form"}
    # Aalen and Johansen: 50 of 60 still there after half a day, then 20 of the 40 left at risk go
    assert form["take_away"].gain == pytest.approx(50 / 60 * 20 / 40 * (60 - 10) * 12 / 20)
    # half a day is the fastest tenth's, so that 20 * 1.5 + 10 * 0.5 + 20 * 2.5 days are spared
    fast = form["make_fast"]
    assert (fast.gain, fast.low, fast.high) == pytest.approx(
        tuple(rate * 85 * 12 / 20 for rate in (0.1, 0.05, 0.2))
    )
    assert fast.per_thousand == pytest.approx(1000 * 5.1 / 60)


def test_no_more_are_kept_than_can_have_left(log_of: Log, document: ExperienceDocument) -> None:
    """All 40 went on: a hazard that says otherwise is not believed beyond Wilson's upper end."""
    rows = [
        event
        for case in range(40)
        for event in (
            (f"c{case:02}", "apply", 0.0),
            (f"c{case:02}", "form", 1.0),
            (f"c{case:02}", "check", 1.0 + 24.0 * (1 + case % 4)),
            (f"c{case:02}", "grant", 200.0),
        )
    ]
    log = prepare(document, log_of(rows))
    found = moves(stays(log, ("form", "check")), Quantity(value=5.0, source="far too much"))
    most = 40 * 1.959964**2 / (40 + 1.959964**2)  # of none in 40
    gains = {(move.step, move.kind): move.gain for move in found}
    assert gains["form", "make_fast"] == pytest.approx(most)
    assert gains["form", "take_away"] == 0.0

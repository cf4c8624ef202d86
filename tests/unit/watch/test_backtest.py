"""What warnings would have been worth: by hand, and against a plain count of single borrowers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from watches import HEAD, loans, measured, months, watch

from equipoise.errors import BadInput, Faults
from equipoise.watch import FrameSource, Months, Watch, backtest, parse_watch, worth_of
from equipoise.watch.backtest.episodes import series_test
from equipoise.watch.backtest.thresholds import candidates, frontier, proposed
from equipoise.watch.judging.readings import Reading

COSTS = (5.0, 100.0)


def rows(*lives: str) -> tuple[Months, np.ndarray]:
    """One life a borrower: `.` a month, `w` a month with a warning, `e` one with the event."""
    who = np.concatenate([np.full(len(life), at) for at, life in enumerate(lives)])
    month = np.concatenate([np.arange(len(life)) for life in lives])
    letters = np.array([letter for life in lives for letter in life])
    return Months(who, month, letters == "e"), letters == "w"


def test_warnings_are_counted_as_they_say() -> None:
    lives = (
        "..w..e",  # warned three months ahead
        "w....e",  # five months ahead: too early for a horizon of three
        "...e.w",  # the warning came after
        ".w....",  # wrong: four months and nothing
        "....w.",  # not known yet
        "......",
    )
    worth = worth_of(*rows(*lives), horizon=3, costs=COSTS)
    assert (worth.alerts, worth.open, worth.hits) == (4, 1, 1)
    assert (worth.events, worth.caught) == (3, 1)
    assert worth.lead == (3.0, 3.0, 3.0)
    at_risk = 5 + 5 + 3 + 6 + 6 + 6
    assert worth.per_thousand == pytest.approx(1000 * 4 / at_risk)
    assert worth.gain == pytest.approx(100 - 4 * 5)
    assert worth.precision[0] == pytest.approx(1 / 3)


def test_two_months_ahead_is_asked_for_by_least() -> None:
    of = rows("...we", "..w.e", "...")
    assert worth_of(*of, horizon=6, costs=COSTS).caught == 2
    assert worth_of(*of, horizon=6, least=2, costs=COSTS).caught == 1


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.text("...we", min_size=1, max_size=12), min_size=1, max_size=15), st.integers(1, 6)
)
def test_arrays_count_what_a_plain_loop_counts(lives: list[str], horizon: int) -> None:
    alerts = hits = events = caught = 0
    for life in lives:
        end = life.find("e") if "e" in life else len(life)
        warned = [at for at in range(end) if life[at] == "w"]
        alerts += bool(warned)
        if "e" in life and end > 0:
            events += 1
            caught += any(1 <= end - at <= horizon for at in warned)
            hits += bool(warned) and 1 <= end - warned[0] <= horizon
    worth = worth_of(*rows(*lives), horizon=horizon, costs=COSTS)
    assert (worth.alerts, worth.hits, worth.events, worth.caught) == (alerts, hits, events, caught)


def book(seed: int) -> tuple[Months, np.ndarray]:
    """A value that rises in the months before an event, and noise."""
    rng = np.random.default_rng(seed)
    borrowers, long = 400, 18
    when = np.where(rng.random(borrowers) < 0.3, rng.integers(4, long, borrowers), 10**6)
    who, month = np.repeat(np.arange(borrowers), long), np.tile(np.arange(long), borrowers)
    near = np.clip(6 - (when[who] - month), 0, 6)
    return Months(who, month, month >= when[who]), near + rng.normal(0, 1.0, who.size)


def test_no_threshold_of_the_frontier_is_beaten_and_the_proposed_one_gains_most() -> None:
    of, value = book(1)
    tried = candidates(of, value, up=True, horizon=6, costs=COSTS)
    best = frontier(tried)
    assert len(best) >= 3
    for one in best:
        assert not [
            other
            for other in tried
            if other.worth.false_alarms <= one.worth.false_alarms
            and other.worth.warned_ahead > one.worth.warned_ahead
        ]
    chosen = proposed(tried)
    assert chosen is not None
    assert chosen.worth.gain == max(each.worth.gain for each in best)
    down = candidates(of, -value, up=False, horizon=6, costs=COSTS)
    for one, other in zip(reversed(down), tried, strict=True):
        assert one.worth.alerts == pytest.approx(other.worth.alerts, abs=1)  # ties at the quantile


def test_nothing_is_proposed_where_no_alert_earns_its_cost() -> None:
    of, value = book(2)
    tried = candidates(of, value, up=True, horizon=6, costs=(1000.0, 1.0))
    assert proposed(tried) is None


CUSTOMER = """\
- {name: creeping, level: customer, about: credit, table: loans, kind: mean, of: score,
   direction: down, owner: ana}
- {name: small_arrears, level: customer, about: credit, table: loans, kind: rate,
   of: "days > 0 AND days < 30", owner: ana}
- {name: arrears, level: portfolio, about: credit, table: loans, kind: rate, of: "days >= 30",
   owner: ana}
- {name: scores, level: product, about: credit, table: loans, kind: mean, of: score,
   direction: down, owner: ana}
"""
SECTION = """\
backtest:
  {table: loans, event: "days >= 30", horizon: 4, alert_cost: 5, saved: 100, outcome: arrears}
"""


def lives(seed: int) -> pl.DataFrame:
    """Borrowers whose score falls and who are a little late before they are much so."""
    rng = np.random.default_rng(seed)
    people, long = 300, 30
    when = np.where(rng.random(people) < 0.4, rng.integers(5, long, people), 10**6)
    who, at = np.repeat(np.arange(people), long), np.tile(np.arange(long), people)
    ahead = when[who] - at
    return pl.DataFrame(
        {
            "month": pl.Series(months(long)).gather(at),
            "days": np.where(ahead <= 0, 45.0, np.where(ahead == 1, 10.0, 0.0)),
            "score": 650 - 40 * np.clip(4 - ahead, 0, 4) + rng.normal(0, 30, who.size),
            "pd": np.full(who.size, 0.05),
            "region": [f"B{one}" for one in who],
            "balance": np.full(who.size, 1000.0),
        }
    ).sample(fraction=1.0, shuffle=True, seed=seed)


def with_entity() -> Watch:
    """The watch, with the borrower named by the column `region`."""
    head = HEAD.replace("period: month\n", "period: month\n    entity: region\n")
    lines = "".join(f"  {line}\n" for line in CUSTOMER.splitlines())
    return parse_watch(head.format(history=12) + lines + SECTION, Path("watch.yaml"))


def test_a_watch_is_tested_on_its_own_history() -> None:
    of = with_entity()
    frame = lives(3)
    source = FrameSource.of(frame, of.document.table("loans"), of.document.every)
    told = backtest(of, {"loans": source}, measured(of, frame))
    by_name = {each.indicator: each for each in told.borrowers}
    assert set(by_name) == {"creeping", "small_arrears"}
    late = by_name["small_arrears"].worth
    assert late is not None
    assert late.precision[0] == 1.0
    assert late.recall[0] == 1.0
    assert late.lead == (1.0, 1.0, 1.0)
    score = by_name["creeping"]
    assert score.proposed is not None
    # earlier than being late tells
    assert any(each.worth.lead and each.worth.lead[1] >= 2 for each in score.frontier)
    assert {each.indicator for each in told.series} == {"scores"}
    assert told.as_dict()["borrowers"][0]["frontier"]


def test_what_warnings_are_held_against_has_to_be_said() -> None:
    plain = watch(CUSTOMER)
    frame = loans(1, periods=26)
    source = FrameSource.of(frame, plain.document.table("loans"), "month")
    with pytest.raises(BadInput, match="does not say what warnings are held against"):
        backtest(plain, {"loans": source}, measured(plain, frame))
    with pytest.raises(Faults, match="does not say whose its rows are"):
        watch(CUSTOMER, rest=SECTION)
    with pytest.raises(Faults, match="the event is a number"):
        watch(CUSTOMER, rest=SECTION.replace("days >= 30", "days"))


def test_alarms_of_a_book_are_held_against_the_outcome_s_episodes() -> None:
    def series(name: str, rings: str) -> list[Reading]:
        chances = {"r": 0.001, "a": 0.04, ".": 0.5}
        return [
            Reading(name, date(2022 + at // 12, at % 12 + 1, 1), 0.1, 100, None, None, 0.1,
                    chances[each], "red" if each == "r" else "green")
            for at, each in enumerate(rings)
        ]  # fmt: skip

    outcome = series("outcome", "........rr......r...")
    early = series("early", ".a...rr.....a.......")
    told = {each.chance: each for each in series_test(
        early, outcome, horizon=4, periods_a_year=12, in_force=0.004).at}  # fmt: skip
    assert [each for each, one in told.items() if one.in_force] == [0.004]
    assert told[0.004].alarms == told[0.005].alarms == 1
    loose, strict = told[0.05], told[0.01]
    assert (loose.alarms, loose.foretold, loose.episodes) == (3, 2, 2)
    assert loose.false_a_year == pytest.approx(12 / 20)
    assert loose.lead == 3.5  # three months, and four
    assert (strict.alarms, strict.foretold, strict.false_a_year) == (1, 1, 0.0)
    nothing = series_test(
        [replace(x, chance=None) for x in early],
        outcome,
        horizon=4,
        periods_a_year=12,
        in_force=0.01,
    )
    assert all(each.alarms == 0 for each in nothing.at)

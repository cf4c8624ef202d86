"""The funnel of a log whose every case is known, and of BPI 2012 beside the room it rests on."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from log_of_bpi import BPI_2012, bpi_events

from equipoise.errors import BadInput
from equipoise.experience import ExperienceDocument
from equipoise.experience.dropoff import step_drop_off
from equipoise.experience.log import CaseLog, prepare
from equipoise.experience.steps import sessions, step_table
from equipoise.review.process.first_offers import first_offer_bands
from equipoise.review.process.follows import follows
from equipoise.review.process.funnel import funnel, lost_at, quantile
from equipoise.review.process.process_map import ProcessMap, map_process
from equipoise.review.process.share import Share
from equipoise.review.process.stays import stays

Log = Callable[[Sequence[tuple[str, str, float]]], pl.DataFrame]
STEPS = ("form", "check")


def _twelve() -> list[tuple[str, str, float]]:
    """Twelve cases: four granted, one of them checked twice; three leave at the form, two at the
    check; one is refused; two are open, one at either step."""
    rows = []
    for case in range(12):
        name = f"c{case:02}"
        rows += [(name, "apply", 0.0), (name, "form", 1.0)]
        if case < 3:
            rows.append((name, "cancel", 1.0 + 24 * (case + 1)))
        elif case > 3:
            rows.append((name, "check", 25.0))
    rows.append(("c04", "check", 30.0))
    rows += [(f"c{case:02}", "grant", 49.0) for case in range(4, 8)]
    rows += [(f"c{case:02}", "cancel", 73.0) for case in (8, 9)]
    return [*rows, ("c10", "refuse", 49.0)]


def test_everybody_who_came_is_counted_once(log_of: Log, document: ExperienceDocument) -> None:
    log = prepare(document, log_of(_twelve()))
    form, check = funnel(stays(log, STEPS))
    assert (form.came, form.went_on, form.lost, form.declined, form.open) == (12, 8, 3, 0, 1)
    assert (check.came, check.went_on, check.lost, check.declined, check.open) == (8, 4, 2, 1, 1)
    assert (form.going_on.k, form.going_on.n, form.dropping_off.k) == (8, 12, 3)
    # Wilson's ends are the shares at which 3 of 12 lie 1.96 of their own standard errors away
    for end in (form.dropping_off.low, form.dropping_off.high):
        assert end is not None
        assert (3 / 12 - end) ** 2 == pytest.approx(1.959964**2 * end * (1 - end) / 12, rel=1e-6)
    assert (form.turn, form.lender_share) == ("lender", 1.0)
    assert (check.rework.k, check.rework.n) == (1, 8)


def test_of_fewer_than_ten_the_counts_alone_are_told(
    log_of: Log, document: ExperienceDocument
) -> None:
    check = funnel(stays(prepare(document, log_of(_twelve())), STEPS))[1]
    assert (check.dropping_off.value, check.dropping_off.low, check.drop_off) == (None, None, None)
    assert (check.calendar.p50, check.business.p90, check.turn) == (None, None, None)
    assert check.going_on == Share(4, 8, None, None, None)


def test_time_is_told_in_days_and_open_hours(log_of: Log, document: ExperienceDocument) -> None:
    form = funnel(stays(prepare(document, log_of(_twelve())), STEPS))[0]
    # from Monday 10:00 to Tuesday 10:00 a lender open from 9 to 17 is open for eight hours
    assert (form.calendar.p50, form.business.p50) == (1.0, 8.0)
    # 10 of 12 are gone after two days, the open one leaves the risk set with the log, at the third
    assert form.calendar.p90 == pytest.approx(3.0)


def test_open_ones_are_censored_and_what_nobody_reached_is_not_told() -> None:
    days = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    left = np.array([True, False, True, False, False])
    # Kaplan and Meier by hand: 4/5 after 1, 4/5 * 2/3 after 3
    assert quantile(days, left, 0.2) == 1.0
    assert quantile(days, left, 0.45) == 3.0
    assert quantile(days, left, 0.5) is None


@given(
    days=st.lists(st.floats(0.001, 100), min_size=1, max_size=40),
    share=st.sampled_from([0.1, 0.5, 0.9]),
)
def test_without_open_ones_a_quantile_is_the_inverse_of_the_shares(
    days: list[float], share: float
) -> None:
    found = quantile(np.array(days), np.ones(len(days), dtype=bool), share)
    assert found == np.quantile(days, share, method="inverted_cdf")


def test_groups_add_up_to_everybody(log_of: Log, document: ExperienceDocument) -> None:
    log = prepare(document, log_of(_twelve()))
    channel = ["web", "branch", None] * 4
    cases = pl.DataFrame({"case": [f"c{case:02}" for case in range(12)], "channel": channel})
    rows = stays(log, STEPS, cases)
    split = funnel(rows, "channel")
    assert [row.group for row in split[:3]] == ["branch", "web", "(not known)"]
    for whole in funnel(rows):
        parts = [row for row in split if row.step == whole.step]
        for name in ("came", "went_on", "lost", "declined", "open"):
            assert sum(getattr(row, name) for row in parts) == getattr(whole, name)


def test_people_lost_are_listed_latest_first(log_of: Log, document: ExperienceDocument) -> None:
    lost = lost_at(stays(prepare(document, log_of(_twelve())), STEPS), "form")
    assert lost["case"].to_list() == ["c02", "c01", "c00"]
    assert lost["days"].to_list() == [3.0, 2.0, 1.0]
    assert set(lost["turn"]) == {"lender"}


def test_edges_count_every_step_but_the_last(log_of: Log, document: ExperienceDocument) -> None:
    log = prepare(document, log_of(_twelve()))
    edges = follows(log)
    found = {(row["activity"], row["followed_by"]): row["times"] for row in edges.to_dicts()}
    assert found["apply", "form"] == 12
    assert found["check", "check"] == 1
    assert sum(found.values()) == log.events.height - log.cases.height
    few = edges["cases"] < 10
    assert (edges["days_p50"].is_null() == few).all()
    assert few.any()


@pytest.mark.parametrize("by", [None, "channel"])
def test_where_nothing_follows_on_anything_the_map_has_no_edges(
    log_of: Log, document: ExperienceDocument, by: str | None
) -> None:
    whole = prepare(document, log_of(_twelve()))
    log = replace(whole, events=whole.events.filter(pl.col("activity") == "apply"))
    cases = log.cases.select("case", channel=pl.lit("web"))
    assert follows(log, by, cases).is_empty()
    assert follows(log, by, cases).columns == follows(whole, by, cases).columns


def test_what_the_lender_tidies_up_after_the_end_is_no_edge(
    log_of: Log, document: ExperienceDocument
) -> None:
    log = prepare(document, log_of([*_twelve(), ("c04", "form", 60.0)]))
    assert follows(log).filter(pl.col("activity") == "grant").height == 0


def test_ten_people_are_enough_for_a_share_and_nine_are_not() -> None:
    assert Share.of(4, 10).value == 0.4
    assert Share.of(4, 9).value is None


@pytest.mark.parametrize(
    ("how", "named"),
    [
        ({"steps": ["frm"]}, "form"),
        ({"steps": ["form", "form"]}, "once"),
        ({"by": ["chanel"]}, "channel"),
        ({"decides": {"form": "channel"}}, "true and false"),
        ({"decides": {"fom": "channel"}}, "form"),
    ],
)
def test_what_is_not_there_is_refused_with_what_comes_near(
    how: dict[str, object], named: str, log_of: Log, document: ExperienceDocument
) -> None:
    cases = pl.DataFrame({"case": [f"c{case:02}" for case in range(12)]})
    with pytest.raises(BadInput) as refused:
        map_process(document, log_of(_twelve()), cases.with_columns(channel=pl.lit("web")), **how)  # type: ignore[arg-type]
    assert named in str(refused.value)


def test_a_case_has_one_row(log_of: Log, document: ExperienceDocument) -> None:
    with pytest.raises(BadInput, match="c00"):
        map_process(document, log_of(_twelve()), pl.DataFrame({"case": ["c00", "c00"]}))


@pytest.fixture(scope="module")
def bpi(shared_data: Path) -> tuple[ExperienceDocument, pl.DataFrame]:
    """The public log, and what its activities mean."""
    return ExperienceDocument.model_validate(BPI_2012), bpi_events(shared_data)


@pytest.fixture(scope="module")
def bpi_log(bpi: tuple[ExperienceDocument, pl.DataFrame]) -> CaseLog:
    """It made ready."""
    return prepare(*bpi)


@pytest.fixture(scope="module")
def bpi_map(bpi: tuple[ExperienceDocument, pl.DataFrame]) -> ProcessMap:
    """Its process map."""
    return map_process(*bpi)


def test_bpi_accepts_more_of_those_whose_first_offer_left_soon(
    bpi_log: CaseLog,
) -> None:
    # known figures of the log: 60.5 % within 17 minutes, 41.7 % after more than 1.1 days
    soon, between, late = (
        band.accepted for band in first_offer_bands(bpi_log, (17, 1.1 * 24 * 60))
    )
    assert soon.n + between.n + late.n == 4_688
    assert soon.value == pytest.approx(0.605, abs=0.003)
    assert late.value == pytest.approx(0.417, abs=0.003)


def test_bpi_s_cases_with_calls_seem_better_than_calls_are(bpi_map: ProcessMap) -> None:
    (calls,) = bpi_map.calls
    plain = calls["plain_called"] / calls["plain_uncalled"]
    assert plain > 2
    assert calls["accepted_ratio"]["high"] < 1.5 < plain
    assert any("survivorship" in note for note in bpi_map.notes)
    assert any("observational" in note for note in bpi_map.notes)


def test_bpi_s_map_says_what_the_rooms_below_say(
    bpi: tuple[ExperienceDocument, pl.DataFrame], bpi_log: CaseLog, bpi_map: ProcessMap
) -> None:
    document, log = bpi[0], bpi_log
    for row, told in zip(bpi_map.steps, step_drop_off(log, document.activities(), ""), strict=True):
        assert (row.came, row.lost, row.open) == (told.reached, told.lost, told.open)
        assert row.drop_off is not None
        assert (row.drop_off.value, row.drop_off.high) == (told.drop_off.value, told.drop_off.high)
    work = step_table(sessions(log, log.section.calendar.calendar()))
    again = dict(work.select("activity", "repeated").iter_rows())
    names = ("W_Completeren aanvraag", "W_Valideren aanvraag")
    for row in funnel(stays(log, names)):
        assert row.rework.value == pytest.approx(again[row.step])
    json.dumps(bpi_map.as_dict(), allow_nan=False)


def test_a_hazard_before_the_offer_says_nothing_of_waits_after_it(bpi_map: ProcessMap) -> None:
    faster = {move.step for move in bpi_map.moves if move.kind == "make_fast"}
    assert "A_PREACCEPTED" in faster
    assert "O_SENT_BACK" not in faster


def test_bands_of_offers_rise(bpi_log: CaseLog) -> None:
    with pytest.raises(BadInput, match="rise"):
        first_offer_bands(bpi_log, (17, 17))

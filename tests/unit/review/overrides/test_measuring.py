"""What is said of a group and what is not: few cases, people's names, open and declined ones."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import polars as pl
import pytest
from benchmarks.override_worlds import PLANTED, reviewed

from equipoise.authority import Override
from equipoise.errors import BadInput
from equipoise.review.overrides import Group, OverrideReview, Worth, measure_overrides
from equipoise.review.overrides import override_frame as framed

UNTIL = date(2026, 11, 30)
OLD, YOUNG = date(2025, 1, 10), date(2026, 8, 30)
WORTH = Worth(loss=0.6, margin=0.1)


def override(at: int, on: date = OLD, **changes: Any) -> Override:
    given: dict[str, Any] = {
        "application_id": f"a{at}",
        "officer_id": "sam",
        "level": "senior",
        "machine": "decline",
        "person": "approve",
        "reason": "LONG_KNOWN",
        "expected_bad": 0.2,
        "on": on,
    }
    return Override(**{**given, **changes})


def outcomes(*rows: tuple[int, str, float]) -> pl.DataFrame:
    ids = [f"a{at}" for at, _, _ in rows]
    kinds, months = [kind for _, kind, _ in rows], [month for *_, month in rows]
    schema = {"application_id": pl.String, "outcome": pl.String, "months": pl.Float64}
    return pl.DataFrame([ids, kinds, months], schema=schema)


def look(made: list[Override], seen: pl.DataFrame, **options: Any) -> OverrideReview:
    frame = framed(made).with_columns(amount=pl.lit(1000.0), grade=pl.lit("B"))
    return measure_overrides(frame, seen, until=UNTIL, **{"worth": WORTH, **options})


def group(review: OverrideReview, by: str, name: str) -> Group:
    (one,) = (each for each in review.groups if (each.by, each.name) == (by, name))
    return one


def test_observed_rates_have_wilsons_interval_and_agreement_is_counted() -> None:
    made = [override(at) for at in range(100)]
    made += [
        override(at, machine="approve", officer_id=name, reason="")
        for name, ids in (("sam", range(100, 120)), ("uma", range(120, 180)))
        for at in ids
    ]
    review = look(made, outcomes(*[(at, "bad" if at < 40 else "good", 9) for at in range(80)],
                                 *[(at, "good", 12) for at in range(80, 90)]))  # fmt: skip
    sam = group(review, "person", "sam")
    assert (sam.decisions, sam.overrides, sam.agreement) == (120, 100, pytest.approx(1 / 6))
    side = group(review, "reason", "LONG_KNOWN").approved
    assert (side.n, side.known, side.bad, side.open) == (100, 90, 40, 10)
    assert not [each for each in review.groups if each.name == "uma"]  # uma overrode nothing
    everything = look(made[:80], outcomes(*[(at, "bad" if at < 40 else "good", 12)
                                            for at in range(80)]))  # fmt: skip
    rate = group(everything, "all", "").approved.bad_rate
    assert rate is not None
    # Wilson interval of 40 in 80, as published tables give it
    assert (rate.value, rate.low, rate.high) == pytest.approx((0.5, 0.3930, 0.6070), abs=1e-4)


def test_open_loans_stand_behind_those_known_as_kaplan_and_meier_have_it() -> None:
    """40 from the start, 40 watched for 6 months; 8 and 4 bad in month 3, 8 of the old in 9."""
    made = [override(at, OLD if at < 40 else date(2026, 5, 29)) for at in range(80)]
    seen = [(at, "bad", 3) for at in [*range(8), *range(40, 44)]]
    seen += [(at, "bad", 9) for at in range(8, 16)] + [(at, "open", 22) for at in range(16, 40)]
    seen += [(at, "open", 6) for at in range(44, 80)]
    side = group(look(made, outcomes(*seen)), "all", "").approved
    assert side.known == 44  # 24 watched for the whole window, 20 bad
    assert side.bad_rate is not None
    assert side.bad_rate.value == pytest.approx(1 - (1 - 12 / 80) * (1 - 8 / 32))
    assert side.money is not None
    assert side.money.value == pytest.approx(80 * (100 - 700 * side.bad_rate.value))


def test_a_young_loan_has_had_little_time_to_go_bad() -> None:
    made = [override(at, YOUNG) for at in range(60)] + [override(at) for at in range(60, 80)]
    seen = [(at, "open", 3) for at in range(60)] + [(at, "good", 12) for at in range(60, 80)]
    side = group(look(made, outcomes(*seen)), "all", "").approved
    assert side.expected_bad == pytest.approx(0.2 * (60 * 3 / 12 + 20))


def test_where_no_loan_was_watched_for_the_whole_window_no_rate_is_told_of_it() -> None:
    made = [override(at, YOUNG) for at in range(60)]
    seen = outcomes(*[(at, "bad" if at < 12 else "open", 2) for at in range(60)])
    side = group(look(made, seen), "all", "").approved
    assert (side.known, side.bad_rate, side.answer) == (12, None, "too_young")
    assert side.next is not None
    assert side.next.cases is None


def test_under_ten_known_there_are_counts_alone() -> None:
    made = [override(at) for at in range(30)]
    made += [override(at, machine="approve", person="decline", reason="PAPERS", officer_id="uma")
             for at in range(30, 39)]  # fmt: skip
    seen = outcomes(*[(at, "bad", 2) for at in range(9)])
    review = look(made, seen)
    for each in review.groups:
        assert each.approved.bad_rate is each.approved.money is each.approved.p_rate is None
        assert each.declined.by_model is each.declined.bounds is None
    side = group(review, "reason", "LONG_KNOWN").approved
    assert (side.n, side.known, side.bad, side.answer) == (30, 9, 9, "too_few")
    assert side.next is not None
    assert (side.next.action, side.next.cases) == ("watch", 1)
    assert group(review, "reason", "PAPERS").declined.answer == "too_few"
    assert review.findings == ()


def test_somebody_with_three_bad_loans_is_not_called_bad() -> None:
    made = [override(at) for at in range(200)]
    made += [override(at, officer_id="uma") for at in range(200, 203)]
    seen = [(at, "bad" if at % 5 == 0 else "good", 12) for at in range(200)]
    review = look(made, outcomes(*seen, *[(at, "bad", 1) for at in range(200, 203)]))
    assert group(review, "person", "uma").approved.answer == "too_few"
    assert [
        each.name for each in review.findings if each.by == "person" and each.name == "uma"
    ] == []


def test_of_those_turned_away_there_are_bounds_and_an_inference_apart_from_what_was_seen() -> None:
    made = [
        override(at, machine="approve", person="decline", expected_bad=0.05) for at in range(50)
    ]
    like = pl.DataFrame({
        "grade": ["B"] * 1000, "outcome": ["bad"] * 40 + ["good"] * 960, "months": [12] * 1000
    })  # fmt: skip
    side = group(look(made, outcomes(), accepted=like), "reason", "LONG_KNOWN").declined
    assert side.bounds == pytest.approx((-50 * 100, 50 * 600))
    assert side.by_model == pytest.approx(-50 * (100 - 0.05 * 700))
    assert (side.covered, side.alike) == (50, 1000)
    assert side.inferred is not None
    assert side.if_worse is not None
    assert side.inferred.value == pytest.approx(-50 * (100 - 0.04 * 700))
    assert side.if_worse.value == pytest.approx(-50 * (100 - 0.08 * 700))
    assert side.breaks_even_at == pytest.approx(1 / 7 / 0.04)
    assert side.answer == "turns_away_good"
    assert side.next is not None
    assert side.next.action == "test"
    alone = look(made, outcomes())
    unknown = group(alone, "reason", "LONG_KNOWN").declined
    assert unknown.inferred is None
    assert (unknown.answer, unknown.bounds) == ("not_known", side.bounds)
    assert any("bounds" in each for each in alone.notes)


def test_turning_away_what_loses_money_even_when_accepted_spares_losses() -> None:
    made = [override(at, machine="approve", person="decline") for at in range(50)]
    like = pl.DataFrame({
        "grade": ["B"] * 400, "outcome": ["bad"] * 120 + ["good"] * 280, "months": [12] * 400
    })  # fmt: skip
    side = group(look(made, outcomes(), accepted=like), "reason", "LONG_KNOWN").declined
    assert side.answer == "spares_losses"


def test_a_reason_is_tightened_where_its_safer_half_earns_and_else_retired() -> None:
    made = [override(at, expected_bad=0.1 if at % 2 else 0.4) for at in range(200)]
    half = look(made, outcomes(*[(at, "bad" if at % 2 == 0 and at % 3 else "good", 12)
                                 for at in range(200)]))  # fmt: skip
    (found,) = (each for each in half.findings if each.by == "reason")
    assert (found.answer, found.next.action) == ("loses_money", "tighten")
    assert found.next.pd_up_to == pytest.approx(0.25)
    whole = look(made, outcomes(*[(at, "bad" if at % 3 else "good", 12) for at in range(200)]))
    (found,) = (each for each in whole.findings if each.by == "reason")
    assert found.next.action == "retire"


def test_money_that_a_loan_is_known_to_have_brought_goes_before_what_it_is_worth() -> None:
    made = [override(at) for at in range(40)]
    seen = outcomes(*[(at, "good", 12) for at in range(40)])
    brought = seen.with_columns(profit=pl.Series([None, *[-5.0] * 39]))
    side = group(look(made, brought), "all", "").approved
    assert side.money is not None
    assert side.money.value == pytest.approx(100 - 39 * 5)


def test_the_margin_follows_from_the_models_expected_profit() -> None:
    frame = framed([override(at) for at in range(20)])
    frame = frame.with_columns(amount=pl.lit(1000.0), expected_profit=pl.lit(-40.0))
    seen = outcomes(*[(at, "good", 12) for at in range(20)])
    review = measure_overrides(frame, seen, until=UNTIL, worth=Worth(loss=0.6))
    money = group(review, "all", "").approved.money
    assert money is not None
    assert money.value == pytest.approx(20 * (-40 + 0.2 * 600) / 0.8)


def test_no_persons_figure_is_left_for_whoever_may_not_see_it() -> None:
    review = reviewed(PLANTED, 1)
    names = {each.name for each in review.groups if each.by == "person"}
    hidden = review.seen_by(())
    assert hidden.withheld == len(names) == 6
    assert not any(name in json.dumps(hidden.as_dict()) for name in names)
    assert {each.by for each in hidden.findings} == {"reason"}
    own = review.seen_by({"user.3"})
    assert [each.name for each in own.groups if each.by == "person"] == ["user.3"]
    assert own.withheld == 5


def test_a_reason_of_one_person_alone_is_that_persons() -> None:
    made = [override(at) for at in range(60)]
    made += [override(at, reason="OTHER", officer_id=name)
             for name, ids in (("uma", range(60, 90)), ("sam", range(90, 120)))
             for at in ids]  # fmt: skip
    review = look(made, outcomes(*[(at, "bad", 3) for at in range(119)], (119, "good", 12)))
    for seen, answer in (((), "withheld"), (("uma",), "withheld"), (("sam",), "loses_money")):
        told = review.seen_by(seen)
        side = group(told, "reason", "LONG_KNOWN").approved
        assert (side.answer, side.n) == (answer, 60)
        assert (side.money is None) == (answer == "withheld")
        assert group(told, "reason", "OTHER").approved.money is not None
    assert {each.name for each in review.seen_by(()).findings} == {"OTHER"}


def test_a_look_is_the_same_for_the_same_seed_and_json_holds_it() -> None:
    told = [json.dumps(reviewed(PLANTED, 2).as_dict(), allow_nan=False) for _ in range(2)]
    assert told[0] == told[1]


def test_nothing_that_was_overridden_is_an_empty_look() -> None:
    review = look([], outcomes())
    assert [each.by for each in review.groups] == ["all"]
    assert (review.findings, review.people) == ((), 0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"machine": "refer"}, "'machine' holds 'refer'"),
        ({"reason": ""}, "and decides otherwise"),
        ({"person": "decline"}, "and both decide the same"),
        ({"expected_bad": 1.2}, "no share from 0 to 1"),
        ({"on": date(2026, 12, 24)}, "after 2026-11-30"),
    ],
)
def test_decisions_that_cannot_be_are_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        look([override(1), override(2, **change)], outcomes())


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (outcomes((1, "good", 12), (1, "bad", 2)), "more than once"),
        (outcomes((1, "late", 12)), "row 1.*'outcome' holds 'late'"),
        (outcomes((1, "bad", -2)), "less than no month"),
        (outcomes((2, "good", 12)), "a person declined"),
        (outcomes().drop("months"), "no column 'months'"),
    ],
)
def test_outcomes_that_cannot_be_are_refused(seen: pl.DataFrame, said: str) -> None:
    made = [override(1), override(2, machine="approve", person="decline")]
    with pytest.raises(BadInput, match=said):
        look(made, seen)


def test_settings_out_of_reach_are_refused() -> None:
    for name, value in (("horizon", 0), ("least", 3), ("worse", 0.5), ("false_share", 1.0)):
        with pytest.raises(BadInput, match=f"'{name}'"):
            look([override(1)], outcomes(), **{name: value})
    with pytest.raises(BadInput, match="'loss'"):
        Worth(loss=-1.0)
    with pytest.raises(BadInput, match="more than once"):
        look([override(1), override(1)], outcomes())

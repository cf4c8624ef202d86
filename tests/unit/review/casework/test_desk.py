"""A rehearsed desk: people as they are declared, what they achieve, and what staffing is enough."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from equipoise.authority import AuthoritySection
from equipoise.errors import BadInput
from equipoise.review.casework.arrivals import SyntheticFlow, checked_flow
from equipoise.review.casework.chance import fit_chance
from equipoise.review.casework.desk import Desk
from equipoise.review.casework.kinds import FlowOfKinds, KindOfCase
from equipoise.review.casework.orders import ByValue, FirstCome
from equipoise.review.casework.simulate import simulate_authority, simulated_answers
from equipoise.review.casework.underwriters import Crew, Skill, Underwriter
from equipoise.review.casework.whatif import Change, planned_staff, staffed, what_if

RULES = AuthoritySection.model_validate(
    {
        "levels": [{"name": "underwriter", "staff": 6, "hours_per_day": 8}],
        "matrix": [{"level": "underwriter"}],
    }
)
FLOW = FlowOfKinds(
    cases=SyntheticFlow(per_day=60, days=30),
    kinds={
        "INCOME": KindOfCase(share=4, wrong=0.3, stake=0.06, minutes=45),
        "THIN_FILE": KindOfCase(share=3, wrong=0.12, stake=0.05, minutes=35),
        "ADDRESS": KindOfCase(share=4, wrong=0.02, stake=0.05, minutes=20),
    },
)
MORNING = datetime(2026, 1, 5, 9, tzinfo=UTC)


def one_kind(size: int, wrong: bool, gap: float = 8.0, **more: Any) -> pl.DataFrame:
    """Cases of 6 minutes, one every `gap` minutes of office time from a Monday's morning."""
    minutes = gap * np.arange(size)
    arrived = [
        MORNING + timedelta(days=7 * (m // 2400) + m // 480 % 5, minutes=m % 480)
        for m in minutes.tolist()
    ]
    return pl.DataFrame({"arrived_at": arrived}).with_columns(
        amount=1.0, grade=pl.lit("A"), person=True, minutes=6.0, stake=100.0, wrong=wrong,
        kind=pl.lit("X"), **more,
    )  # fmt: skip


def alone(person: Underwriter, **more: Any) -> Desk:
    return Desk(Crew(named={"underwriter": [person]}), **{"leaving": 0.0, **more})


ONE = staffed(RULES, {"underwriter": 1})


def test_people_find_and_spoil_as_declared_by_kind() -> None:
    person = Underwriter(Skill(0.1, 0.9), {"X": Skill(0.7, 0.05)})
    for wrong, share, sign in ((True, 0.7, 1), (False, 0.05, -1)):
        found = simulated_answers(ONE, one_kind(4_000, wrong), alone(person))
        changed = found["changed"].mean()
        assert changed == pytest.approx(share, abs=0.03)
        assert found["right"].mean() == pytest.approx(changed if wrong else 1 - changed)
        assert found["gained"].sum() == pytest.approx(sign * 100 * changed * 4_000)
    other = one_kind(2_000, True).with_columns(kind=pl.lit("Y"))
    assert simulated_answers(ONE, other, alone(person))["changed"].mean() < 0.15


def test_whoever_tires_is_slower_and_less_right_in_the_afternoon() -> None:
    flow = one_kind(4_000, True, gap=16.0)
    rested, tired = alone(Underwriter()), alone(Underwriter(slower=0.5, duller=0.5))
    found = {desk: simulated_answers(ONE, flow, each) for desk, each in
             (("rested", rested), ("tired", tired))}  # fmt: skip
    day = (flow["arrived_at"].dt.hour() - 9 + flow["arrived_at"].dt.minute() / 60) / 8
    late = day > 0.75
    hours = found["tired"]["hours"].to_numpy()
    # nobody waits, so a case takes 6 minutes x (1 + half of the day that is over)
    whole = (day < 0.97).to_numpy()
    np.testing.assert_allclose(hours[whole], (0.1 * (1 + 0.5 * day)).to_numpy()[whole], rtol=1e-6)
    right = found["tired"].filter(late)["right"].mean()
    assert right == pytest.approx(0.8 * (1 - 0.5 * day.filter(late).mean()), abs=0.05)
    assert found["rested"].filter(late)["right"].mean() == pytest.approx(0.8, abs=0.05)
    # the same eye on the same case: who is tired finds nothing that they would miss rested
    assert not (found["tired"]["changed"] & ~found["rested"]["changed"]).any()


def test_speed_halves_the_work_and_those_who_left_bring_nothing() -> None:
    flow = one_kind(400, True, gap=20.0)
    quick = simulated_answers(ONE, flow, alone(Underwriter(Skill(1.0, 0.0), speed=2.0)))
    assert quick["hours"].median() == pytest.approx(0.05, rel=1e-6)
    assert quick["gained"].sum() == 100 * 400
    slow = one_kind(400, True, gap=20.0).with_columns(minutes=4 * 60.0)
    desk = alone(Underwriter(Skill(1.0, 0.0)), leaving=0.1)
    found = simulated_answers(ONE, slow.head(60), desk)
    expected = (100 * 0.9 ** found["hours"]).sum()
    assert found["gained"].sum() == pytest.approx(expected, abs=4 * 100 * 60**0.5 / 2)


def test_people_are_drawn_by_a_seed_and_one_more_leaves_the_others_as_they_were() -> None:
    usual = Underwriter(Skill(0.8), {"X": Skill(0.6)})
    crew = Crew(usual, vary=0.2, seed=4)
    three, four = crew.at("a", 3), crew.at("a", 4)
    assert four[:3] == three
    assert len({one.speed for one in four}) == 4
    assert crew.at("b", 1) != crew.at("a", 1) != replace(crew, seed=5).at("a", 1)
    many = crew.at("a", 2_000)
    speeds = np.array([one.speed for one in many])
    assert (speeds.mean(), speeds.std()) == (
        pytest.approx(1, abs=0.02),
        pytest.approx(0.2, abs=0.02),
    )
    odds = np.array([one.kinds["X"].finds / (1 - one.kinds["X"].finds) for one in many])
    assert np.log(odds).std() == pytest.approx(0.2, abs=0.02)
    best = Underwriter(speed=3.0)
    assert Crew(usual, named={"a": [best]}).at("a", 2) == (best, usual)


def test_order_changes_no_arrival_no_truth_and_no_work_and_its_money_is_more() -> None:
    desk = Desk(Crew(Underwriter(slower=0.2, duller=0.15), vary=0.15, seed=1), leaving=0.02)
    short = staffed(RULES, {"underwriter": 5})
    first = simulated_answers(short, FLOW, desk, order=FirstCome(), seed=3)
    value = simulated_answers(short, FLOW, desk, order=ByValue(leaving=0.02), seed=3)
    for same in ("arrived", "amount", "kind", "wrong", "stake", "minutes"):
        assert first[same].equals(value[same])
    runs = {
        type(order).__name__: simulate_authority(
            short, FLOW, order=order, desk=desk, seed=3, replications=10
        ).runs["underwriter"]
        for order in (FirstCome(), ByValue(leaving=0.02))
    }
    more = np.subtract(runs["ByValue"]["gained"], runs["FirstCome"]["gained"])
    assert more.mean() > 2.26 * more.std(ddof=1) / 10**0.5  # Student's t, 9 degrees of freedom
    assert runs["ByValue"]["arrivals"] == runs["FirstCome"]["arrivals"]


def test_promises_are_kept_at_the_planned_staffing_and_visibly_broken_below_it() -> None:
    desk = Desk(Crew(Underwriter(slower=0.2), vary=0.1, seed=2), promised=8.0)
    order = ByValue(leaving=0.02)
    plan = planned_staff(RULES, "underwriter", FLOW, desk, kept=0.9, order=order, replications=5)
    assert plan.kept.low is not None and plan.kept.low >= 0.9
    assert plan.below is not None and plan.below.mean is not None and plan.below.mean < 0.8
    # on other cases than it was planned on
    kept = [
        simulate_authority(
            staffed(RULES, {"underwriter": plan.people - fewer}),
            FLOW, order=order, desk=desk, seed=77, replications=5,
        ).level("underwriter")["kept"].mean
        for fewer in (0, 1, 2)
    ]  # fmt: skip
    assert kept[0] > 0.88
    assert 0.8 > kept[1] > kept[2]
    table = what_if(
        staffed(RULES, {"underwriter": plan.people}),
        [Change("one fewer", staff={"underwriter": -1})],
        FLOW, desk=desk, order=order, replications=5,
    )  # fmt: skip
    (row,) = table.filter(level="underwriter", measure="kept").to_dicts()
    assert row["high"] < 0


def test_the_chance_learned_from_what_people_did_is_that_of_their_kind() -> None:
    desk = Desk(Crew(Underwriter(Skill(0.8, 0.02))))
    past = simulated_answers(RULES, FLOW, desk, seed=9).with_columns(
        machine=pl.lit("decline"),
        person=pl.when("changed").then(pl.lit("approve")).otherwise(pl.lit("decline")),
        reasons="exceptions",
    )
    model = fit_chance(past, by=["grade", "reasons"])
    for kind, each in FLOW.kinds.items():
        case = pl.DataFrame({"grade": ["A"], "reasons": [[kind]]})
        true = each.wrong * 0.8 + (1 - each.wrong) * 0.02
        assert model.of(case)["chance"][0] == pytest.approx(true, abs=0.05)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Skill(finds=1.2), "finds is 1.2"),
        (lambda: Underwriter(speed=0), "a speed of 0"),
        (lambda: Underwriter(slower=-1), "slower by -1"),
        (lambda: Underwriter(duller=2), "duller by 2"),
        (lambda: Crew(vary=-1), "vary by -1"),
        (lambda: Desk(promised=0), "0 hours are promised"),
        (lambda: Desk(leaving=1), "1 leave in an hour"),
        (lambda: planned_staff(RULES, "underwriter", FLOW, Desk(), kept=1), "a share of 1"),
        (lambda: planned_staff(RULES, "underwriter", FLOW, Desk(promised=0.01), most=2,
                               replications=2), "2 people at 'underwriter' do not keep"),
        (lambda: simulated_answers(RULES, SyntheticFlow(per_day=5, days=2), Desk()), "`stake`"),
        (lambda: simulate_authority(RULES, SyntheticFlow(per_day=5, days=2), order=ByValue()),
         "`stake` of every case"),
        (lambda: checked_flow(one_kind(1, True, chance=pl.lit(2.0))), "is not a number from"),
        (lambda: checked_flow(one_kind(1, True, promised=pl.lit(0.0))), "promised is not a number"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(make: Any, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        make()

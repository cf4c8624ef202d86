"""What would turn an answer: every way is decided, minimal, and one the contract declares."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from corner_lender import TODAY, application
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.strategy.recourse.changeable import CHANGES, changeable

from equipoise.errors import BadInput
from equipoise.strategy.recourse import WayBack, find_recourse, has_way_back

TURNED = ("ask_for_more", "counter_offer", "approve")
WAYS = ("table", "cutoff", "balance")
STRATEGIES = {way: changeable(choose=way) for way in WAYS}
RISKY = {"score": 650.0, "dti": 0.4, "employment": "own"}
APPLICANTS = st.fixed_dictionaries(
    {
        "score": st.sampled_from([400.0, 520.0, 560.0, 620.0, 690.0]),
        "dti": st.sampled_from([0.1, 0.33, 0.42, 0.55, 0.58, 0.72, 1.4]),
        "employment": st.sampled_from(["permanent", "temporary", "own"]),
        "amount": st.sampled_from([900.0, 5000.0, 12300.0, 28000.0, 50000.0]),
        "term": st.sampled_from([12, 36, 60, 84]),
        "income": st.sampled_from([600.0, 1500.0, 4200.0]),
        "on_sick_leave": st.booleans(),
    }
)


def fields(way: WayBack) -> set[str]:
    return {each.field for each in way.changes}


def without(way: WayBack, record: dict, field: str) -> dict:
    return {**way.applied(record), field: record[field]}


def test_a_change_of_work_turns_a_decline_into_an_offer():
    # 500 + 100 (score) + 0 (dti) - 20 (own) = 580 points are a PD of 0.3; 600 are 0.25, under 0.26
    record = application(**RISKY)
    assert STRATEGIES["table"].decide(record).outcome == "decline"
    ways = {frozenset(fields(each)): each for each in find_recourse(STRATEGIES["table"], record)}
    way = ways[frozenset({"employment"})]
    (change,) = way.changes
    assert (way.kind, way.outcome, way.days) == ("recourse", "counter_offer", 60)
    assert (change.start, change.to) == ("own", "permanent")
    assert change.said == {"en": "employment: permanent instead of own"}


def test_the_fewest_steps_are_asked_for():
    # debts under 0.3 give the same 20 points: two steps of 0.05 reach 0.3, the third is below it
    ways = find_recourse(STRATEGIES["table"], application(**RISKY))
    (way,) = [each for each in ways if fields(each) == {"dti"}]
    assert way.changes[0].to in (0.3, 0.25)
    less = application(**{**RISKY, "dti": way.changes[0].to + 0.05})
    assert STRATEGIES["table"].decide(less).outcome == "decline"
    assert (way.changes[0].steps * 15, way.kind) == (way.days, "recourse")


def test_other_terms_alone_are_a_counter_offer():
    strategy = changeable(
        choose="table",
        table={
            "rows": [
                {"tier": "low", "when": "amount <= 10000", "give": "quick_base_all"},
                {"give": "decline"},
            ]
        },
    )
    (way,) = find_recourse(strategy, application(amount=13500.0))
    assert (way.kind, way.outcome, way.days) == ("counter_offer", "approve", 0)
    assert [each.as_dict()["to"] for each in way.changes] == [9500.0]
    assert way.offers[0].amount == 9500.0


def test_an_approved_applicant_needs_no_way():
    assert find_recourse(STRATEGIES["table"], application()) == []
    assert has_way_back(STRATEGIES["table"], application()) is None


def test_where_nothing_may_change_there_is_no_way():
    record = application(**RISKY)
    assert find_recourse(changeable({}), record) == []
    assert has_way_back(changeable({}), record) is False


@settings(max_examples=150)
@given(way=st.sampled_from(WAYS), facts=APPLICANTS)
def test_every_way_is_decided_minimal_and_declared(way, facts):
    strategy, record = STRATEGIES[way], application(**facts)
    base = strategy.decide(record)
    ways = find_recourse(strategy, record, most=20)
    if base.outcome in ("decline", "refer"):
        assert has_way_back(strategy, record) is bool(ways)
    assert [each.effort for each in ways] == sorted(each.effort for each in ways)
    assert len({frozenset(fields(each)) for each in ways}) == len(ways)
    for each in ways:
        again = strategy.decide(each.applied(record))
        assert (again.outcome, again.offers) == (each.outcome, each.offers)
        assert each.outcome in TURNED
        assert each.days == max(change.days for change in each.changes)
        assert (each.kind == "counter_offer") == (fields(each) <= {"amount", "term"})
        for change in each.changes:
            check_declared(change, record)
            if base.outcome in ("decline", "refer"):
                spared = strategy.decide(without(each, record, change.field))
                assert spared.outcome not in TURNED


def check_declared(change, record):
    declared = CHANGES[change.field]
    assert change.start == record[change.field]
    if "step" not in declared:
        assert change.to in declared.get("to", (False,))
        return
    moved = change.to - change.start
    assert abs(moved) == pytest.approx(change.steps * declared["step"])
    assert abs(moved) <= declared.get("most", 50000) + 1e-9
    assert declared["direction"] == "either" or (moved > 0) == (declared["direction"] == "increase")
    low = {"amount": 500, "term": 6, "dti": 0, "income": 0}[change.field]
    high = {"amount": 50000, "term": 84, "dti": 3, "income": 1e9}[change.field]
    assert low <= change.to <= high
    assert change.days == change.steps * declared["days"]


def grid(record: dict) -> list[list[dict]]:
    """Every value of every field that the contract lets this applicant reach."""

    def steps(name: str, sign: int, low: float, high: float) -> list[dict]:
        declared, start = CHANGES[name], record[name]
        most = declared.get("most", 1e9)
        values = [start + sign * k * declared["step"] for k in range(60)]
        return [{name: round(v, 10)} for v in values if low <= v <= high and abs(v - start) <= most]

    return [
        [{}, *steps("amount", -1, 500, 50000)[::4], *steps("amount", -1, 500, 50000)[-1:]],
        [{}, *steps("term", -1, 6, 84), *steps("term", 1, 6, 84)],
        [{}, *steps("income", 1, 0, 1e9)[::4]],
        [{}, *steps("dti", -1, 0, 3)],
        [{}, {"employment": "permanent"}],
        [{}, {"on_sick_leave": False}],
    ]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("dti", [0.42, 0.72, 0.98])
@pytest.mark.parametrize("score", [400.0, 560.0])
def test_whoever_has_a_way_on_the_whole_grid_is_shown_one(way, dti, score):
    record = application(
        score=score, dti=dti, employment="own", amount=20000.0, income=1200.0, on_sick_leave=True
    )
    strategy = STRATEGIES[way]
    reachable = any(
        strategy.decide({**record, **{k: v for part in parts for k, v in part.items()}}).outcome
        in TURNED
        for parts in product(*grid(record))
    )
    assert has_way_back(strategy, record) is reachable


def test_a_counter_offer_is_bettered_only_by_an_approval_of_more():
    # 680 - 20 (own) = 660 points are a PD of 0.1008, just outside the low tier
    record = application(score=720.0, dti=0.31, employment="own")
    base = STRATEGIES["table"].decide(record)
    assert base.outcome == "counter_offer"
    ways = find_recourse(STRATEGIES["table"], record)
    assert {frozenset(fields(each)) for each in ways} == {
        frozenset({"dti"}),
        frozenset({"employment"}),
    }
    for each in ways:
        assert each.outcome == "approve"
        assert each.offers[0].amount > base.offers[0].amount


def test_who_still_has_to_bring_something_is_shown_no_way_and_may_be_shown_one_that_goes_on():
    strategy = STRATEGIES["table"]
    record = {**application(amount=15000.0), "checks": {}}
    assert strategy.decide(record).outcome == "ask_for_more"
    assert find_recourse(strategy, record) == []
    declined = {**application(**RISKY), "checks": {}}
    assert {each.outcome for each in find_recourse(strategy, declined)} == {"ask_for_more"}


def test_a_fact_without_a_value_or_a_declared_change_stays():
    strategy = changeable({"dti": CHANGES["dti"], "employment": CHANGES["employment"]})
    record = application(score=560.0, dti=None, employment="own")
    assert all(fields(each) == {"employment"} for each in find_recourse(strategy, record))


def test_a_way_holds_until_the_first_fact_it_rests_on_goes_stale():
    strategy = STRATEGIES["table"]
    # the score may be 30 days old; it is of 20 February, so it serves until 22 March
    ways = find_recourse(strategy, application(**RISKY))
    assert {each.valid_until for each in ways} == {date(2026, 3, 22)}


def test_a_way_that_rests_on_nothing_that_ages_holds_thirty_days_after_its_longest_change():
    everybody = {"bands": [{"below": 0.9, "give": "full_base_all"}]}
    strategy = changeable(choose="cutoff", cutoff=everybody)
    record = application(score=None, score_date=None, on_sick_leave=True)
    (way,) = find_recourse(strategy, record)
    assert fields(way) == {"on_sick_leave"}
    assert [each.name for each in way.conditions] == ["income", "call"]
    assert way.valid_until == TODAY + timedelta(days=10 + 30)


def test_a_wrong_application_is_refused_as_when_it_is_decided():
    with pytest.raises(BadInput, match="amount"):
        find_recourse(
            STRATEGIES["table"], {k: v for k, v in application().items() if k != "amount"}
        )


def test_only_so_many_are_shown_as_asked_for():
    ways = find_recourse(STRATEGIES["table"], application(**RISKY))
    assert len(ways) > 1
    assert find_recourse(STRATEGIES["table"], application(**RISKY), most=1) == ways[:1]

"""The plan of checks: worked by hand, against every order of every set, and what must hold."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_lender import CHECK_SHIFT
from step_lender import CHECKS, lender_model, step_strategy, treatments

from equipoise.experience import Check
from equipoise.strategy.asking import asking_figures, kernels
from equipoise.strategy.asking.figures import AskingFigures, Request, Start
from equipoise.strategy.asking.planner import Planner
from equipoise.strategy.asking.trace import Weighing
from equipoise.value.compiled import Valuer, figures_of
from equipoise.value.loans import instalment
from equipoise.value.measures import MEASURES
from equipoise.value.model import Way
from equipoise.value.population import Population

MODEL = lender_model()
FIGURES = figures_of(MODEL, CHECK_SHIFT)
MENU = treatments().menu()
MACHINE = np.array([t.journey is None or t.journey.name != "person" for t in MENU])
WAITS = {"income": 0.5, "bank": 1.5, "call": 0.25, "visit": 2.5}
HAZARD = MODEL.experience.hazard_per_day.value
HOUR = MODEL.quantities["lender.underwriter_hour_cost"].value


def request(check: Check, wait: float) -> Request:
    return Request(
        check.name,
        (1 - check.drop_off) * float(np.exp(-HAZARD * wait)),
        wait,
        check.sensitivity,
        check.false_alarm,
        check.minutes,
        check.questions,
        check.underwriter_hours,
        check.cost + check.underwriter_hours * HOUR,
    )


def planner(*requests: Request) -> Planner:
    start = Start(0.82, 15.0, 17.0, 0.0)
    asking = AskingFigures(0.5, float(np.exp(-HAZARD * 0.5)), start, requests)
    return Planner(FIGURES, asking, MENU, ("person",))


REQUESTS = tuple(request(each.check(), WAITS[each.name]) for each in CHECKS)
LENDER = planner(*REQUESTS)


def weights(**values: float) -> np.ndarray:
    found = np.zeros(len(MEASURES))
    for name, value in values.items():
        found[MEASURES.index(name)] = value
    return found


PRICED = weights(
    good_customers_served=900.0, profit=0.4, expected_loss=-1.2, minutes=-0.3, exposure=0.05
)
people = st.tuples(
    st.floats(0.001, 0.7),
    st.floats(0.2, 0.9),
    st.floats(500, 30000),
    st.sampled_from([12.0, 36.0, 60.0]),
    st.floats(800, 9000),
    st.floats(0.05, 0.3),
)


# --- by hand: one check, an applicant who repays or defaults at even odds


def one_check(offers: list[float], cost: float, *, may_decline: bool = True) -> tuple[float, int]:
    """Value and act of standing before a check that keeps 0.9 and passes 0.95 good, 0.5 bad."""
    requests = np.array([[0.9, 0.5, 0.95, 0.0, 0.0, 0.0, cost, 0.0]])
    sets = np.array([[1.0, 0.0, 0.0], [0.5 / 0.95, np.log(0.5 / 0.95), 0.0]])
    value, act = np.zeros(2), np.zeros(2, dtype=np.int64)
    terms_of, needs = np.zeros(2, dtype=np.int64), np.array([0, 1])
    kernels.plan_terms(
        0, 0, 1, may_decline, 1.0, requests, sets, terms_of, needs, np.zeros(2, dtype=bool),
        weights(profit=1.0), np.ones(2, dtype=bool), np.array(offers), value, act,
    )  # fmt: skip
    return float(value[0]), int(act[0])


def test_a_check_is_asked_where_what_it_saves_exceeds_what_it_loses() -> None:
    # of those asked 0.9 x (0.95 + 0.5) / 2 = 0.6525 stay and pass
    value, act = one_check([100.0, 160.0], cost=2.0)
    assert act == 0
    assert value == pytest.approx(-2 + 0.6525 * 160)


def test_the_same_check_is_not_asked_where_its_fee_takes_the_gain() -> None:
    assert one_check([100.0, 160.0], cost=5.0) == (100.0, kernels.OFFER)


def test_at_equal_value_nothing_is_asked() -> None:
    assert one_check([0.6525 * 160, 160.0], cost=0.0)[1] == kernels.OFFER


def test_whoever_is_declined_now_may_be_lent_to_after_a_check() -> None:
    value, act = one_check([-40.0, 50.0], cost=1.0)
    assert (act, value) == (0, pytest.approx(-1 + 0.6525 * 50))


def test_a_check_after_which_nobody_is_lent_to_is_worth_less_than_a_decline() -> None:
    assert one_check([-40.0, -5.0], cost=1.0)[0] == -1.0
    hopeless = (0.7, 0.9, 9000.0, 36.0, 2500.0, 0.05)
    plan = LENDER.one(hopeless, PRICED, MACHINE, 0, may_decline=True)
    assert (plan.chosen.index, plan.asked, plan.chosen.net) == (0, -1, 0.0)


# --- against every order of every set, by the balance's own value model


def population(person: tuple[float, ...], ratio: float) -> Population:
    """One applicant whose odds checks passed have multiplied by `ratio`."""
    pd, lgd, amount, months, income, apr = (np.array([each]) for each in person)
    odds = pd / (1 - pd) * np.exp(-CHECK_SHIFT) * ratio
    return Population(
        pd=odds / (1 + odds),
        seen_pd=pd,
        lgd=lgd,
        amount=amount,
        months=months,
        income=income,
        apr=apr,
        instalment=instalment(amount, apr, months),
        today=np.zeros(1, dtype=np.intp),
        eligible=np.ones((1, len(MENU)), dtype=bool),
    )


def worth(person: tuple[float, ...], k: int, order: tuple[str, ...], start: int) -> float:
    """Net value of treatment k after asking for checks in order, the first `start` passed."""
    checks = {each.name: each.check() for each in CHECKS}
    ratio, reach, spent = 1.0, 1.0, 0.0
    for at, name in enumerate(order):
        check = checks[name]
        if at >= start:
            people = population(person, ratio)
            pd = MODEL.pd_at_terms(people, *MODEL.terms(people, k))
            spent += reach * (
                PRICED[MEASURES.index("minutes")] * check.minutes
                - PRICED[MEASURES.index("profit")] * (check.cost + check.underwriter_hours * HOUR)
            )
            stays = (1 - check.drop_off) * np.exp(-HAZARD * WAITS[name])
            reach *= float(stays * check.pass_rate(pd)[0])
        ratio *= (1 - check.sensitivity) / (1 - check.false_alarm)
    people = population(person, ratio)
    wait = 0.5 + sum(WAITS[name] for name in order)
    way = Way(
        stays=float(np.exp(-HAZARD * 0.5)), checks=(), minutes=0.0, questions=0,
        underwriter_hours=0.0, cost=0.0, wait_days=wait,
    )  # fmt: skip
    found = MODEL._measured(people, way, *MODEL.terms(people, k))
    net = sum(w * float(getattr(found, n)[0]) for n, w in zip(MEASURES, PRICED, strict=True))
    return spent + reach * net


def best_by_hand(person: tuple[float, ...], passed: tuple[str, ...]) -> float:
    """The best net value over all treatments, sets and orders that their journeys permit."""
    best = 0.0
    by_terms: dict[tuple[str, str], list[int]] = {}
    for k, each in enumerate(MENU[1:], start=1):
        if each.price and each.amount and MACHINE[k]:
            by_terms.setdefault((each.price.name, each.amount.name), []).append(k)
    for same in by_terms.values():
        needs = [set(MENU[k].journey.checks) for k in same]  # type: ignore[union-attr]
        left = [name for name in sorted(set().union(*needs)) if name not in passed]
        for count in range(len(left) + 1):
            for order in permutations(left, count):
                if any(each <= {*passed, *order} for each in needs):
                    best = max(best, worth(person, same[0], (*passed, *order), len(passed)))
    return best


@pytest.mark.parametrize("passed", [(), ("income",), ("call", "bank")])
@pytest.mark.parametrize("pd", [0.004, 0.03, 0.09, 0.2, 0.45])
def test_the_plan_is_the_best_of_all_orders_of_all_sets(pd: float, passed: tuple[str, ...]) -> None:
    person = (pd, 0.5, 9000.0, 36.0, 2500.0, 0.14)
    mine = LENDER.one(person, PRICED, MACHINE, LENDER.set_of(passed), may_decline=True)
    # the live value model reads capital from a table: five digits
    assert mine.chosen.net == pytest.approx(best_by_hand(person, passed), rel=1e-4, abs=1e-6)


def test_those_persons_meet_every_kind_of_answer() -> None:
    found = set()
    for pd in (0.004, 0.03, 0.09, 0.2, 0.45):
        plan = LENDER.one((pd, 0.5, 9000.0, 36.0, 2500.0, 0.14), PRICED, MACHINE, 0,
                          may_decline=True)  # fmt: skip
        found.add((plan.asked >= 0, plan.chosen.index > 0))
    assert found >= {(True, True), (False, True)}


# --- what must hold for any checks and anybody

requests = st.builds(
    Request,
    name=st.just(""),
    stays=st.floats(0.3, 1),
    wait_days=st.floats(0, 5),
    sensitivity=st.floats(0, 0.95),
    false_alarm=st.floats(0, 0.5),
    minutes=st.floats(0, 60),
    questions=st.floats(0, 20),
    underwriter_hours=st.floats(0, 2),
    cost=st.floats(0, 100),
)


def named(drawn: list[Request]) -> tuple[Request, ...]:
    names = [each.name for each in CHECKS]
    plain = [{f: getattr(each, f) for f in Request.__slots__} for each in drawn]
    return tuple(Request(**{**each, "name": n}) for each, n in zip(plain, names, strict=True))


lenders = st.lists(requests, min_size=4, max_size=4).map(lambda drawn: planner(*named(drawn)))


def weighed(lender: Planner, person: tuple[float, ...], passed: int = 0) -> dict:
    plan = lender.one(person, PRICED, MACHINE, passed, may_decline=True)  # type: ignore[arg-type]
    told = Weighing(lender, plan, person, PRICED, MACHINE, True).as_dict()  # type: ignore[arg-type]
    return {**told, "plan": plan, "asked": lender.names[plan.asked] if plan.asked >= 0 else None}


@settings(max_examples=150, deadline=None)
@given(lender=lenders, person=people, passed=st.integers(0, 15))
def test_a_check_is_asked_only_where_its_value_exceeds_its_cost(
    lender: Planner, person: tuple[float, ...], passed: int
) -> None:
    found = weighed(lender, person, passed)
    for each in found["considered"]:
        assert each["net"] == pytest.approx(each["value"] - each["cost"], abs=1e-9)
        assert each["cost"] == pytest.approx(each["asking"] + each["lost"], abs=1e-9)
        assert each["asking"] >= 0
        if each["check"] == found["asked"] and found["may_decide"]:
            assert each["value"] > each["cost"]
    plan = found["plan"]
    if plan.asked < 0 and found["may_decide"]:
        scale = 1e-9 * max(1.0, abs(found["now"]))
        assert all(each["net"] <= scale for each in found["considered"])


@settings(max_examples=100, deadline=None)
@given(drawn=st.lists(requests, min_size=4, max_size=4), person=people)
def test_what_reveals_nothing_is_never_asked_for_its_own_sake(
    drawn: list[Request], person: tuple[float, ...]
) -> None:
    blind = [
        Request("", each.stays, each.wait_days, each.false_alarm, each.false_alarm,
                each.minutes, each.questions, each.underwriter_hours, each.cost)
        for each in drawn
    ]  # fmt: skip
    found = weighed(planner(*named(blind)), person)
    assert found["may_decide"]
    assert found["asked"] is None


@settings(max_examples=100, deadline=None)
@given(better=requests, worse=st.tuples(*[st.floats(0, 0.3)] * 5), person=people)
def test_of_two_checks_the_dominated_is_never_asked_alone(
    better: Request, worse: tuple[float, ...], person: tuple[float, ...]
) -> None:
    """`bank` is worse than `income` in every figure; `call` and `visit` are out of reach."""
    stays, wait, sees, errs, costs = worse
    other = Request(
        "", better.stays * (1 - stays) - 0.001, better.wait_days + wait,
        better.sensitivity * (1 - sees), better.false_alarm + errs / 2, better.minutes + 1,
        better.questions, better.underwriter_hours, better.cost + 10 * costs + 0.01,
    )  # fmt: skip
    nothing = Request("", 0.01, 5.0, 0.0, 0.5, 60.0, 20.0, 2.0, 100.0)
    found = weighed(planner(*named([better, other, nothing, nothing])), person)
    plan, here, path = found["plan"], 0, []
    while plan.act[here] < kernels.OFFER:
        path.append(int(plan.act[here]))
        here |= 1 << path[-1]
    assert plan.chosen.index == 0 or 1 not in path or 0 in path


@settings(max_examples=60, deadline=None)
@given(everybody=st.lists(people, min_size=1, max_size=12), lender=lenders, data=st.data())
def test_many_are_planned_as_one_by_one_to_the_bit(
    everybody: list[tuple[float, ...]], lender: Planner, data: st.DataObject
) -> None:
    size = len(everybody)
    passed = np.array(data.draw(st.lists(st.integers(0, 15), min_size=size, max_size=size)))
    rows = np.stack([weights(expected_loss=-1.0), weights(minutes=-1.0)])
    masks = np.arange(2 * size).reshape(size, 2) % 3 == 0
    columns = tuple(np.array(column) for column in zip(*everybody, strict=True))
    allowed = np.ones((size, len(MENU)), dtype=bool)
    found, asked = lender.many(columns, (PRICED, rows, masks), allowed, passed, may_decline=True)  # type: ignore[arg-type]
    for i, person in enumerate(everybody):
        own = PRICED
        for row, held in zip(rows, masks[i], strict=True):
            own = own + row if held else own
        plan = lender.one(person, own, allowed[i], int(passed[i]), may_decline=True)  # type: ignore[arg-type]
        assert (found.index[i], asked[i]) == (plan.chosen.index, plan.asked)
        assert found.net[i] == plan.chosen.net
        assert tuple(found.terms[i]) == plan.chosen.terms


@pytest.mark.parametrize("journey", ["quick", "half", "full", "person"])
def test_of_one_journey_alone_the_plan_counts_what_the_menu_does(journey: str) -> None:
    """The menu's own value model, with all of the journey's checks asked of all who start."""
    mine = np.array([t.journey is not None and t.journey.name == journey for t in MENU])
    start = asking_figures(MODEL, step_strategy().content.strategy).start  # type: ignore[union-attr]
    asking = AskingFigures(0.5, float(np.exp(-HAZARD * 0.5)), start, REQUESTS)
    person = (0.03, 0.5, 9000.0, 36.0, 2500.0, 0.14)
    columns = tuple(np.array([each]) for each in person)
    nobody = (PRICED, np.zeros((0, len(MEASURES))), np.zeros((1, 0), dtype=bool))
    found, _ = Planner(FIGURES, asking, MENU, ("person",)).many(
        columns, nobody, mine[None, :], np.zeros(1, dtype=np.int64), may_decline=False
    )  # type: ignore[arg-type]
    index = int(found.index[0])
    whole = Valuer(FIGURES, MENU).given(*person, PRICED, index)
    assert MENU[index].journey.name == journey  # type: ignore[union-attr]
    assert found.measures[0] == pytest.approx(whole.measures, rel=1e-8)


@settings(max_examples=80, deadline=None)
@given(person=people)
def test_the_expected_measures_are_worth_what_the_plan_is(person: tuple[float, ...]) -> None:
    allowed = np.ones(len(MENU), dtype=bool)
    plan = LENDER.one(person, PRICED, allowed, 0, may_decline=True)  # type: ignore[arg-type]
    assert plan.chosen.net == pytest.approx(float(PRICED @ plan.chosen.measures), rel=1e-9)


@settings(max_examples=80, deadline=None)
@given(person=people)
def test_a_plan_goes_on_as_it_was_made_when_its_check_has_passed(person: tuple[float, ...]) -> None:
    plan = LENDER.one(person, PRICED, MACHINE, 0, may_decline=True)  # type: ignore[arg-type]
    if plan.asked < 0:
        return
    then = LENDER.one(person, PRICED, MACHINE, 1 << plan.asked, may_decline=True)  # type: ignore[arg-type]
    # with the check in, the lender may find even better terms than it planned for
    assert then.chosen.net >= plan.value[1 << plan.asked] - 1e-9
    assert then.chosen.net > plan.chosen.net

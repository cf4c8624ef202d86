"""What moved the synthetic lender's standing: a factor that alone changed has the whole, and pairs
add up. What must stay still is known from what the factor is, not from what was measured."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from equipoise.documents import read_document
from equipoise.errors import BadInput
from equipoise.progress import Silent
from equipoise.review.continuous import (
    Decomposition,
    Situation,
    Treated,
    mixed,
    moved,
    of_record,
    standing,
)
from equipoise.risk import RiskFit, load_risk
from equipoise.strategy.document import StrategyDocument
from equipoise.workspace import fit_workspace, new_demo
from equipoise.workspace.balance_inputs import read_balance_inputs
from equipoise.workspace.folder import Workspace
from equipoise.workspace.standings import stand
from equipoise.workspace.stressing_people import OWN, business_of, under_stress

APPLICANTS, SAMPLE = 6_000, 1_500
TODAY = ("risk", "experience", "goal_today")


@dataclass(frozen=True)
class Lender:
    """The synthetic lender as it stands, the fit of another year's applicants, and its folder."""

    now: Situation
    refit: RiskFit
    workspace: Workspace


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Lender:
    folder = tmp_path_factory.mktemp("moved")
    workspace, other = (new_demo(folder / str(seed), APPLICANTS, seed) for seed in (7, 8))
    fit_workspace(workspace)
    fit_workspace(other)
    inputs = read_balance_inputs(workspace)
    now = Situation(
        facts=inputs.facts.sample(SAMPLE, seed=1),
        types=inputs.contract.types(),
        risk=inputs.risk,
        experience=inputs.experience,
        treatments=inputs.treatments,
        appetite=inputs.appetite,
        window_months=inputs.window_months,
    )
    return Lender(now, load_risk(other.build / "risk"), workspace)


def dearer(now: Situation) -> Situation:
    """Every loan costs 150 more to run."""
    menu = now.treatments.value
    cost = menu.lender.operating_cost
    dear = cost.model_copy(update={"value": cost.value + 150})
    rates = menu.lender.model_copy(update={"operating_cost": dear})
    changed = menu.model_copy(update={"lender": rates})
    return replace(now, treatments=replace(now.treatments, value=changed))


def tighter(now: Situation) -> Situation:
    """Loans must cost a tenth less on average, and people work half as long."""
    appetite = now.appetite.value.model_dump()
    for each in appetite["constraints"]:
        if each["at_most"] == "today":
            each["at_most"] = {"today": 0.9 if each["measure"] == "price" else 0.5}
    value = type(now.appetite.value).model_validate(appetite)
    return replace(now, appetite=replace(now.appetite, value=value))


def choosier(now: Situation) -> Situation:
    """People take offers up less often."""
    take_up = now.experience.take_up
    less = take_up.intercept.model_copy(update={"value": take_up.intercept.value - 1})
    take_up = take_up.model_copy(update={"intercept": less})
    return replace(now, experience=now.experience.model_copy(update={"take_up": take_up}))


def riskier(now: Situation) -> Situation:
    """The riskier half applies, twice over."""
    pd = pl.Series("pd", now.risk.pd(now.facts))
    half = now.facts.filter(pd > pd.median())
    return replace(now, facts=pl.concat([half, half]))


def change(result: Decomposition, figure: str) -> float:
    return result.after[figure] - result.before[figure]


@pytest.mark.parametrize(
    ("factor", "become"),
    [
        ("costs", dearer),
        ("limits", tighter),
        ("price response", choosier),
        ("population", riskier),
    ],
)
def test_a_factor_that_alone_changed_has_the_whole(
    lender: Lender, factor: str, become: Callable[[Situation], Situation]
) -> None:
    after = become(lender.now)
    result = moved(lender.now, after)
    assert {tuple(parts) for parts in result.parts.values()} == {(factor,)}
    there = standing(after.asked()).figures()
    for figure, parts in result.parts.items():
        assert result.after[figure] == pytest.approx(there[figure], rel=1e-12)
        assert parts[factor] == pytest.approx(change(result, figure), abs=1e-12)
    assert change(result, "goal_reachable") != 0


def test_a_refit_alone_has_the_whole(lender: Lender) -> None:
    result = moved(lender.now, replace(lender.now, risk=lender.refit))
    assert tuple(result.parts["risk"]) == ("risk",)
    assert result.parts["risk"]["risk"] == pytest.approx(change(result, "risk"), abs=1e-12)
    assert change(result, "risk") != 0


def test_costs_and_limits_leave_today_where_it_is(lender: Lender) -> None:
    for become in (dearer, tighter):
        result = moved(lender.now, become(lender.now))
        assert [change(result, figure) for figure in TODAY] == [0, 0, 0]


def test_stricter_limits_leave_less_within_reach(lender: Lender) -> None:
    result = moved(lender.now, tighter(lender.now))
    assert change(result, "goal_reachable") < -result.before["proven"]


def test_fewer_take_up_offers_and_riskier_people_lose_more(lender: Lender) -> None:
    assert change(moved(lender.now, choosier(lender.now)), "experience") < 0
    assert change(moved(lender.now, riskier(lender.now)), "risk") > 0


def test_two_factors_have_the_mean_of_their_two_turns(lender: Lender) -> None:
    """The two orders written out by hand: costs first and then people, and the other way."""
    before, after = lender.now, riskier(dearer(lender.now))
    result = moved(before, after)

    def reachable(*of_after: str) -> float:
        return standing(mixed(before, after, of_after).asked()).goal_reachable

    none, costs = reachable(), reachable("costs")
    people, both = reachable("population"), reachable("costs", "population")
    expected = ((costs - none) + (both - people)) / 2
    assert result.parts["goal_reachable"]["costs"] == pytest.approx(expected, abs=1e-9)
    for figure, parts in result.parts.items():
        assert set(parts) == {"costs", "population"}
        assert sum(parts.values()) == pytest.approx(change(result, figure), abs=1e-9)


def as_recorded(people: pl.DataFrame) -> list[Treated]:
    """The history's people as a record of decisions would tell them: what they sent, as JSON holds
    it, and what they were given; of the columns that tell what became of them nothing."""
    later = {"todays_treatment", "todays_apr", "checks_acted", "default_12m"}
    sent = people.drop(later).with_columns(pl.col(pl.Date).cast(pl.String))
    given = people["todays_treatment"], people["todays_apr"]
    facts = ({n: v for n, v in row.items() if v is not None} for row in sent.iter_rows(named=True))
    return [Treated(each, *terms) for each, *terms in zip(facts, *given, strict=True)]


def test_a_record_of_the_same_people_stands_where_the_history_does(lender: Lender) -> None:
    contract = lender.workspace.contract().value
    people = as_recorded(lender.now.facts)
    recorded = standing(of_record(lender.now, contract, people).asked()).figures()
    for figure, value in standing(lender.now.asked()).figures().items():
        assert recorded[figure] == pytest.approx(value, rel=1e-3, abs=1e-4), figure
    stranger = replace(people[0], treatment="no longer on the menu")
    left = of_record(lender.now, contract, [*people[1:], stranger])
    assert left.facts.height == len(people) - 1


def test_a_fit_that_is_read_back_has_moved_nothing(lender: Lender) -> None:
    again = load_risk(lender.workspace.build / "risk")
    result = moved(lender.now, replace(lender.now, risk=again))
    assert result.parts["risk"] == {}
    assert result.before == result.after


@pytest.fixture
def copy(lender: Lender, tmp_path: Path) -> Workspace:
    """The fitted lender, to be changed."""
    folder = tmp_path / "lender"
    shutil.copytree(lender.workspace.folder, folder)
    return Workspace.open(folder)


def rewritten(workspace: Workspace, name: str, was: str, becomes: str) -> None:
    path = workspace.folder / name
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, becomes), encoding="utf-8")


def test_what_is_kept_names_nobody_and_tells_the_next_time_what_moved(copy: Workspace) -> None:
    first = stand(copy, keep=True, sample=SAMPLE)
    assert (first.since, first.parts) == ("", {})
    facts = pl.read_parquet(copy.folder / first.kept / "facts.parquet")
    assert facts.height == SAMPLE
    assert "application_id" not in facts.columns
    again = stand(copy, sample=SAMPLE)
    assert again.factors == ()
    assert again.figures == again.before == first.figures
    rewritten(copy, "appetite.yaml", "measure: price, per: booked, at_most: today",
              "measure: price, per: booked, at_most: {today: 0.85}")  # fmt: skip
    moved_since = stand(copy, sample=SAMPLE)
    assert moved_since.factors == ("limits",)
    assert moved_since.before == first.figures
    assert moved_since.change("goal_reachable") < 0


def test_too_far_writes_a_draft_and_changes_no_strategy(copy: Workspace) -> None:
    strategy = (copy.folder / "strategy.yaml").read_bytes()
    accepted = stand(copy, sample=SAMPLE)
    assert (accepted.is_beyond, accepted.draft) == (False, "")
    rewritten(copy, "appetite.yaml", "frontier:", "keep_within: 0.02\nfrontier:")
    result = stand(copy, sample=SAMPLE)
    assert result.is_beyond
    draft = read_document(copy.folder / result.draft, StrategyDocument).value
    assert draft.choose == "balance"
    assert result.draft_reaches is not None
    assert result.draft_reaches > result.figures["goal_today"]
    assert (copy.folder / "strategy.yaml").read_bytes() == strategy


def test_a_time_under_another_goal_is_told_without_parts(copy: Workspace) -> None:
    stand(copy, keep=True, sample=SAMPLE)
    rewritten(copy, "appetite.yaml", "goal: good_customers_served", "goal: profit")
    result = stand(copy, sample=SAMPLE)
    assert result.parts == {}
    assert result.untold == "the goal or the axes of the frontier are others since"


def test_a_damaged_time_is_named_with_what_mends_it(copy: Workspace) -> None:
    kept = copy.folder / stand(copy, keep=True, sample=SAMPLE).kept
    (kept / "facts.parquet").write_bytes(b"torn")
    with pytest.raises(BadInput, match="cannot be read") as refused:
        stand(copy, sample=SAMPLE)
    assert refused.value.mend == "remove that folder, and keep today's"


def test_under_stress_the_same_lender_loses_more_and_its_strategy_serves_fewer(
    copy: Workspace,
) -> None:
    business, untold = business_of(copy.folder, SAMPLE, Silent(), OWN)
    assert business is not None, untold
    today = business.as_today()
    still = under_stress(business, np.zeros(1))
    assert still["standing"] == today["standing"]
    assert still["access"] == (today["today"],)
    hard = under_stress(business, np.array([0.5, 1.0]))
    assert hard["standing"].figures["risk"] > today["standing"].figures["risk"]
    assert hard["standing"].figures["goal_today"] < today["standing"].figures["goal_today"]
    middle, worst = hard["access"]
    assert today["today"].offered > middle.offered > worst.offered > 0

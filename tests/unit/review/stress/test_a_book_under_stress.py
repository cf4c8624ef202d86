"""A book under scenarios: published numbers, the Federal Reserve's files, and what must always
hold."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as run_settings
from hypothesis import strategies as st
from loan_tapes import known_tape, read_known
from scipy.stats import norm

from equipoise.errors import BadInput
from equipoise.portfolio import (
    BookAhead,
    Driver,
    MacroPath,
    PortfolioDocument,
    TapeReading,
    book_ahead,
    book_rules,
    expected_losses,
    last_day,
    read_macro_paths,
    running_off,
)
from equipoise.review.stress.history import default_rates, economy, other_rates
from equipoise.review.stress.limits import StressLimit, read_limit
from equipoise.review.stress.links import (
    NO_DRIVER,
    FactorLink,
    chosen_link,
    fitted_link,
    stretched,
)
from equipoise.review.stress.reverse import MOST_SCALE, reverse
from equipoise.review.stress.under import Lender, Under, under

JOBS = Driver("Unemployment rate", 1)
FED = "2025-Table_{}_Domestic.csv"


@cache
def reading() -> TapeReading:
    with TemporaryDirectory() as folder:
        return read_known(Path(folder), known_tape(600, 30))


@cache
def book() -> BookAhead:
    document = PortfolioDocument.model_validate(
        {
            "losses": {"lgd": {"value": 0.45, "source": "assumed"}},
            "own_funds": {"net_capital": 4e6, "tier1": 4e6, "source": "told"},
        }
    )
    rules = book_rules(document.rules, on=last_day(reading().book.last_month))
    return book_ahead(reading(), document, rules)


@cache
def strict() -> BookAhead:
    """The same book with a rise of PD as the EU-wide stress tests have it."""
    rules = book_rules(["IFRS", "EBA", "BASEL"], on=last_day(reading().book.last_month))
    return book_ahead(reading(), book().document, rules)


def history(quarters: int = 60) -> MacroPath:
    jobs = 6 + 2 * np.sin(np.arange(quarters) / 7)
    return MacroPath("history", np.arange(8000, 8000 + quarters), (JOBS.name,), jobs[:, None])


def scenario(moves: list[float], past: MacroPath) -> MacroPath:
    now = past.values[-1, 0]
    begins = int(past.quarters[-1]) + 1
    quarters = np.arange(begins, begins + len(moves))
    return MacroPath("planted", quarters, (JOBS.name,), np.array(moves)[:, None] + now)


def lender(**changes) -> Lender:
    link = FactorLink((JOBS,), history(), 0.15, book().mean_pd)
    parts = {"book": book(), "link": link, "lgd_follows": 0.0, "funding": 0.02, "own_funds": 4e6}
    return Lender(**{**parts, **changes})


def test_without_stress_nothing_changes_and_the_allowance_is_the_report_s():
    flat = under(lender(), scenario([0.0] * 9, history()))
    assert flat.log_odds == pytest.approx(np.zeros(9), abs=1e-12)
    plain = expected_losses(book().ahead, book().structure)
    lives = ~book().losses.in_default
    stage = book().losses.staged.stage
    told = np.where(stage == 1, plain.year, plain.life)[lives].sum()
    assert flat.projection.allowance[0] == pytest.approx(told)
    assert flat.projection.allowance_before == pytest.approx(told)
    assert flat.projection.lifetime[0] == pytest.approx(plain.life[lives].sum())
    assert flat.projection.exposure[0] == pytest.approx(book().open.owed[lives].sum())
    assert np.all(np.diff(flat.projection.exposure) < 0)  # nothing new is lent


def test_a_year_s_losses_are_those_of_the_walk_without_discount():
    still = replace(book().ahead, rate=np.zeros(book().ahead.owed.size))
    free = replace(book(), ahead=still)
    run = free.run(np.zeros(4), np.zeros(4))
    plain = expected_losses(still, book().structure)
    lives = ~book().losses.in_default
    assert run.loss.sum() == pytest.approx(plain.year[lives].sum())
    assert run.interest == pytest.approx(np.zeros(4))


def test_loans_whose_pd_triples_move_to_stage_2_and_are_provided_for_their_whole_life():
    path = scenario([12.0] * 6, history())
    by_days, rising = (under(lender(book=each), path) for each in (book(), strict()))
    flat = under(lender(book=strict()), scenario([0.0] * 6, history()))
    assert rising.log_odds[0] > np.log(3)
    assert rising.projection.stage2[:-1] == pytest.approx(rising.projection.exposure[:-1], rel=0.05)
    assert flat.projection.stage2[0] < 0.3 * flat.projection.exposure[0]
    assert by_days.projection.stage2[0] < 0.3 * by_days.projection.exposure[0]
    assert rising.allowance > by_days.allowance
    assert rising.projection.lifetime == pytest.approx(by_days.projection.lifetime)
    assert rising.loss == pytest.approx(by_days.loss)


@run_settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(0, 6), min_size=1, max_size=8),
    st.floats(1, 2.5),
    st.floats(0, 1),
)
def test_a_worse_economy_never_lowers_what_is_lost_set_aside_or_held(moves, factor, follows):
    one = lender(lgd_follows=follows, book=strict())
    mild = under(one, scenario(moves, history()))
    worse = under(one, scenario(moves, history()), factor)
    least = 1 - 1e-9
    assert np.all(worse.log_odds >= mild.log_odds - 1e-9)
    assert worse.loss >= mild.loss * least
    assert worse.projection.allowance[0] >= mild.projection.allowance[0] * least
    assert worse.projection.lifetime[0] >= mild.projection.lifetime[0] * least
    assert worse.projection.stage2[0] >= mild.projection.stage2[0] * least
    assert worse.profit <= mild.profit + 1e-6 * abs(mild.profit)


@pytest.mark.parametrize(
    ("z", "rate"), [(-1.2816, 4.559), (-1.6449, 6.219), (-2.3263, 10.558), (-3.0902, 17.633)]
)
def test_the_factor_s_rates_are_the_published_ones(z: float, rate: float):
    """A PD of 2 % at a factor of 0, and the factor a scenario of one driver moves to."""
    past = history()
    jobs = past.values[:, 0].copy()
    jobs[-1] = jobs[:-1].mean()  # the economy stands at its mean now
    past = replace(past, values=jobs[:, None])
    spread = jobs.std(ddof=1)
    link = FactorLink((JOBS,), past, 0.15, 0.02)
    assert link.factors(past)[-1] == pytest.approx(0, abs=1e-9)
    today = float(norm.cdf(norm.ppf(0.02) / np.sqrt(0.85)))
    moved = replace(link, pd=today).log_odds(scenario([-z * spread], past))
    quarter = 1 - (1 - today) ** 0.25
    odds = quarter / (1 - quarter) * np.exp(moved[0])
    year = 1 - (1 - odds / (1 + odds)) ** 4
    assert 100 * year == pytest.approx(rate, abs=6e-4)


def test_the_reserve_s_scenario_is_worse_than_its_baseline_by_card_delinquency(shared_data):
    fed, fred = shared_data / "fed_scenarios", shared_data / "macro_fred"
    (past,) = read_macro_paths(fed / FED.format("1A_Historic"))
    rates = other_rates(read_macro_paths(fred / "DRCCLACBS.csv")[0], past.quarters)
    drivers = (JOBS, Driver("Real GDP growth", -1))
    link = fitted_link(drivers, past, rates, most_lag=4, held_out=12)
    jobs, growth = link.model.slopes
    assert jobs >= 0 >= growth
    assert 0 < link.model.error < link.model.naive_error
    (base,) = read_macro_paths(fed / FED.format("2A_Supervisory_Baseline"))
    (severe,) = read_macro_paths(fed / FED.format("3A_Supervisory_Severely_Adverse"))
    mild, hard = (under(lender(link=link), each) for each in (base, severe))
    assert hard.loss > 1.05 * mild.loss
    assert hard.capital > mild.capital
    assert hard.profit < mild.profit
    assert len(hard.log_odds) == 13


def test_a_driver_that_says_nothing_leaves_the_factor_with_its_reason(shared_data):
    """Card delinquency fell for thirty years, whatever unemployment did."""
    fed, fred = shared_data / "fed_scenarios", shared_data / "macro_fred"
    (past,) = read_macro_paths(fed / FED.format("1A_Historic"))
    rates = other_rates(read_macro_paths(fred / "DRCCLACBS.csv")[0], past.quarters)
    factor = FactorLink((JOBS,), past, 0.15, 0.05)

    def fitting(told=rates):
        return fitted_link((JOBS,), past, told, most_lag=4, held_out=12)

    chosen = chosen_link(fitting, factor)
    assert (chosen.link, chosen.why) == (factor, NO_DRIVER)
    few = np.where(np.arange(rates.size) < rates.size - 8, np.nan, rates)
    assert "8 quarters" in chosen_link(lambda: fitting(few), factor).why


def test_where_a_limit_breaks_it_breaks_and_just_below_it_holds():
    path = scenario([1.0, 2.0, 3.0, 2.0, 1.0], history())
    one = lender()
    level = under(one, path, 1.37).loss_rate
    limit = StressLimit("loss_rate", True, level)
    found = reverse(limit, path.scenario, lambda scale: under(one, path, scale))
    assert found.breaks_at == pytest.approx(1.37, abs=2e-3)
    assert limit.broken(limit.of(under(one, path, found.breaks_at)))
    assert not limit.broken(limit.of(under(one, path, found.holds_at)))
    assert found.breaks_at - found.holds_at <= 1e-3
    assert found.monotone
    assert found.figure_breaks > level >= found.figure_holds


def test_a_limit_that_nothing_breaks_and_one_that_is_broken_already_say_so():
    path = scenario([1.0, 2.0], history())

    def at(scale: float) -> Under:
        return under(lender(), path, scale)

    safe = reverse(read_limit("loss_rate <= 100%"), "planted", at)
    assert (safe.holds_at, safe.breaks_at) == (MOST_SCALE, None)
    gone = reverse(read_limit("capital_ratio >= 90"), "planted", at)
    assert (gone.holds_at, gone.breaks_at) == (None, 0.0)
    broke = lender(own_funds=float("nan"))
    with pytest.raises(BadInput, match="no 'capital_ratio'"):
        reverse(read_limit("capital_ratio >= 0.1"), "planted", lambda s: under(broke, path, s))


def test_an_economy_that_first_helps_and_then_hurts_does_not_pass_for_monotone():
    """A figure that falls before it rises: the first breach is told, and that it is no proof."""
    path = scenario([1.0], history())
    flat = under(lender(), path)

    def at(scale: float) -> Under:
        odd = replace(flat.projection, loss=np.array([10 - 8 * scale + 4 * scale**2]))
        return replace(flat, projection=odd)

    found = reverse(StressLimit("loss", True, 30.0), "odd", at)
    assert not found.monotone
    assert found.breaks_at == pytest.approx(1 + 6**0.5, abs=2e-3)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("losses <= 3", "no figure 'losses'"),
        ("loss_rate < 3", "is no limit"),
        ("loss_rate <= 1e999", "is no limit"),
        ("profit <= 3", "from the other side"),
        ("", "is no limit"),
    ],
)
def test_a_limit_that_cannot_be_read_says_what_may_be_written(text: str, told: str):
    with pytest.raises(BadInput, match=told) as raised:
        read_limit(text)
    assert raised.value.mend


@pytest.mark.parametrize("text", ["loss ≤ 1,000,000", "LOSS<=1000000", "loss <= 1e6"])
def test_a_limit_is_read_as_people_write_it(text: str):
    assert read_limit(text) == StressLimit("loss", True, 1e6)


def test_a_limit_in_per_cent_is_a_share():
    assert read_limit("loss_rate<=8%").level == pytest.approx(0.08)
    assert read_limit("loss_rate <= 0.08").text == "loss_rate <= 0.08"


def test_what_a_scenario_lacks_is_told_by_name_and_quarter():
    past = history()
    path = scenario([1.0, 2.0, 3.0], past)
    gap = replace(path, values=np.array([[7.0], [np.nan], [8.0]]))
    with pytest.raises(BadInput, match="no 'Unemployment rate' in 2015 Q2"):
        under(lender(), gap)
    other = replace(path, names=("Unemploymnt rate",))
    with pytest.raises(BadInput, match="has no variable") as raised:
        under(lender(), other)
    assert "Unemploymnt rate" in raised.value.mend
    late = replace(path, quarters=path.quarters + 4)
    with pytest.raises(BadInput, match="the past ends with"):
        stretched(late, past, 1.0)


def test_the_book_s_own_rates_are_the_share_that_came_to_default():
    quarters = np.arange(2021 * 4, 2021 * 4 + 10)
    rates = default_rates(reading().book, quarters)
    tape = reading().book
    at = np.flatnonzero(
        (tape.loan[1:] == tape.loan[:-1])
        & (tape.state[:-1] < 4)
        & (tape.month[1:] // 3 == 2022 * 4 + 1)
    )
    by_month = {
        month: np.mean(np.isin(tape.state[1:][at][tape.month[1:][at] == month], [4, 5]))
        for month in np.unique(tape.month[1:][at])
    }
    plain = 1 - np.prod([1 - each for each in by_month.values()])
    assert rates[5] == pytest.approx(plain)
    assert np.isnan(rates[0])  # its first month has no move into it


def test_files_of_the_past_are_one_under_the_scenarios_names():
    one, two = history(), history()
    other = replace(two, names=("HPI",), quarters=two.quarters + 4)
    joined = economy([one, other], {"HPI": "House Price Index (Level)"})
    assert joined.names == (JOBS.name, "House Price Index (Level)")
    assert joined.quarters.size == 56
    with pytest.raises(BadInput, match="two files"):
        economy([one, two], {})
    with pytest.raises(BadInput, match="no quarter in common"):
        economy([one, replace(other, quarters=other.quarters + 500)], {})


def hand_made(folder: Path, paths: dict[str, str]) -> TapeReading:
    """Loans by the state that each is in month by month: current, default or written off."""
    days, words = {"C": 0, "D": 120, "W": 200}, {"C": "Current", "D": "Default", "W": "Charged Off"}
    rows = [
        {
            "loan": loan,
            "month": f"2021-{month:02d}",
            "balance": 100.0,
            "days": days[state],
            "status": words[state],
            "opened": "2020-12-01",
            "term": 24,
            "rate": 0.1,
            "region": "north",
            "customer": loan,
        }
        for loan, path in paths.items()
        for month, state in enumerate(path, start=1)
    ]
    return read_known(folder, pl.DataFrame(rows))


def test_who_came_back_from_default_is_counted_by_months(tmp_path: Path):
    """One is in default for two months and pays again, one for two and is written off."""
    tape = hand_made(tmp_path, {"A": "CDDCC", "B": "DDW", "C": "CCCCC"})
    run = book_ahead(tape, book().document, book().rules)
    assert (run.defaults, run.default_months, run.came_back) == (1, 4, 1)


@pytest.mark.parametrize(
    ("paths", "told"),
    [
        ({"A": "CCCC", "B": "CCCC"}, "no loan came to default"),
        ({"A": "CCDD", "B": "CDDD"}, "every loan that owes something is in default"),
    ],
)
def test_a_book_that_no_scenario_moves_is_refused_and_passes_for_no_proof(tmp_path, paths, told):
    with pytest.raises(BadInput, match=told) as raised:
        book_ahead(hand_made(tmp_path, paths), book().document, book().rules)
    assert raised.value.mend


def test_what_defaults_of_a_book_follows_the_odds_of_each_quarter():
    """Of loans of many terms and latenesses, by what is owed, against the same book without stress:
    to 1 %, as its loans have other terms."""
    log_odds = np.array([0.2, 0.6, 1.0, 1.2, 1.2, 1.1, 0.9, 0.7, 0.5, 0.4, 0.3, 0.2, 0.1])
    hard, plain = (book().run(each, np.zeros(13)) for each in (log_odds, np.zeros(13)))
    rates = np.stack([each.defaulted / each.exposure[:-1] for each in (hard, plain)])
    odds = rates / (1 - rates)
    assert odds[0] / odds[1] == pytest.approx(np.exp(log_odds), rel=0.01)


def test_loans_walked_in_parts_come_to_the_same_sums(monkeypatch: pytest.MonkeyPatch):
    log_odds = np.array([0.5, 1.0, 0.2])
    whole = book().run(log_odds, log_odds)
    monkeypatch.setattr(running_off, "_PART", 37)
    parts = book().run(log_odds, log_odds)
    for name in ("exposure", "stage2", "late", "allowance", "lifetime", "loss", "risk_weighted"):
        assert getattr(parts, name) == pytest.approx(getattr(whole, name), rel=1e-12)

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from equipoise.errors import BadInput
from equipoise.experience import ExperienceDocument
from equipoise.experience.dropoff import gaps, hazard_by_day, hazard_per_day, step_drop_off
from equipoise.experience.log import prepare

LogOf = Callable[..., pl.DataFrame]
DocumentOf = Callable[..., ExperienceDocument]


def simulated(n: int, leave: float, end: float, seed: int) -> list[object]:
    """Applicants who go on, leave with probability `leave`, or are declined; the log ends early.

    Days at the step are exponential; whoever is still there when the log ends is open.
    """
    rng = np.random.default_rng(seed)
    rows: list[object] = [("end", "sign", "complete", 24 * end, None)]
    for case in range(n):
        start = rng.uniform(0, end)
        rows.append((str(case), "apply", "complete", 24 * start, None))
        to_leave_or_go, to_decline = rng.exponential(5), rng.exponential(15)
        fate = "cancel" if rng.random() < leave else "offer"
        if to_decline < to_leave_or_go:
            fate = "refuse"
        done = start + min(to_leave_or_go, to_decline)
        if done < end:
            rows.append((str(case), fate, "complete", 24 * done, None))
    return [*rows, ("end", "grant", "complete", 24 * end, None)]


def test_planted_drop_off_is_recovered_where_counting_open_cases_would_not(
    log_of: LogOf, document_of: DocumentOf
) -> None:
    log = prepare(document_of(), log_of(simulated(4000, 0.3, 12.0, 1)))
    step = step_drop_off(log, ["apply", "offer"], "simulated")[0]
    assert step.open > 600
    assert step.declined > 400
    assert step.drop_off.low <= 0.3 <= step.drop_off.high
    assert step.lost / step.reached < 0.25  # as if the open and declined were kept
    assert step.went_on + step.lost + step.declined + step.open == step.reached


def test_leaving_after_an_offer_is_not_leaving_at_the_step_before_it(
    log_of: LogOf, document_of: DocumentOf
) -> None:
    rows = [(str(i), name, "complete", t, None) for i in range(20) for t, name in
            enumerate(["apply", "offer", "sign", "cancel"])]  # fmt: skip
    rows += [("x", "grant", "complete", 5, None), ("y", "refuse", "complete", 5, None)]
    log = prepare(document_of(), log_of(rows))
    assert step_drop_off(log, ["apply"], "s")[0].drop_off.value == 0
    assert step_drop_off(log, ["offer"], "s")[0].drop_off.value == 1


def test_a_step_that_nobody_left_has_an_interval_above_zero(
    log_of: LogOf, document_of: DocumentOf
) -> None:
    rows = [(str(i), name, "complete", t, None) for i in range(20) for t, name in
            enumerate(["apply", "offer", "sign", "grant"])]  # fmt: skip
    rows += [("x", "cancel", "complete", 5, None), ("y", "refuse", "complete", 5, None)]
    step = step_drop_off(prepare(document_of(), log_of(rows)), ["apply", "offer"], "s")[0]
    assert step.drop_off.value == step.drop_off.low == 0
    assert 0.05 < (step.drop_off.high or 0) < 0.3


def test_hazard_of_each_day_is_recovered(log_of: LogOf, document_of: DocumentOf) -> None:
    rng = np.random.default_rng(5)
    daily = np.array([0.02, 0.02, 0.2, 0.02, 0.02])  # people give up on the third day
    rows: list[object] = [("z", "refuse", "complete", 0, None), ("z", "sign", "complete", 0, None)]
    for case in range(3000):
        rows.append((str(case), "offer", "complete", 0, None))
        gone = rng.random(5) < daily
        end = 24 * (gone.argmax() + rng.random()) if gone.any() else 150.0
        rows.append((str(case), "cancel" if gone.any() else "grant", "complete", end, None))
    rows.append(("z", "apply", "complete", 0, None))
    waits = gaps(prepare(document_of(), log_of(rows))).filter(pl.col("turn") == "customer")
    # ends within an hour of the offer are part of the offer's own contact
    result = hazard_by_day(waits, 5)
    for day, truth in zip(result[1:], daily[1:], strict=True):
        assert day.low <= truth <= day.high
    assert result[2].hazard > 5 * result[1].hazard


def test_a_call_in_which_the_customer_says_no_is_not_a_contact_before_it(
    log_of: LogOf, document_of: DocumentOf
) -> None:
    rows = [
        ("1", "apply", "complete", 0, None), ("1", "call", "complete", 72, None),
        ("1", "cancel", "complete", 72.01, None),
        ("2", "offer", "complete", 0, None), ("2", "sign", "complete", 1, None),
        ("2", "grant", "complete", 50, None), ("2", "refuse", "complete", 51, None),
    ]  # fmt: skip
    waits = gaps(prepare(document_of(), log_of(rows))).filter(pl.col("case") == "1")
    assert waits["lost"].to_list() == [True]
    assert waits["days"][0] == pytest.approx(3, abs=0.01)


def test_waits_that_are_still_going_on_are_at_risk_and_not_lost() -> None:
    waits = pl.DataFrame({"days": [0.5, 2.5, 2.5, 4.0], "lost": [True, False, True, False]})
    days = hazard_by_day(waits, 4)
    assert [d.lost for d in days] == [1, 0, 1, 0]
    assert [d.at_risk for d in days] == [4, 3, 2.5, 1]  # half a day for the one that ended


def test_hazard_per_day_counts_waiting_between_the_stated_days() -> None:
    waits = pl.DataFrame({"days": [0.5, 3.0, 10.0, 40.0], "lost": [True, True, False, True]})
    everything = hazard_per_day(waits, "s")
    assert everything.value == pytest.approx(3 / 53.5)
    inside = hazard_per_day(waits, "s", first_day=1.0, last_day=28.0)
    assert inside.value == pytest.approx(1 / (2 + 9 + 27))
    # Garwood's interval for one event is 0.0253 to 5.572
    assert inside.low == pytest.approx(0.02532 / 38, rel=1e-3)
    assert inside.high == pytest.approx(5.5716 / 38, rel=1e-3)
    with pytest.raises(BadInput, match="no waiting in the log"):
        hazard_per_day(waits.head(0), "s")


def test_hazard_per_day_recovers_a_planted_rate_under_censoring() -> None:
    rng = np.random.default_rng(9)
    leave, other = rng.exponential(50, 20_000), rng.exponential(4, 20_000)
    waits = pl.DataFrame({"days": np.minimum(leave, other), "lost": leave < other})
    result = hazard_per_day(waits, "s")
    assert result.low <= 0.02 <= result.high

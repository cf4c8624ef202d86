"""What is said of a rehearsed year: an alert left open, a clock that lies and a missing cent are
each found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from equipoise.rehearsal.year import AlertEnd, Deed, Months, RunClock, YearAccount

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)


def minutes(count: float) -> datetime:
    return AT + timedelta(minutes=count)


ALERT = AlertEnd("alert-1", "bureau_failing", "closed", "resolved", AT, minutes(90))
RUN = RunClock(
    "run-1", AT, {"confirm": minutes(20), "report": minutes(50)}, {"confirm": 30, "report": 10},
    minutes(60), frozenset({"report"}),
)  # fmt: skip
DEEDS = (
    Deed("run-1", "confirm", minutes(19), minutes(21)),
    Deed("run-1", "report", minutes(49), minutes(51)),
)
YEAR = YearAccount(
    2, 7, 12.0, 10, (ALERT,), (RUN,), DEEDS, 100, (), {"2025-01": 100}, {"2025-01": 100}
)


def test_a_year_in_which_everything_holds_passes() -> None:
    assert YEAR.wrong == []
    assert YEAR.lines()[-1] == "all of it holds"
    assert YEAR.as_dict()["passed"] is True


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"alerts": (replace(ALERT, stage="firing", closed=None),)}, "is firing"),
        ({"alerts": (replace(ALERT, ending=""),)}, "ended as ''"),
        ({"alerts": (replace(ALERT, closed=minutes(-1)),)}, "closed before it was raised"),
        ({"runs": (replace(RUN, late=frozenset()),)}, "'report' is told late wrongly"),
        ({"runs": (replace(RUN, late=frozenset({"confirm", "report"})),)}, "told late wrongly"),
        ({"runs": (replace(RUN, closed=None),)}, "did not end after its steps"),
        ({"deeds": DEEDS[:1]}, "nobody did 'report'"),
        ({"deeds": (*DEEDS, Deed("run-1", "third", AT, AT))}, "'third' was done and is not there"),
        ({"deeds": (replace(DEEDS[0], before=minutes(25), after=minutes(26)), DEEDS[1])},
         "nobody did 'confirm'"),
        ({"faults": ("an entry is missing",)}, "an entry is missing"),
        ({"book": {"2025-01": 99}}, "the book says 99 cents, the truth is 100"),
        ({"book": {}}, "the book says None cents"),
        ({"trouble": "nobody answered"}, "nobody answered"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_told(changed: dict[str, object], said: str) -> None:
    year = replace(YEAR, **changed)
    assert any(said in each for each in year.wrong), year.wrong
    assert not year.passed


def test_months_come_one_by_one_and_their_truth_is_the_tapes_to_the_cent(tmp_path) -> None:
    months = Months(3, seed=7, loans=600)
    months.begin(tmp_path)
    before = pl.read_parquet(tmp_path / "data" / "applications.parquet")["month"].max()
    files = [months.deliver(tmp_path, at) for at in range(3)]
    after = pl.read_parquet(tmp_path / "data" / "applications.parquet")["month"].max()
    assert before < months.days[0]
    assert after == months.days[-1]
    result = pl.concat([pl.read_parquet(each) for each in files])
    assert result.sort("loan_id", "month").equals(months.tape.sort("loan_id", "month"))
    assert [pl.read_parquet(each)["month"].n_unique() for each in files[1:]] == [1, 1]
    cents = (pl.col("balance") * 100).round().cast(pl.Int64).sum()
    by_month = result.group_by("month").agg(cents).sort("month")
    assert dict(by_month.iter_rows()) == months.truth()

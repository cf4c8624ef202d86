"""Sums and readings over rows: counted by hand, and honest where little is known."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import indent

import numpy as np
import polars as pl
import pytest
from watches import HEAD, loans, measured, months, watch

from equipoise.errors import BadInput, Faults
from equipoise.risk.validation import auc_interval, gini
from equipoise.watch import FrameSource, Measured, ParquetSource, measure, parse_watch
from equipoise.watch.document.indicators import Hysteresis
from equipoise.watch.judging.colours import colours
from equipoise.watch.judging.lasting import prediction

ARREARS = """\
- {name: arrears, level: portfolio, about: credit, table: loans, kind: rate,
   of: "days >= 30", owner: ana}
"""
CALLS = (
    "  - {name: calls, data: calls.parquet, period: month, columns: {month: date, calls: number}}\n"
)
ALL = (
    ARREARS
    + """\
- {name: balance, level: portfolio, about: credit, table: loans, kind: mean,
   of: balance, where: "region = 'N'", owner: ana}
- {name: weighted, level: portfolio, about: credit, table: loans, kind: ratio,
   of: "CASE WHEN days >= 30 THEN balance ELSE 0 END", over: balance, owner: ana}
- {name: calibration, level: portfolio, about: credit, table: loans, kind: expected,
   of: "days >= 30", over: pd, owner: ana}
- {name: scores, level: product, about: credit, table: loans, kind: distribution,
   of: score, owner: ana}
- {name: regions, level: product, about: credit, table: loans, kind: distribution,
   of: region, owner: ana}
- {name: rows, level: product, about: data, table: loans, kind: volume,
   direction: either, owner: ana}
"""
)


def test_each_kind_is_what_its_definition_says() -> None:
    frame = loans(1, periods=30)
    told = measured(watch(ALL), frame)
    month = months(30)[27]
    here = frame.filter(pl.col("month") == month)
    days, balance, pd = (here[name].to_numpy() for name in ("days", "balance", "pd"))
    north = (here["region"] == "N").to_numpy()
    by_name = {each.indicator: each for each in told.at(month)}
    assert by_name["arrears"].value == pytest.approx((days >= 30).mean())
    assert by_name["balance"].value == pytest.approx(balance[north].mean())
    assert by_name["balance"].n == north.sum()
    half = 1.959964 * balance[north].std(ddof=1) / np.sqrt(north.sum())
    assert by_name["balance"].high == pytest.approx(balance[north].mean() + half, rel=1e-6)
    assert by_name["weighted"].value == pytest.approx(balance[days >= 30].sum() / balance.sum())
    assert by_name["calibration"].value == pytest.approx((days >= 30).sum() / pd.sum())
    assert by_name["rows"].value == 1000
    past = frame.filter(pl.col("month") < months(30)[24])["score"].to_numpy()
    edges = np.quantile(past, np.linspace(0, 1, 11)[1:-1])
    e, a = (
        np.bincount(np.searchsorted(edges, x, side="right"), minlength=10) / len(x)
        for x in (past, here["score"].to_numpy())
    )
    assert by_name["scores"].value == pytest.approx(float(((a - e) * np.log(a / e)).sum()))


def test_nulls_do_not_count_and_have_a_bin_of_their_own() -> None:
    frame = loans(2, periods=30)
    last = months(30)[-1]
    broken = frame.with_columns(
        pl.when((pl.col("month") == last) & (pl.col("balance") > 3000))
        .then(None).otherwise(pl.col("score")).alias("score")
    )  # fmt: skip
    before, after = measured(watch(ALL), frame), measured(watch(ALL), broken)
    assert before.of("scores")[-1].verdict == "green"
    assert after.of("scores")[-1].verdict == "red"
    assert after.of("scores")[-1].n == 1000
    kept = broken.filter((pl.col("month") == last) & pl.col("score").is_not_null()).height
    mean = ALL + ARREARS.replace("arrears", "mean_score").replace("rate", "mean").replace(
        '"days >= 30"', "score"
    )
    assert measured(watch(mean), broken).of("mean_score")[-1].n == kept


def test_little_is_insufficient_and_never_green() -> None:
    frame = loans(3, periods=30)
    last = months(30)[-1]
    few = pl.concat(
        [frame.filter(pl.col("month") < last), frame.filter(pl.col("month") == last)[:20]]
    )
    told = measured(watch(ALL), few)
    assert {each.verdict for each in told.at(last) if each.indicator != "rows"} == {"insufficient"}
    assert all(each.chance is None for each in told.at(last) if each.verdict == "insufficient")
    history = [each for each in told.readings if each.period < months(30)[24]]
    assert {each.verdict for each in history} == {"insufficient"}


def test_what_never_happened_and_now_does_is_red() -> None:
    frame = loans(3)
    gone = pl.when(pl.col("month") == months(36)[-1]).then(None).otherwise(pl.col("score"))
    of = watch("""
- {name: scoreless, level: institution, about: data, table: loans, kind: rate,
   of: "score IS NULL", owner: ana}
""")
    before, last = measured(of, frame.with_columns(score=gone)).of("scoreless")[-2:]
    assert (before.verdict, last.verdict) == ("green", "red")


def test_months_in_which_nobody_owed_anything_late_are_not_taken_for_exact() -> None:
    """Half the months have no loan late; a month as bad as the other half is no news."""
    odd = pl.col("month").dt.month() % 2 == 1
    quiet = loans(5, rows=60).with_columns(
        pl.when(odd).then(0.0).otherwise(pl.col("days")).alias("days")
    )
    of = watch("""
- {name: owed_late, level: portfolio, about: credit, table: loans, kind: ratio,
   of: "CASE WHEN days > 30 THEN balance ELSE 0 END", over: balance, owner: ana}
""")
    read = measured(of, quiet).of("owed_late")[24:]
    assert all(each.baseline > 0.01 for each in read), "about a fortieth is late"
    assert "red" not in {each.verdict for each in read}


@pytest.mark.parametrize("rows", [300, 600])
def test_half_a_delivery_is_seen_in_a_book_that_grows(rows: int) -> None:
    """It grows by a twentieth each month; its last month has half the rows, or all of them."""
    many = [round(100 * 1.05**at) for at in range(35)] + [rows]
    frame = pl.DataFrame({"month": pl.Series(months(36)).gather(np.repeat(np.arange(36), many))})
    frame = frame.with_columns(days=0.0, score=0.0, pd=0.1, region=pl.lit("N"), balance=1.0)
    of = watch("""
- {name: rows, level: institution, about: data, table: loans, kind: volume, direction: either,
   baseline: previous, owner: ana}
""")
    read = measured(of, frame).of("rows")
    assert {each.verdict for each in read[24:35]} == {"green"}
    assert read[-1].verdict == ("red" if rows == 300 else "green")


def test_what_stops_reporting_is_a_fault_of_the_data() -> None:
    frame = loans(4, periods=32)
    gap = months(32)[28]
    told = measured(watch(ALL), frame.filter(pl.col("month") != gap))
    assert {each.fault for each in told.at(gap)} == {"silent"}
    assert {each.verdict for each in told.at(gap)} == {"insufficient"}
    assert [each.indicator for each in told.at(gap) if each.is_alarm] == ["rows"], (
        "the rest follows"
    )
    assert {each.inhibited_by for each in told.at(gap) if not each.is_alarm} == {"rows"}
    alone = measured(watch(ARREARS), frame.filter(pl.col("month") != gap))
    assert [each.period for each in alone.readings if each.is_alarm] == [gap]
    assert {each.fault for each in told.at(months(32)[29])} == {""}


def test_what_divides_by_zero_is_a_fault_of_the_data() -> None:
    frame = loans(5, periods=30)
    last = months(30)[-1]
    zero = frame.with_columns(
        pl.when(pl.col("month") == last).then(0.0).otherwise(pl.col("balance")).alias("balance")
    )
    reading = measured(watch(ALL), zero).of("weighted")[-1]
    assert (reading.fault, reading.value, reading.verdict) == (
        "divides_by_zero",
        None,
        "insufficient",
    )


def test_a_doubled_rate_is_red_and_a_chance_one_is_not() -> None:
    frame = loans(6, periods=36)
    last = months(36)[-1]
    rng = np.random.default_rng(0)
    worse = frame.with_columns(
        pl.when((pl.col("month") == last) & pl.Series(rng.random(frame.height) < 0.06))
        .then(40.0).otherwise(pl.col("days")).alias("days")
    )  # fmt: skip
    told = measured(watch(ALL), worse)
    assert told.of("arrears")[-1].verdict == "red"
    assert told.of("calibration")[-1].verdict == "red"
    assert told.of("arrears")[-1].chance < 1e-4  # type: ignore[operator]
    assert "red" not in {each.verdict for each in told.readings if each.period < last}


def test_a_bound_of_times_keeps_what_is_only_certain_from_being_red() -> None:
    bound = ARREARS.replace("owner: ana", "red: {times: 3}, owner: ana")
    frame = loans(6, periods=36, rows=4000)
    last = months(36)[-1]
    rng = np.random.default_rng(0)
    worse = frame.with_columns(
        pl.when((pl.col("month") == last) & pl.Series(rng.random(frame.height) < 0.06))
        .then(40.0).otherwise(pl.col("days")).alias("days")
    )  # fmt: skip
    assert measured(watch(ARREARS), worse).of("arrears")[-1].verdict == "red"
    assert measured(watch(bound), worse).of("arrears")[-1].verdict == "amber"


@pytest.mark.parametrize("baseline", ["first", "previous", "all_before"])
def test_a_step_is_seen_against_each_baseline(baseline: str) -> None:
    frame = loans(7, periods=40, rows=3000)
    step = months(40)[34]
    rng = np.random.default_rng(1)
    worse = frame.with_columns(
        pl.when((pl.col("month") >= step) & pl.Series(rng.random(frame.height) < 0.06))
        .then(40.0).otherwise(pl.col("days")).alias("days")
    )  # fmt: skip
    text = ARREARS.replace("owner: ana", f"baseline: {baseline}, owner: ana")
    told = measured(watch(text), worse).of("arrears")
    assert [each.verdict for each in told[24:34]].count("red") == 0
    assert told[34].verdict == "red"
    if baseline == "previous":  # the step is the new usual: only its first period is a surprise
        assert told[36].chance > 0.001  # type: ignore[operator]


def test_a_reading_held_against_a_bound_is_red_only_where_the_bound_is_surely_passed() -> None:
    text = ARREARS.replace("owner: ana", "against: bound, red: {at: 0.05}, owner: ana")
    told = measured(watch(text), loans(8, periods=36, bad=0.05)).of("arrears")
    assert "red" not in {each.verdict for each in told}
    told = measured(watch(text), loans(8, periods=36, bad=0.10)).of("arrears")
    assert {each.verdict for each in told} == {"red"}


def test_the_window_pools_periods() -> None:
    text = ARREARS.replace("owner: ana", "window: 3, owner: ana")
    frame = loans(9, periods=30)
    reading = measured(watch(text), frame).of("arrears")[-1]
    last = frame.filter(pl.col("month") >= months(30)[27])
    assert reading.n == 3000
    assert reading.value == pytest.approx((last["days"] >= 30).mean())


def test_a_red_guard_inhibits_what_rests_on_its_column_and_nothing_else() -> None:
    text = (
        ALL
        + """\
- {name: no_score, level: institution, about: data, table: loans, kind: rate,
   of: "score IS NULL", guards: [score], owner: bo}
"""
    )
    frame = loans(10, periods=30).with_columns(
        pl.when(pl.int_range(pl.len()) % 50 == 0)
        .then(None)
        .otherwise(pl.col("score"))
        .alias("score")
    )
    last = months(30)[-1]
    broken = frame.with_columns(
        pl.when((pl.col("month") == last) & (pl.col("balance") > 2500))
        .then(None).otherwise(pl.col("score")).alias("score")
    )  # fmt: skip
    by_name = {each.indicator: each for each in measured(watch(text), broken).at(last)}
    assert by_name["no_score"].verdict == "red"
    assert by_name["no_score"].is_alarm
    marked = {name for name, each in by_name.items() if each.inhibited_by == "no_score"}
    assert marked == {"scores", "calibration"}  # the PD rests on the score
    assert by_name["scores"].verdict == "red"
    assert not by_name["scores"].is_alarm


@pytest.mark.parametrize("window", [2, 3])
def test_the_period_before_is_the_window_that_ends_with_it(window: int) -> None:
    """Every month as the others, but for the last of the history, in which all are late."""
    text = ARREARS.replace("owner: ana", f"window: {window}, baseline: previous, owner: ana")
    frame, last = loans(7, periods=26, rows=2000), months(26)[23]
    late = frame.with_columns(
        pl.when(pl.col("month") == last).then(40.0).otherwise(pl.col("days")).alias("days")
    )
    told = measured(watch(text), late).of("arrears")
    assert told[23].value == pytest.approx(1 / window + 0.05 * (1 - 1 / window), abs=0.01)
    assert told[24].baseline > 0.8 * told[23].value  # type: ignore[operator]


@pytest.mark.parametrize("window", [1, 2, 3])
def test_all_before_are_the_windows_before_it_that_share_no_month(window: int) -> None:
    text = ARREARS.replace("owner: ana", f"window: {window}, baseline: all_before, owner: ana")
    told = measured(watch(text, history=20), loans(7, periods=32, rows=2000)).of("arrears")
    at, loans_of_a_window = 30, 2000 * window
    ends = range(at - 1, window - 2, -window)[::-1]
    late = np.array([told[end].value * loans_of_a_window for end in (*ends, at)])  # type: ignore[operator]
    root = np.arcsin(np.sqrt((late + 0.375) / (loans_of_a_window + 0.75)))
    sampling = np.full(root.size, 1 / (4 * loans_of_a_window + 2))
    fitted = prediction(root[:-1], sampling[:-1])
    assert fitted is not None
    # variances are tried on a grid that is made from the history alone
    chance = fitted.chances(root[-1:], sampling[-1:])[1][0]
    assert told[at].chance == pytest.approx(chance, rel=0.02)


def test_readings_name_the_rows_they_were_read_from() -> None:
    frame = loans(11, periods=26)
    first = measured(watch(ARREARS), frame)
    again = measured(watch(ARREARS), frame)
    corrected = measured(watch(ARREARS), frame.with_columns(pl.lit(0.0).alias("days")))
    assert first.readings[0].snapshot == again.readings[0].snapshot
    assert first.readings[0].snapshot != corrected.readings[0].snapshot


def test_a_table_that_no_indicator_reads_moves_nothing() -> None:
    more = HEAD.format(history=24).replace("tables:\n", f"tables:\n{CALLS}")
    both = parse_watch(more + indent(ARREARS, "  "), Path("watch.yaml"))
    frame = loans(11, periods=30)
    long = pl.DataFrame({"month": [date(2019, 1, 1), date(2025, 1, 1)], "calls": [1.0, 2.0]})
    document = both.document
    sources = {
        "calls": FrameSource.of(long, document.table("calls"), document.every),
        "loans": FrameSource.of(frame, document.table("loans"), document.every),
    }
    assert readings_of(measure(both, sources)) == readings_of(measured(watch(ARREARS), frame))


def readings_of(told: Measured) -> list[tuple[date, float | None, str]]:
    return [(each.period, each.value, each.verdict) for each in told.readings]


def test_a_file_read_by_periods_gives_what_a_frame_gives(tmp_path) -> None:  # type: ignore[no-untyped-def]
    frame = loans(12, periods=28)
    path = tmp_path / "loans.parquet"
    frame.write_parquet(path)
    of = watch(ALL)
    table = of.document.table("loans")
    from_file = ParquetSource.of(path, table, of.document.every, list(table.columns))
    told = measure(of, {"loans": from_file})
    plain = measured(of, frame)
    assert [r.verdict for r in told.readings] == [r.verdict for r in plain.readings]
    assert [r.value or 0.0 for r in told.readings] == pytest.approx(
        [r.value or 0.0 for r in plain.readings], rel=1e-12
    )


def test_a_period_that_is_no_date_is_told_with_its_row() -> None:
    of = watch(ARREARS)
    frame = loans(13, periods=26).with_columns(pl.col("month").cast(pl.String))
    table = of.document.table("loans")
    assert FrameSource.of(frame, table, "month").periods()[date(2022, 1, 1)] == 1000
    odd = frame.with_columns(
        pl.when(pl.int_range(pl.len()) == 6).then(pl.lit("soon")).otherwise("month").alias("month")
    )
    with pytest.raises(BadInput, match="row 7"):
        FrameSource.of(odd, table, "month")
    with pytest.raises(BadInput, match="has no column 'balance'"):
        FrameSource.of(frame.drop("balance"), table, "month")


def test_a_colour_is_taken_and_given_up_after_so_many_periods() -> None:
    read = ["red", "green", "red", "red", "amber", "green", "red", "green", "green", None, "green"]
    told = list(colours(read, Hysteresis(enter=2, leave=2)))  # type: ignore[arg-type]
    assert told == [
        "green", "green", "green", "red", "red", "red", "red", "red", "green", None, "green"
    ]  # fmt: skip


GINI = """\
- {name: ranking, level: product, about: credit, table: loans, kind: gini, of: "days >= 30",
   over: balance, direction: down, owner: ana}
"""


def ranked(seed: int, periods: int, last: float) -> pl.DataFrame:
    """Balances that tell of arrears, in the last month by another weight."""
    frame = loans(seed, periods=periods, rows=2000, bad=0.1)
    rng = np.random.default_rng(seed + 1)
    weight = pl.when(pl.col("month") == months(periods)[-1]).then(last).otherwise(1.0)
    late = (pl.col("days") > 0).cast(pl.Float64)
    return frame.with_columns(
        (late * weight + pl.Series(rng.normal(0, 1, frame.height))).alias("balance")
    )


def test_a_gini_is_that_of_the_library_and_its_error_delong_s() -> None:
    frame = ranked(31, 27, 1.0)
    reading = measured(watch(GINI), frame).of("ranking")[-1]
    here = frame.filter(pl.col("month") == months(27)[-1])
    bad, risk = (here["days"] > 0).to_numpy(), here["balance"].to_numpy()
    assert reading.value == pytest.approx(gini(bad, risk), abs=0.005)  # bins cost a little
    low, high = auc_interval(bad, risk)
    assert reading.low == pytest.approx(2 * low - 1, abs=0.02)
    assert reading.high == pytest.approx(2 * high - 1, abs=0.02)
    assert reading.verdict == "green"


def test_a_score_that_ranks_no_more_is_red() -> None:
    told = measured(watch(GINI), ranked(32, 30, 0.0)).of("ranking")
    assert told[-1].verdict == "red"
    assert "red" not in {each.verdict for each in told[:-1]}
    with pytest.raises(Faults, match="gets worse downwards"):
        watch(GINI.replace("direction: down, ", ""))

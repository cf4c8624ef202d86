"""Where ticks stand and what they say."""

from __future__ import annotations

from datetime import date

import pytest

from equipoise.service.pages.charts import Axis, Kind
from equipoise.service.pages.charts.axes import laid, linear_ticks, log_ticks
from equipoise.service.pages.charts.days import day_ticks
from equipoise.texts.numbers import MINUS, THIN
from equipoise.texts.saying import speaking


@pytest.mark.parametrize(
    ("low", "high", "most", "ticks"),
    [
        (0, 10, 6, [0, 2, 4, 6, 8, 10]),
        (0.013, 0.041, 5, [0.01, 0.02, 0.03, 0.04, 0.05]),
        (-3, 7, 4, [-5, 0, 5, 10]),
        (5, 5, 3, [5, 10]),
        (0, 0, 3, [0, 0.5, 1]),
        (-4, -4, 3, [-8, -6, -4]),
    ],
)
def test_ticks_are_round_and_enclose_all_values(
    low: float, high: float, most: int, ticks: list[float]
) -> None:
    assert linear_ticks(low, high, most) == ticks


def test_people_have_no_half_ticks() -> None:
    assert linear_ticks(0, 2, 9, whole=True) == [0, 1, 2]


@pytest.mark.parametrize(
    ("low", "high", "most", "ticks"),
    [
        (3, 40, 9, [2, 5, 10, 20, 50]),
        (1, 1_000_000, 7, [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]),
        (0.01, 100, 3, [0.01, 1, 100]),
    ],
)
def test_a_log_axis_has_powers_of_ten(
    low: float, high: float, most: int, ticks: list[float]
) -> None:
    assert log_ticks(low, high, most) == pytest.approx(ticks)


def test_days_are_ticked_as_a_calendar_counts_them() -> None:
    def ticked(first: date, last: date, most: int) -> list[str]:
        return [d.isoformat() for d in day_ticks(first.toordinal(), last.toordinal(), most)]

    assert ticked(date(2026, 1, 30), date(2026, 2, 2), 5) == [
        "2026-01-30", "2026-01-31", "2026-02-01", "2026-02-02",
    ]  # fmt: skip
    assert ticked(date(2026, 1, 15), date(2026, 4, 20), 4) == [
        "2026-02-01", "2026-03-01", "2026-04-01",
    ]  # fmt: skip
    assert ticked(date(2020, 3, 2), date(2026, 4, 20), 4) == [
        "2022-01-01", "2024-01-01", "2026-01-01",
    ]  # fmt: skip
    assert ticked(date(2026, 5, 5), date(2026, 5, 5), 4) == ["2026-05-05"]


def test_a_value_stands_where_its_share_of_the_axis_is() -> None:
    upwards = laid(Axis("loss"), [0, 10], 300, 100, 6)
    assert [upwards.place(each) for each in (0, 5, 10, 12, -1)] == [300, 200, 100, 100, 300]
    log = laid(Axis("days", kind=Kind.LOG), [1, 100], 0, 200, 9)
    assert [log.place(each) for each in (1, 10, 100, 0)] == pytest.approx([0, 100, 200, 0])
    days = laid(Axis("day", kind=Kind.DAYS), [date(2026, 1, 1), date(2026, 1, 11)], 0, 100, 4)
    assert days.place(date(2026, 1, 6)) == 50


def test_ticks_are_written_in_one_format() -> None:
    def texts(axis: Axis, *values: float) -> list[str]:
        return [tick.text for tick in laid(axis, values, 0, 1, 5).ticks]

    assert texts(Axis("loss", "share"), 0.02, 0.04) == [
        f"2.0{THIN}%", f"2.5{THIN}%", f"3.0{THIN}%", f"3.5{THIN}%", f"4.0{THIN}%",
    ]  # fmt: skip
    assert texts(Axis("gain", "money", "EUR"), -1000, 1000) == [
        f"{MINUS}1{THIN}000", f"{MINUS}500", "0", "500", f"1{THIN}000",
    ]  # fmt: skip
    assert texts(Axis("profit", "money"), 0, 4e7)[-1] == "40 million"
    with speaking("zh"):
        assert texts(Axis("profit", "money"), 0, 4e7)[-1] == "4,000万"


def test_values_are_written_with_their_unit() -> None:
    assert Axis("loss", "share").write(0.0231) == f"2.31{THIN}%"
    assert Axis("gain", "money", "EUR").write(1200.0) == f"EUR{THIN}1{THIN}200"
    assert Axis("day").write(date(2026, 1, 30)) == "30 January 2026"
    assert Axis("gain", "money", "EUR").title == "gain, EUR"
    assert Axis("loss", "share").title == "loss"

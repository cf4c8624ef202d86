"""The lender's day: the same moment is another day elsewhere."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from equipoise.contract import day_of, days, time_zone, today
from equipoise.errors import BadInput

_MOMENT = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Pacific/Kiritimati", date(2026, 3, 2)),  # UTC+14
        ("Asia/Shanghai", date(2026, 3, 1)),
        ("UTC", date(2026, 3, 1)),
        ("America/New_York", date(2026, 3, 1)),
        ("Pacific/Pago_Pago", date(2026, 2, 28)),  # UTC-11
    ],
)
def test_a_moment_is_the_day_that_it_is_for_the_lender(zone, day, monkeypatch):
    assert day_of(_MOMENT, zone) == day
    monkeypatch.setattr(days, "now", lambda: _MOMENT)
    assert today(type("Lender", (), {"time_zone": zone})()) == day


def test_summer_time_moves_the_day_s_end():
    late = datetime(2026, 7, 1, 4, 30, tzinfo=UTC)
    assert day_of(late, "America/New_York") == date(2026, 7, 1)  # 00:30 there, at UTC-4
    winter = datetime(2026, 1, 1, 4, 30, tzinfo=UTC)
    assert day_of(winter, "America/New_York") == date(2025, 12, 31)


def test_a_moment_without_a_zone_falls_on_no_day():
    with pytest.raises(ValueError, match="no day"):
        day_of(datetime(2026, 3, 1), "UTC")


@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("Asia/Shangai", "did you mean 'Asia/Shanghai'?"),
        ("New York", "did you mean 'America/New_York'?"),
        ("europe/amsterdam2", "did you mean 'Europe/Amsterdam'?"),
        ("UTC+8", "an offset knows no summer time"),
        ("+08:00", "an offset knows no summer time"),
        ("", "for example"),
        ("../../etc/passwd", "for example"),
        ("localtime", "for example"),
        ("Europe", "did you mean"),
    ],
)
def test_what_is_no_zone_is_refused_with_the_nearest(name, mend):
    with pytest.raises(BadInput, match="is not a time zone") as refused:
        time_zone(name)
    assert mend in refused.value.mend

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.errors import BadInput
from equipoise.experience.calendar import WEEKDAYS, BusinessCalendar, opening_hours

AMSTERDAM = BusinessCalendar(
    "Europe/Amsterdam",
    {**dict.fromkeys(WEEKDAYS[:5], opening_hours("08:30-12:00, 13:00-17:15"))}
    | {"saturday": opening_hours("00:00-24:00")},
    frozenset({date(2024, 4, 1)}),
)
# a week either side of the change to summer time, which happens on a Sunday at 02:00
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NIGHT = BusinessCalendar("Europe/Amsterdam", {"sunday": opening_hours("00:00-24:00")})


def micro(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def is_open(calendar: BusinessCalendar, moment: datetime) -> bool:
    """The plain reading of the calendar at one instant."""
    local = moment.astimezone(ZoneInfo(calendar.time_zone))
    if local.date() in calendar.holidays:
        return False
    minute = local.hour * 60 + local.minute + local.second / 60
    spans = calendar.hours.get(WEEKDAYS[local.weekday()], ())
    return any(opens <= minute < closes for opens, closes in spans)


def brute_force(calendar: BusinessCalendar, start: datetime, end: datetime) -> float:
    """Count open minutes one by one; exact when both instants are whole minutes."""
    minutes = (end - start) // timedelta(minutes=1)
    return 60.0 * sum(is_open(calendar, start + timedelta(minutes=i)) for i in range(minutes))


@pytest.mark.parametrize("calendar", [AMSTERDAM, NIGHT, BusinessCalendar()])
@given(
    begin=st.integers(0, 14 * 1440),
    length=st.integers(0, 4 * 1440),
    first=st.sampled_from([datetime(2024, 3, 24, tzinfo=UTC), datetime(2024, 10, 20, tzinfo=UTC)]),
)
def test_business_seconds_equal_counting_minutes_also_over_summer_time(
    calendar: BusinessCalendar, begin: int, length: int, first: datetime
) -> None:
    start = first + timedelta(minutes=begin)
    end = start + timedelta(minutes=length)
    ours = calendar.business_seconds(np.array([micro(start)]), np.array([micro(end)]))
    assert ours[0] == brute_force(calendar, start, end)


def test_business_seconds_are_exact_below_a_minute_and_negative_backwards() -> None:
    start = micro(datetime(2024, 1, 5, 16, 59, 59, 250_000, tzinfo=UTC))
    end = micro(datetime(2024, 1, 8, 9, 0, 0, 125_000, tzinfo=UTC))
    calendar = BusinessCalendar()
    assert calendar.business_seconds(np.array([start]), np.array([end]))[0] == 0.875
    assert calendar.business_seconds(np.array([end]), np.array([start]))[0] == -0.875


def test_many_spans_at_once_equal_one_by_one() -> None:
    rng = np.random.default_rng(3)
    start = micro(datetime(2024, 1, 1, tzinfo=UTC)) + rng.integers(0, 10**13, 500)
    end = start + rng.integers(0, 10**12, 500)
    together = AMSTERDAM.business_seconds(start, end)
    alone = [AMSTERDAM.business_seconds(start[i : i + 1], end[i : i + 1])[0] for i in range(500)]
    assert together.tolist() == alone
    assert together.sum() > 0


def test_a_calendar_that_never_opens_has_no_business_time() -> None:
    closed = BusinessCalendar(hours={})
    assert closed.business_seconds(np.array([0]), np.array([10**12]))[0] == 0
    assert closed.business_seconds(np.array([], dtype=np.int64), np.array([0])).size == 0


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("09:00-17:00", ((540, 1020),)), ("closed", ()), ("", ()),
     ("9:00-12:00,13:00-24:00", ((540, 720), (780, 1440)))],
)  # fmt: skip
def test_opening_hours_are_read(text: str, minutes: tuple[tuple[int, int], ...]) -> None:
    assert opening_hours(text) == minutes


@pytest.mark.parametrize("text", ["9-17", "17:00-09:00", "09:00-25:00", "13:00-14:00,09:00-10:00"])
def test_wrong_opening_hours_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"span of hours|overlap"):
        opening_hours(text)


def test_an_unknown_time_zone_is_named() -> None:
    with pytest.raises(BadInput, match="'Europe/Amsterdm' is not a time zone"):
        BusinessCalendar("Europe/Amsterdm").business_seconds(np.array([0]), np.array([1]))

"""Days as people read them."""

from __future__ import annotations

from datetime import date

import pytest

from equipoise.texts.dates import written_day
from equipoise.texts.saying import speaking


@pytest.mark.parametrize(
    ("day", "english", "chinese"),
    [
        (date(2026, 1, 30), "30 January 2026", "2026年1月30日"),
        (date(2026, 3, 1), "1 March 2026", "2026年3月1日"),
        (date(2024, 2, 29), "29 February 2024", "2024年2月29日"),
        (date(1999, 12, 31), "31 December 1999", "1999年12月31日"),
    ],
)
def test_a_day_is_written_as_each_language_writes_it(day: date, english: str, chinese: str) -> None:
    assert written_day(day, "en") == english
    assert written_day(day, "zh-CN") == chinese
    with speaking("zh"):
        assert written_day(day) == chinese

"""When the last day is, and how a person reads that it was counted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.errors import BadInput
from equipoise.experience.calendar import BusinessCalendar
from equipoise.jurisdiction import KINDS, Kind, Pack, deadline, pack, shipped_packs
from equipoise.texts.saying import speaking

CALENDAR = BusinessCalendar()  # Monday to Friday
RECEIVED = date(2026, 1, 30)  # a Friday
TODAY = date(2026, 11, 29)


def _own(folder: Path, term: str, closed_day: str = "stays") -> Pack:
    path = folder / "own.yaml"
    path.write_text(
        "pack: own\nrules:\n"
        "  - {id: own.answer, kind: complaint_answer, from: 2000-01-01, source: ours,"
        f" verified: unseen, term: {term}, closed_day: {closed_day}}}\n"
    )
    return pack(path, on=RECEIVED)


@pytest.mark.parametrize(
    ("place", "kind", "last"),
    [
        ("UK", "complaint_answer", date(2026, 3, 27)),  # 8 weeks
        ("CN", "complaint_answer", date(2026, 2, 14)),  # 15 days
        ("CN", "complaint_answer_complex", date(2026, 3, 1)),  # 30
        ("CN", "complaint_answer_exceptional", date(2026, 3, 31)),  # 60
        ("US", "complaint_answer", date(2026, 2, 14)),
        ("US", "complaint_answer_complex", date(2026, 3, 31)),
        ("UK", "complaint_summary", date(2026, 2, 4)),  # third business day: Mon, Tue, Wed
        ("US", "decision_complete", date(2026, 3, 1)),
        ("US", "decision_incomplete", date(2026, 3, 1)),
        ("US", "decision_after_counter_offer", date(2026, 4, 30)),  # 90: 28 + 31 + 30 + 1 day
        ("US", "reasons_request", date(2026, 3, 31)),
        ("US", "reasons_answer", date(2026, 3, 1)),
        ("EU", "withdrawal", date(2026, 2, 13)),  # 14 days, a Friday
        ("EU", "review_answer", date(2026, 2, 28)),  # a month; there is no 30 February
        ("US", "retention", date(2028, 2, 29)),  # 25 months; 2028 is a leap year
    ],
)
def test_what_was_received_on_30_january_is_due_on(place: str, kind: Kind, last: date) -> None:
    assert deadline(pack(place, on=RECEIVED), kind, RECEIVED, CALENDAR).day == last


@pytest.mark.parametrize(
    ("place", "kind", "reads"),
    [
        ("UK", "complaint_acknowledgement", "Promptly"),
        ("CN", "withdrawal", "leaves this to the lender"),
        ("US", "withdrawal", "knows no such duty or right"),
    ],
)
def test_where_no_days_are_counted_it_is_said_why(place: str, kind: Kind, reads: str) -> None:
    due = deadline(pack(place, on=TODAY), kind, TODAY, CALENDAR)
    assert due.day is None
    assert reads in due.how


def test_a_person_reads_how_it_was_counted() -> None:
    read = deadline(pack("UK", on=RECEIVED), "complaint_summary", RECEIVED, CALENDAR).how
    assert read == (
        "3 business days after 30 January 2026, the day the complaint was received; the day after "
        "it counts as the first, and 4 February 2026 is the last. Closed days in between, which do "
        "not count: 2."
    )
    with speaking("zh"):
        read = deadline(pack("UK", on=RECEIVED), "complaint_summary", RECEIVED, CALENDAR).how
    assert read == (
        "自收到投诉之日（2026年1月30日）起 3 个工作日：次日为第一日，2026年2月4日为最后一日。"
        "其间不计入的非营业日：2 天。"
    )


def test_a_last_day_of_withdrawing_that_is_closed_moves_on_and_says_so() -> None:
    agreed = date(2026, 1, 31)  # 14 days later is a Saturday
    due = deadline(pack("EU", on=agreed), "withdrawal", agreed, CALENDAR)
    assert due.day == date(2026, 2, 16)
    assert due.how.endswith(
        "14 February 2026 is a closed day, and the next open one counts: 16 February 2026."
    )
    shut_on_monday = BusinessCalendar(holidays=frozenset({date(2026, 2, 16)}))
    later = deadline(pack("EU", on=agreed), "withdrawal", agreed, shut_on_monday)
    assert later.day == date(2026, 2, 17)


def test_a_deadline_of_the_lender_does_not_move_on(tmp_path: Path) -> None:
    due = deadline(_own(tmp_path, "15 days"), "complaint_answer", date(2026, 1, 30), CALENDAR)
    assert due.day == date(2026, 2, 14)  # a Saturday


@given(
    start=st.dates(date(2000, 1, 1), date(2099, 1, 1)),
    length=st.integers(1, 60),
    shut=st.sets(st.dates(date(2000, 1, 1), date(2100, 1, 1)), max_size=20),
)
def test_business_days_are_those_numpy_counts(
    tmp_path_factory: pytest.TempPathFactory, start: date, length: int, shut: set[date]
) -> None:
    own = _own(tmp_path_factory.mktemp("pack"), f"{length} business days")
    calendar = BusinessCalendar(holidays=frozenset(shut))
    counted = deadline(own, "complaint_answer", start, calendar).day
    expected = np.busday_offset(start, length, roll="backward", holidays=sorted(shut))
    assert np.datetime64(counted) == expected


@pytest.mark.parametrize(
    ("term", "start", "last"),
    [
        ("1 month", date(2026, 1, 31), date(2026, 2, 28)),
        ("1 month", date(2024, 1, 31), date(2024, 2, 29)),
        ("1 month", date(2026, 12, 31), date(2027, 1, 31)),
        ("12 months", date(2024, 2, 29), date(2025, 2, 28)),
        ("1 day", date(2026, 2, 28), date(2026, 3, 1)),
        ("1 week", date(2026, 12, 28), date(2027, 1, 4)),
        ("1 business day", date(2026, 1, 31), date(2026, 2, 2)),
    ],
)
def test_months_end_where_the_month_does(
    tmp_path: Path, term: str, start: date, last: date
) -> None:
    assert deadline(_own(tmp_path, term), "complaint_answer", start, CALENDAR).day == last


def test_a_calendar_that_is_never_open_is_refused(tmp_path: Path) -> None:
    own = _own(tmp_path, "3 business days")
    with pytest.raises(BadInput, match="closed for 400 days after 2026-01-30"):
        deadline(own, "complaint_answer", RECEIVED, BusinessCalendar(hours={}))


@pytest.mark.parametrize("place", shipped_packs())
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_clock_of_every_pack_counts_and_can_be_read(place: str, language: str) -> None:
    of_place = pack(place, on=TODAY)
    held = [kind for kind in KINDS if any(rule.kind == kind for rule in of_place.rules)]
    assert held
    with speaking(language):
        for kind in held:
            due = deadline(of_place, kind, TODAY, CALENDAR)
            assert due.how
            assert due.day is None or due.day > TODAY

"""Contact about a debt: how often, and not at night of the customer's own clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from equipoise.errors import BadInput, GateRefused
from equipoise.watch.disposal import Contact, check_contact, contact_rules

NEW_YORK, SHANGHAI = ZoneInfo("America/New_York"), ZoneInfo("Asia/Shanghai")
US = contact_rules("US", date(2026, 6, 1))
CN = contact_rules("CN", date(2026, 6, 1))


def in_new_york(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=NEW_YORK)


def calls(days: range) -> list[Contact]:
    return [Contact(in_new_york(day, 10), "call") for day in days]


def test_the_eighth_call_in_seven_days_waits_until_the_first_is_seven_days_old() -> None:
    check_contact(US, calls(range(1, 7)), "call", in_new_york(7, 9), NEW_YORK)
    with pytest.raises(GateRefused, match="not before 2026-06-08 10:00"):
        check_contact(US, calls(range(1, 8)), "call", in_new_york(8, 9), NEW_YORK)
    check_contact(US, calls(range(1, 8)), "call", in_new_york(8, 10), NEW_YORK)


def test_calls_that_are_planned_for_later_count() -> None:
    """Seven stand planned for seven days; an eighth among them is more than seven in seven."""
    planned = calls(range(3, 10))
    with pytest.raises(GateRefused, match="not before 2026-06-10 10:00"):
        check_contact(US, planned, "call", in_new_york(5, 11), NEW_YORK)
    check_contact(US, planned, "call", in_new_york(2, 9), NEW_YORK)
    check_contact(US, planned, "call", in_new_york(10, 10), NEW_YORK)


def test_no_call_for_seven_days_after_a_talk() -> None:
    talk = [Contact(in_new_york(1, 12), "call", talked=True)]
    with pytest.raises(GateRefused, match=r"not before 2026-06-08 12:00.*1006\.14"):
        check_contact(US, talk, "call", in_new_york(5, 12), NEW_YORK)


def test_what_was_made_against_the_rules_does_not_hold_up_others_for_ever() -> None:
    made = [Contact(in_new_york(1, 9 + each), "call") for each in range(9)]
    with pytest.raises(GateRefused, match="not before 2026-06-08 11:00"):
        check_contact(US, made, "call", in_new_york(2, 9), NEW_YORK)


@pytest.mark.parametrize(("hour", "until"), [(7, "06-01 08:00"), (21, "06-02 08:00")])
def test_nights_are_those_of_the_customer(hour: int, until: str) -> None:
    with pytest.raises(GateRefused, match=f"not before 2026-{until}"):
        check_contact(US, [], "call", in_new_york(1, hour).astimezone(UTC), NEW_YORK)


@pytest.mark.parametrize(("rules", "zone"), [(US, NEW_YORK), (CN, SHANGHAI)])
@pytest.mark.parametrize("channel", ["call", "message", "visit"])
def test_whoever_is_asleep_gets_a_letter_alone(rules, zone, channel) -> None:  # type: ignore[no-untyped-def]
    at = datetime(2026, 6, 1, 23, tzinfo=zone)
    with pytest.raises(GateRefused, match="not before 2026-06-02 08:00"):
        check_contact(rules, [], channel, at, zone)
    check_contact(rules, [], "letter", at, zone)
    many = [Contact(at - timedelta(hours=each), "message") for each in range(3, 12)]
    check_contact(rules, many, "message", at - timedelta(hours=3), zone)


def test_three_calls_a_day_of_the_calendar_in_china() -> None:
    at = datetime(2026, 6, 1, 9, tzinfo=SHANGHAI)
    made = [Contact(at + timedelta(hours=each), "call") for each in range(3)]
    check_contact(CN, made[:2], "call", at + timedelta(hours=4), SHANGHAI)
    for hours in (4, -0.5):  # before those that are planned, too
        with pytest.raises(GateRefused, match="not before 2026-06-02 08:00"):
            check_contact(CN, made, "call", at + timedelta(hours=hours), SHANGHAI)


def test_a_letter_is_counted_by_no_rule_of_calls() -> None:
    check_contact(US, calls(range(1, 8)), "letter", in_new_york(8, 9), NEW_YORK)


def test_who_is_vulnerable_is_written_to() -> None:
    with pytest.raises(GateRefused, match="vulnerable"):
        check_contact(US, [], "call", in_new_york(1, 12), NEW_YORK, vulnerable=True)
    check_contact(US, [], "letter", in_new_york(1, 12), NEW_YORK, vulnerable=True)


def test_rules_hold_from_their_day() -> None:
    assert contact_rules("CN", date(2025, 3, 12)) == ()
    assert contact_rules("CN", date(2025, 3, 13)) == CN


def test_an_unknown_place_and_a_lenders_own_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no pack 'CH'"):
        contact_rules("CH", date(2026, 1, 1))
    own = tmp_path / "own.yaml"
    own.write_text(
        "pack: OWN\ncaution: ours\ncontacts:\n- {id: own.calls, counts: call, at_most: 0, days: 7,"
        ' quiet_after: "20:00", quiet_until: "09:00", from: 2026-01-01, source: our promise,'
        " verified: text}\n"
    )
    rules = contact_rules(own, date(2026, 6, 1))
    own.write_text(own.read_text().replace("20:00", "08:00"))
    with pytest.raises(BadInput, match="of the next day"):
        contact_rules(own, date(2026, 6, 1))
    with pytest.raises(GateRefused, match=r"in this way \(own\.calls: our promise"):
        check_contact(rules, [], "call", in_new_york(1, 12), NEW_YORK)

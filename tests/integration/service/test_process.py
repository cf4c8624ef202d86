"""The funnel and the process map, as the record's own events tell them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from applying import Applicant, bureau, publish_asking
from service_records import (
    BEGIN,
    LEAVE_OTHER,
    LEAVE_USELESS,
    SLOW_CHANNEL,
    USELESS,
    Records,
)

from equipoise.service.contexts.process import following, picturing, reading, services
from equipoise.service.contexts.process.changed import changed_by_step
from equipoise.service.contexts.process.models import Happening, Lost, Way
from equipoise.service.contexts.process.reading import RECORD, Picture
from equipoise.service.platform.record import subjects, subscriptions

FACTS = {"score": 780.0, "dti": 0.2, "on_sick_leave": False}
pytestmark = pytest.mark.usefixtures("sqlite_database")


def followed(records: Records, window: int = 5000) -> None:
    """As a subscription hands them on: in windows, in order."""
    events = records.told()
    for start in range(0, len(events), window):
        following.FOLLOWED.take(events[start : start + window])


def answered(records: Records, page: str) -> int:
    """How many drafts tell that the page was answered."""
    events = (each for each in records.told() if each.entry.kind == "draft.answered")
    return len({each.entry.chain for each in events if each.event.page == page})


def drawn(day: float) -> Picture:
    picturing.draw(BEGIN + timedelta(days=day))
    kept = reading.kept(RECORD)
    assert kept is not None
    assert kept.picture is not None
    return kept.picture


def test_a_persons_way_is_told_by_the_events_of_their_draft_and_application() -> None:
    publish_asking()
    with bureau(**FACTS):
        applicant = Applicant().begin().fill()
        applicant.send()
    left = Applicant().begin()
    left.type("amount", "8,000")
    services.follow()
    sent, begun = Way.objects.order_by("id")
    assert sent.application.startswith("application-") or sent.application
    assert (sent.draft, begun.draft) == (applicant.draft, left.draft)
    assert (sent.product, sent.version, sent.channel) == ("corner", "corner 1", "web")
    assert (begun.application, begun.version) == (None, "corner 1")
    names = list(
        Happening.objects.filter(way=sent.pk)
        .order_by("at", "id")
        .values_list("activity", flat=True)
    )
    assert names[0] == "begun"
    assert names.index("page.amount") < names.index("page.employment") < names.index("sent")
    assert names.index("sent") < names.index("offered")
    assert services.follow() == 0  # nothing is taken in twice
    assert Way.objects.count() == 2


def test_an_erased_person_cannot_be_found_and_still_counts() -> None:
    publish_asking()
    left = Applicant().begin()
    left.type("amount", "8,000")
    services.follow()
    Lost.objects.create(
        source=RECORD, case=left.draft, step="page.term", left_at=datetime.now(UTC), by_clock=True
    )
    left.post("delete", {"sure": "on"}, go="delete")
    if subjects.readable([left.draft]):
        subjects.erase(left.draft, "user.1", "asked")
    services.follow()
    way = Way.objects.get()
    assert (way.draft, way.application) == (None, None)
    assert not Lost.objects.exists()
    assert Happening.objects.filter(way=way.pk, activity="erased").exists()


def test_the_useless_page_and_the_slow_channel_are_found() -> None:
    records = Records(seed=5, people=3000)
    followed(records)
    picture = drawn(150.0)
    steps = {row.step: row for row in picture.steps if row.by is None}
    assert picture.order[:4] == ("page.amount", "page.income", f"page.{USELESS}", "page.work")
    useless = steps[f"page.{USELESS}"].drop_off
    other = steps["page.work"].drop_off
    assert useless is not None
    assert other is not None
    before, after = (answered(records, page) for page in ("income", USELESS))
    assert useless.value == pytest.approx(1 - after / before)
    assert useless.low <= LEAVE_USELESS <= useless.high
    assert other.low <= LEAVE_OTHER <= other.high
    away = [each for each in picture.moves if each.kind == "take_away" and each.by is None]
    assert away[0].step == f"page.{USELESS}"
    answered_by_person = sum(each.entry.kind == "override.made" for each in records.told())
    (person_away,) = (each for each in away if each.step == "person")
    assert person_away.verdict == "changes_decisions"
    assert person_away.decides is not None
    assert (person_away.decides.k, person_away.decides.n) == (answered_by_person,) * 2
    assert all(each.decides is None for each in away if each.step.startswith("page."))
    fast = [each for each in picture.moves if each.kind == "make_fast" and each.by == "channel"]
    assert (fast[0].step, fast[0].group) == ("person", SLOW_CHANNEL)
    person = {
        row.group: row for row in picture.steps if row.step == "person" and row.by == "channel"
    }
    slow, usual = person[SLOW_CHANNEL].calendar.p50, person["web"].calendar.p50
    assert 2.5 < slow / usual < 3.5
    assert steps["person"].turn == "lender"
    assert steps["page.amount"].turn == "customer"
    assert picture.hazard_per_day.low <= 0.08 <= picture.hazard_per_day.high


def test_a_check_changes_the_decision_of_whom_the_next_answer_is_a_no() -> None:
    begin = datetime(2026, 3, 2, tzinfo=UTC)
    result = {
        "stopped": ("checks", "declined"),
        "passed": ("checks", "offered"),
        "no at first": ("checks", "declined_first", "person", "offered"),
        "a person's no": ("person", "declined"),
        "waits": ("checks",),
        "never asked": ("offered",),
    }
    events = pl.DataFrame(
        [
            (case, name, "complete", begin + timedelta(hours=at))
            for case, names in result.items()
            for at, name in enumerate(names)
        ],
        schema=["case", "activity", "lifecycle", "time"],
        orient="row",
    )
    changes, columns = changed_by_step(events)
    rows = {
        row["case"]: (row[columns["checks"]], row[columns["person"]]) for row in changes.to_dicts()
    }
    assert rows == {
        "stopped": (True, None),
        "passed": (False, None),
        "no at first": (True, True),
        "a person's no": (None, False),
        "waits": (None, None),
        "never asked": (None, None),
    }


def test_counts_add_up_and_windows_do_not_matter() -> None:
    """The same events in windows of 7, and of all at once, are the same picture."""
    followed(Records(seed=5, people=120), window=7)
    small = drawn(150.0)
    for model in (Way, Happening, Lost):
        model.objects.all().delete()
    followed(Records(seed=5, people=120), window=10**6)
    whole = drawn(150.0)
    assert [(r.step, r.came, r.lost) for r in small.steps if r.by is None] == [
        (r.step, r.came, r.lost) for r in whole.steps if r.by is None
    ]
    for row in whole.steps:
        assert row.came == row.went_on + row.lost + row.declined + row.open
    assert whole.ways == 120


def test_a_version_without_the_useless_page_is_seen_to_be_better() -> None:
    followed(Records(seed=11, people=2400, version_at=60.0))
    picture = drawn(150.0)
    [pair] = picture.comparisons
    assert (pair.before, pair.after) == ("loan 1", "loan 2")
    whole = next(row for row in pair.rows if row.measure == "accepted")
    assert whole.found == "better"
    assert whole.low > 0
    assert whole.since is not None


def test_who_fell_silent_is_lost_until_they_come_back() -> None:
    from equipoise.service.contexts.drafts.events import DraftAnswered

    records = Records(seed=2, people=40)
    followed(records)
    drawn(5.0 + 120.0)
    lost = {row.case: row for row in Lost.objects.all()}
    assert lost
    one = next(row for row in lost.values() if row.by_clock and row.step.startswith("page."))
    assert one.case.startswith("draft-")
    back = BEGIN + timedelta(days=124.0)
    event = DraftAnswered(
        by="applicant", product="loan", channel="web", at=back.isoformat(), page="work"
    )
    from service_records import entry

    from equipoise.record.events import Recorded

    following.FOLLOWED.take([Recorded(10**6, entry(one.case, back, event), event)])
    drawn(125.0)
    assert not Lost.objects.filter(case=one.case, step=one.step).exists()


def test_a_few_people_are_counted_and_nothing_is_reckoned_of_them() -> None:
    followed(Records(seed=2, people=6))
    picture = drawn(140.0)
    for row in picture.steps:
        assert row.came < 10
        assert row.going_on.value is None
        assert row.drop_off is None


def test_the_job_follows_by_a_cursor_and_draws() -> None:
    from equipoise.service.contexts.process import tasks

    publish_asking()
    Applicant().begin().type("amount", "8,000")
    assert tasks.follow_ways.func() > 0
    assert subscriptions.forward([following.FOLLOWED]) == 0
    assert tasks.draw_process.func() == 1


def test_a_picture_of_nothing_is_none() -> None:
    assert picturing.draw(BEGIN) == 0
    assert reading.kept(RECORD) is None

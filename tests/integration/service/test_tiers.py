"""What each tier of customers is promised, and whether it is kept."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from applying import Applicant, bureau, publish_asking
from django.conf import settings
from people import logged_in, person
from service_records import BEGIN, Records, by_person, decided, entry

from equipoise.errors import BadInput
from equipoise.record.events import Recorded
from equipoise.service.contexts.cases.events import WorkHeld, WorkResumed
from equipoise.service.contexts.concerns.events import ConcernAnswered, ConcernRaised
from equipoise.service.contexts.process import following, picturing, reading, services
from equipoise.service.contexts.process.models import Way
from equipoise.service.platform.accounts.permissions import Role
from equipoise.workspace.desks import read_desks

pytestmark = pytest.mark.usefixtures("sqlite_database")
DESKS = """\
tiers:
  field: employment
  promised:
    - name: gold
      label: {en: Gold customers, zh: 金卡客户}
      values: [permanent]
      since: 2026-03-10
      journeys: [standard]
      answer_hours: 8
      apr_at_most: 0.5
      person_hours: 8
    - {name: plain, values: [own], since: 2020-01-01, apr_at_most: 0.001}
"""


@pytest.fixture
def desks() -> Iterator[Path]:
    path = settings.CONFIGURATION.workspace / "desks.yaml"
    path.write_text(DESKS)
    yield path
    path.unlink()


def open_hours(begin: datetime, end: datetime) -> float:
    """Hours from nine to five on weekdays, day by day."""
    total, day = 0.0, begin.date()
    while day <= end.date():
        if day.weekday() < 5:
            opens, closes = (datetime.combine(day, time(h), UTC) for h in (9, 17))
            total += max(0.0, (min(end, closes) - max(begin, opens)).total_seconds())
        day += timedelta(days=1)
    return total / 3600


def test_promises_are_kept_to_as_many_as_the_record_tells(desks: Path) -> None:
    """Held against the events themselves: who was referred since the day, and decided in time."""
    events = Records(seed=5, people=400).told()
    following.FOLLOWED.take(events)
    Way.objects.update(tier="gold", price_kept=True)
    until = BEGIN + timedelta(days=200)
    picturing.draw(until)
    kept = reading.kept("record")
    assert kept is not None
    assert kept.picture is not None
    gold, plain = kept.picture.tiers
    promises = {each.what: each.kept for each in gold.promises}
    began: dict[str, datetime] = {}
    asked: dict[str, datetime] = {}
    waits: dict[str, float] = {}
    answers: dict[str, float] = {}  # open hours until an answer, or until they left later than that
    for each in events:
        at, chain = datetime.fromtimestamp(each.entry.at / 1e6, UTC), each.entry.chain[-7:]
        if each.entry.kind == "draft.begun":
            began[chain] = at
        elif each.entry.kind == "decision.made" and each.event.made["outcome"] == "refer":
            asked[chain] = at
        elif each.entry.kind == "decision.made":
            answers[chain] = 0.0
        elif each.entry.kind in {"override.made", "outcome.recorded"} and chain in asked:
            hours = open_hours(asked[chain], at)
            if each.entry.kind == "override.made" or hours > 8:
                waits[chain] = answers[chain] = hours
    day = datetime(2026, 3, 10, tzinfo=UTC)
    mine = {chain: hours for chain, hours in waits.items() if began[chain] >= day}
    assert gold.ways == sum(at >= day for at in began.values())
    assert promises["person"].n == len(mine)
    assert promises["person"].k == sum(hours <= 8 for hours in mine.values())
    first = {chain: hours for chain, hours in answers.items() if began[chain] >= day}
    assert promises["time"].n == len(first) > promises["person"].n
    assert promises["time"].k == sum(hours <= 8 for hours in first.values())
    everybody, golden, plains, nobodys = kept.picture.answers
    assert (everybody.tier, golden.tier, plains.tier, nobodys.tier) == (None, "gold", "plain", "")
    assert everybody.kept == golden.kept, "all of them are of that tier"
    assert (everybody.kept.n, everybody.sent) == (len(answers), len({*answers, *asked}))
    assert everybody.kept.k == sum(hours <= 8 for hours in answers.values())
    assert plains.sent == nobodys.sent == 0
    assert promises["journey"].value == 1.0
    assert promises["price"].value == 1.0
    assert plain.ways == 0
    page = logged_in(person(Role.SERVICE_OWNER)).get("/experience/tiers/").content.decode()
    assert "Gold customers" in page
    assert "within 8 open hours" in page
    assert f"({promises['person'].k}/{promises['person'].n})" in page


def _said_to(concern: str, decision: str) -> ConcernAnswered:
    return ConcernAnswered(
        concern=concern, decision=decision, channel="web", words=None, papers=[], due_on=None,
        at="", by="applicant",
    )  # fmt: skip


def test_everybody_counts_whoever_sent_them_and_their_own_time_does_not() -> None:
    """Of six whom programs sent: one is answered at once, one by a person, one has waited for a
    month, one took nine days to send more, and was answered within the day; one took as long over
    a person's question; and of one two things were asked for two days, and then ten hours passed.
    """
    monday = datetime(2026, 3, 2, 10, tzinfo=UTC)
    hours, days = timedelta(hours=1), timedelta(days=1)
    result = [
        ("a", monday, decided("d1", "approve")),
        ("b", monday, decided("d2", "refer")),
        ("b", monday + 3 * hours, by_person("d2")),
        ("c", monday, decided("d3", "refer")),
        ("d", monday, decided("d4", "ask_for_more")),
        ("d", monday + 9 * days, decided("d5", "refer")),
        ("d", monday + 9 * days + 3 * hours, by_person("d5")),
        ("e", monday, decided("d6", "refer")),
        ("e", monday + 2 * hours, WorkHeld(work="e", words=None, by="user.1")),
        ("e", monday + 9 * days, WorkResumed(work="e", by="system.cases")),
        ("e", monday + 9 * days + 3 * hours, by_person("d6")),
        ("f", monday, decided("d7", "refer")),
        ("f", monday, ConcernRaised(concern="k", decision="d7", code="X", by="system")),
        ("f", monday, WorkHeld(work="f", words=None, by="user.1")),
        ("f", monday + 2 * days, _said_to("k", "d7")),
        ("f", monday + 2 * days, WorkResumed(work="f", by="system.cases")),
        ("f", monday + 3 * days + 2 * hours, by_person("d7")),
    ]
    following.FOLLOWED.take(
        [
            Recorded(at + 1, entry(f"application-{chain}", moment, event), event)
            for at, (chain, moment, event) in enumerate(sorted(result, key=lambda each: each[1]))
        ]
    )
    asked = Records(seed=5, people=1, over_days=0.0).told()  # a picture has pages to draw
    following.FOLLOWED.take(asked)
    picturing.draw(monday + 30 * days)
    kept = reading.kept("record")
    assert kept is not None
    assert kept.picture is not None
    (everybody,) = kept.picture.answers
    typed = sum(each.entry.kind == "draft.sent" for each in asked)
    assert everybody.sent == 6 + typed
    late_before = everybody.kept.n - everybody.kept.k
    assert (everybody.kept.k - typed, late_before, everybody.waiting_late) == (4, 2, 1)
    page = logged_in(person(Role.SERVICE_OWNER)).get("/experience/tiers/").content.decode()
    assert "within 8 open hours of sending" in page


def test_a_persons_tier_and_price_follow_from_their_decision(desks: Path) -> None:
    publish_asking()
    with bureau(score=780.0, dti=0.2, on_sick_leave=False):
        Applicant().begin().fill().send()
        Applicant().begin().fill(employment="own").send()
    services.follow()
    gold, plain = Way.objects.order_by("id")
    assert (gold.tier, gold.price_kept) == ("gold", True)
    assert (plain.tier, plain.price_kept) == ("plain", False)
    assert not gold.judged_after, "it was declared before they were decided about"


def test_a_tier_declared_later_is_judged_on_history_and_said_to_be_so(desks: Path) -> None:
    """What was known before stays as it was; of a tier that is new the record tells its past."""
    publish_asking()
    desks.write_text(DESKS.replace("values: [own]", "values: [retired]"))
    os.utime(desks, (0, 0))  # declared long before anybody was decided about
    with bureau(score=780.0, dti=0.2, on_sick_leave=False):
        Applicant().begin().fill().send()
        Applicant().begin().fill(employment="own").send()
    services.follow()
    result = Way.objects.order_by("id").values_list("tier", "price_kept", "judged_after")
    assert list(result) == [("gold", True, False), ("", None, False)]
    desks.write_text(DESKS.replace("2026-03-10", "2020-01-01"))
    services.follow()
    assert list(result.all()) == [("gold", True, False), ("plain", False, True)]
    services.draw()
    page = logged_in(person(Role.SERVICE_OWNER)).get("/experience/tiers/").content.decode()
    assert page.count("before the tier was declared so, and are judged from the record") == 1


def test_a_tier_that_cannot_be_is_named_by_its_line(desks: Path) -> None:
    desks.write_text(DESKS.replace("values: [own]", "values: [permanent]"))
    with pytest.raises(BadInput, match="'permanent' is given to more than one tier"):
        read_desks(desks.parent)
    from applying import asking_contract

    desks.write_text(DESKS.replace("field: employment", "field: employmnt"))
    with pytest.raises(BadInput, match=r"desks.yaml:2.*'employmnt' is not in the contract"):
        read_desks(desks.parent, asking_contract())
    desks.write_text(DESKS.replace("[permanent]", "[permanant]"))
    with pytest.raises(BadInput, match=r"desks.yaml:6.*'employment' cannot be 'permanant'"):
        read_desks(desks.parent, asking_contract())


def test_without_tiers_the_page_says_how_to_declare_them() -> None:
    following.FOLLOWED.take(Records(seed=5, people=20).told())
    picturing.draw(BEGIN + timedelta(days=200))
    client = logged_in(person(Role.ANALYST))
    assert "No tiers are declared" in client.get("/experience/tiers/").content.decode()

"""What waits for a person, and who has it: made from the record, claimed by one, kept from whoever
may not judge it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from at_the_desk import decided, follow, referred, underwriter, waiting, who
from django.conf import settings
from django.test import override_settings
from lender import AUTHORITY, RISKY, anew, ask, facts, publish, shop
from people import logged_in, person, send

from equipoise.authority.deciding import AlreadySigned, SelfDealing
from equipoise.errors import BadInput
from equipoise.service.contexts.cases import promised, reading, services
from equipoise.service.contexts.cases.models import Work
from equipoise.service.contexts.decisions.outcomes import Outcome, add_outcome
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Reach, Role
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects, verifications
from equipoise.service.platform.record.proving import verify_record

ALL = Reach.ALL
_PLACED = ("worth", "place", "unknown", "chance", "past")


@pytest.fixture(autouse=True)
def _in_force(database: Any) -> Iterator[None]:
    with anew():
        publish(authority=AUTHORITY)
        yield


def stood() -> list[dict[str, Any]]:
    """All work, but for what is set anew each minute."""
    rows = list(Work.objects.order_by("id").values())
    return [{n: v for n, v in row.items() if n not in _PLACED} for row in rows]


def test_what_the_strategy_leaves_to_a_person_waits_for_one_and_nothing_else_does() -> None:
    decided()
    decision = referred(amount=12_345.0)
    (work,) = waiting()
    assert (work.kind, work.decision, work.application) == (
        "referred",
        decision["id"],
        decision["application"],
    )
    assert (work.branch, work.level, work.signatures, work.grade) == ("north", "junior", 1, "A")
    assert work.why == ["ABOVE_AUTHORITY"]
    assert work.amount == 1_200_000  # to two figures, in cents: the sum itself stays sealed
    assert work.due_at is not None
    hours = promised.office(work.digest).hours(work.opened_at, work.due_at)
    assert hours == pytest.approx(8.0)


def test_it_ends_with_what_settles_it() -> None:
    by_decision, by_leaving = referred(), referred()
    assert len(waiting()) == 2
    client = shop(branch="north")
    answer = ask(client, facts(amount=5_000.0))
    assert answer.json()["outcome"] == "approve"
    add_outcome(_row(by_leaving["id"]), Outcome.WITHDRAWN, who(underwriter()))
    follow()
    gone = Work.objects.get(application=by_leaving["application"])
    assert (gone.closed, gone.closed_at is not None) == ("withdrawn", True)
    (left,) = waiting()
    assert left.application == by_decision["application"]
    subjects.erase(by_decision["application"], "user.1", "asked")
    assert waiting() == []
    assert not Work.objects.filter(application=by_decision["application"]).exists()


def test_of_two_who_take_it_at_once_one_has_it_and_the_other_reads_who(
    in_threads: Callable[..., Any],
) -> None:
    first, second = underwriter(), underwriter()
    referred()
    (work,) = waiting()
    both = [who(first), who(second)]

    def take(number: int) -> Any:
        try:
            return services.claim(work.id, both[number])
        except services.Taken as error:
            return error

    answers = in_threads(2, take)
    (lost,) = [each for each in answers if isinstance(each, services.Taken)]
    (won,) = [each for each in answers if not isinstance(each, services.Taken)]
    holder = first if won.claimed_by == who(first).id else second
    assert (lost.holder, lost.name, lost.since) == (
        won.claimed_by,
        holder.username,
        won.claimed_at,
    )
    assert holder.username in str(lost)
    assert verify_record().valid


def test_a_claim_ends_by_itself_unless_its_holder_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = who(underwriter()), who(underwriter())
    referred()
    (work,) = waiting()
    start = clock.now()
    services.claim(work.id, first)
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=14))
    assert services.renew(work.id, first)
    assert not services.renew(work.id, second)
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=28))
    with pytest.raises(services.Taken):
        services.claim(work.id, second)
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=30))
    assert not services.renew(work.id, first)
    assert services.claim(work.id, second).claimed_by == second.id
    kinds = [e.kind for e in record.entries(work.chain)]
    assert kinds.count("work.claimed") == 2  # going on is no event


def test_who_wrote_an_application_does_not_take_it_and_gets_another_as_the_next() -> None:
    author = underwriter("senior")
    client = logged_in(author)
    own = send_decision(client, amount=14_000.0)
    (work,) = waiting()
    assert work.begun_by == who(author).id
    with pytest.raises(SelfDealing):
        services.claim(work.id, who(author))
    assert services.take_next(who(author)) is None
    referred(amount=11_000.0)
    follow()
    taken = services.take_next(who(author))
    assert taken is not None
    assert taken.application != own["application"]
    other = services.take_next(who(underwriter()))
    assert other is not None
    assert other.id == work.id


def send_decision(client: Any, **changes: Any) -> dict[str, Any]:
    answer = ask(client, facts(**changes), branch="north")
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def test_the_next_case_is_none_above_ones_level() -> None:
    referred(amount=40_000.0)  # for two of the senior level
    referred(amount=11_000.0)
    follow()
    junior = who(underwriter())
    taken = services.take_next(junior)
    assert taken is not None
    assert taken.level == "junior"
    assert services.take_next(junior) is None
    senior = services.take_next(who(underwriter("senior")))
    assert senior is not None
    assert senior.level == "senior"


def test_who_signed_waits_for_another_to_sign() -> None:
    decision = decided(amount=25_000.0, **{**RISKY, "dti": 0.45})
    first, second = underwriter("senior"), underwriter("senior")
    body = {"answer": "approve", "reason": "INCOME", "words": "the contract was read"}
    at = f"/v1/decisions/{decision['id']}/override"
    assert send(logged_in(first), "POST", at, body).status_code == 200
    (work,) = waiting("signature")
    with pytest.raises(AlreadySigned):
        services.claim(work.id, who(first))
    assert services.claim(work.id, who(second)).claimed_by == who(second).id
    assert send(logged_in(second), "POST", at, body).status_code == 201
    follow()
    work.refresh_from_db()
    assert (work.closed, waiting("signature")) == ("approve", [])


def test_others_branches_have_their_own() -> None:
    referred("south")
    (work,) = waiting()
    here = who(underwriter())
    with pytest.raises(Work.DoesNotExist):
        services.claim(work.id, here)
    assert services.take_next(here) is None
    assert reading.work_of(work.application, here, Reach.AREA) is None
    there = who(underwriter(branch="south"))
    assert reading.work_of(work.application, there, Reach.AREA) is not None


def test_it_is_handed_to_one_of_the_same_area_with_a_note() -> None:
    first, second = underwriter(), underwriter()
    referred()
    (work,) = waiting()
    services.claim(work.id, who(first))
    elsewhere, no_role = underwriter(branch="south"), person(Role.ANALYST)
    for wrong in (elsewhere, no_role):
        with pytest.raises(BadInput):
            services.assign(work.id, f"user.{wrong.pk}", "please", who(first))
    with pytest.raises(services.Taken):
        services.assign(work.id, f"user.{second.pk}", "mine now", who(second))
    given = services.assign(work.id, f"user.{second.pk}", "The payslip is odd.", who(first))
    assert given.claimed_by == who(second).id
    (note,) = reading.notes_of(work.id, who(second), Reach.AREA)
    assert (note.what, note.by, note.words) == (
        "assigned",
        who(first).id,
        "The payslip is odd.",
    )
    assert "payslip" not in str([bytes(e.body) for e in record.entries(work.chain)])


def test_what_is_put_off_is_not_the_next_until_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    by, start = who(underwriter()), clock.now()
    referred()
    (work,) = waiting()
    later = start + timedelta(hours=20)
    for wrong in (start - timedelta(minutes=1), start + timedelta(days=91)):
        with pytest.raises(BadInput):
            services.snooze(work.id, wrong, "no", by)
    put_off = services.snooze(work.id, later, "The employer calls back tomorrow.", by)
    assert (put_off.snoozed_until, put_off.claimed_by) == (later, "")
    assert services.take_next(by) is None
    services.wake(work.id, by)
    assert reading.read_work(work.id, by, ALL).snoozed_until is None
    services.snooze(work.id, later, "again", by)
    monkeypatch.setattr(clock, "now", lambda: later + timedelta(minutes=1))
    assert services.take_next(by) is not None


def test_the_promise_stands_still_while_the_customer_has_the_ball(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    by = who(underwriter())
    referred()
    (work,) = waiting()
    assert work.due_at is not None
    office = promised.office(work.digest)
    held_at = office.due(work.opened_at, 2.0)
    monkeypatch.setattr(clock, "now", lambda: held_at)
    assert services.hold(work.id, "Please send the payslip of June.", by).is_held
    follow()
    work.refresh_from_db()
    assert (work.place, services.take_next(by)) == ("customer", None)
    back = held_at + timedelta(days=9)
    monkeypatch.setattr(clock, "now", lambda: back)
    resumed = services.resume(work.id, by)
    assert resumed.due_at is not None
    assert office.hours(back, resumed.due_at) == pytest.approx(6.0)
    follow()
    work.refresh_from_db()
    assert work.place != "customer"


def test_many_are_handed_on_each_for_itself() -> None:
    by, other = who(underwriter()), who(underwriter())
    for _ in range(3):
        referred()
    mine, taken, free = waiting()
    services.claim(mine.id, by)
    services.claim(taken.id, other)
    works = [mine.id, taken.id, free.id, "work-referred-0"]
    done = services.many(works, lambda work: services.release(work, by))
    assert {each.id for each in done.done} == {mine.id, free.id}
    refused = {each.work: each.error for each in done.refused}
    assert isinstance(refused[taken.id], services.Taken)
    assert refused["work-referred-0"] is None
    with pytest.raises(BadInput):
        services.many([], lambda work: services.release(work, by))


def test_all_of_it_is_made_anew_from_the_record_as_it_stood() -> None:
    by, other = who(underwriter()), who(underwriter())
    for _ in range(4):
        referred()
    claimed, put_off, held, _free = waiting()
    services.claim(claimed.id, by)
    services.assign(claimed.id, other.id, "yours", by)
    services.snooze(put_off.id, clock.now() + timedelta(days=2), "later", by)
    services.hold(held.id, "send it", by)
    left = referred()
    follow()
    add_outcome(_row(left["id"]), Outcome.LAPSED, by)
    follow()
    before = stood()
    assert services.rebuild() == 5
    follow()
    after = stood()
    for was, now in zip(before, after, strict=True):
        names = {name for name in was if was[name] != now[name]}
        assert names <= {"claimed_at", "held_since"}, names
        for name in names:  # the moment of the event, a little later than what it told
            assert abs(was[name] - now[name]) < timedelta(seconds=5)


def test_a_row_that_was_changed_behind_the_service_is_named_by_the_records_health() -> None:
    by, other = who(underwriter()), who(underwriter())
    for _ in range(6):
        referred()
    claimed, given, put_off, held, gone, _free = waiting()
    services.claim(claimed.id, by)
    services.assign(given.id, other.id, "yours", by)
    services.snooze(put_off.id, clock.now() + timedelta(days=2), "later", by)
    services.hold(held.id, "send it", by)
    services.resume(held.id, by)
    services.renew(claimed.id, by)
    follow()
    unheard = referred()  # the desk has yet to hear of it
    assert _wrong_work() == set()
    assert not Work.objects.filter(application=unheard["application"]).exists()
    before = stood()
    Work.objects.filter(pk=claimed.id).update(claimed_by=other.id)
    Work.objects.filter(pk=given.id).update(due_at=clock.now() + timedelta(days=99))
    Work.objects.filter(pk=put_off.id).update(closed_at=clock.now(), closed="decline", stake=1)
    Work.objects.filter(pk=gone.id).delete()
    stray = Work.objects.get(pk=held.id)
    stray.id, stray.chain = "work-referred-0", "application-0"
    stray.save()
    assert _wrong_work() == {
        f"{claimed.id} differs claimed_by",
        f"{given.id} differs due_at",
        f"{put_off.id} differs closed closed_at stake",
        f"{gone.id} is missing",
        "work-referred-0 is there without an entry",
    }
    after = stood()
    assert [each["id"] for each in before if each not in after] == sorted(
        [claimed.id, given.id, put_off.id, gone.id]
    ), "it is only looked at"


def test_hours_that_are_promised_otherwise_since_are_no_fault_of_a_row() -> None:
    referred()
    follow()
    more = replace(settings.CONFIGURATION, case_hours=16.0)
    with override_settings(CONFIGURATION=more):
        referred()
        referred()
        follow()
        assert _wrong_work() == set()
        newest = Work.objects.latest("opened_at")
        Work.objects.filter(pk=newest.pk).update(due_at=clock.now() + timedelta(days=99))
        assert _wrong_work() == {f"{newest.id} differs due_at"}


def _wrong_work() -> set[str]:
    """What the button on the auditor's page names of work."""
    assert verifications.ask("user.1")
    (asked, *_) = verifications.newest(1)
    verifications.verify_asked.func(asked.number)
    (done, *_) = verifications.newest(1)
    assert done.report is not None, done.failed
    assert done.report.bad == 0
    rows = [each for each in done.report.wrong_rows if each["table"] == "cases_work"]
    return {" ".join((each["id"], each["what"], *each["columns"])) for each in rows}


def _row(decision: str) -> Any:
    from equipoise.service.contexts.decisions.models import Decision

    return Decision.objects.get(pk=decision)


def test_the_chance_of_a_yes_is_fitted_from_decided_referrals_and_says_of_how_many() -> None:
    client = logged_in(underwriter())
    decided_ones = [referred(application_id=f"past-{n}") for n in range(3)]
    (work, *_) = waiting("referred")
    assert (work.chance, work.past) == (0.5, 0)  # what is believed
    no = {"answer": "decline", "words": "So it is.", "reasons": ["STRAINED"]}
    terms = {"amount": 12_000.0, "months": 36, "apr": 0.1}
    yes = {"answer": "approve", "words": "So it is.", "terms": terms}
    for made, body in zip(decided_ones, (no, no, yes), strict=True):
        answer = send(client, "POST", f"/v1/decisions/{made['id']}/decide", body)
        assert answer.status_code == 201, answer.content
    other = referred(application_id="now")
    (work,) = waiting("referred")
    assert work.application == other["application"]
    assert work.past == 3
    assert work.chance is not None
    assert 1 / 3 < work.chance < 0.5  # a third of three, drawn towards a half
    listed = client.get("/v1/work").json()["items"][0]
    assert (listed["past"], listed["chance"]) == (3, work.chance)

"""Alerts, incidents, loans in trouble and screenings over the API, by the client's desk for risk:
two people act, the slower is told who was first, and a program reads what they did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from fronting import listening
from lender import anew, publish
from own_folder import own_folder
from people import PASSWORD, acting, person, with_key
from plan_text import TEXT as PLANS
from risk_ground import watched
from watching import QUIET, TEXT, deliver

from equipoise.client import Client, Conflict, Invalid, Lesson, Proposal, RiskDesk, authenticator
from equipoise.service.contexts.plans import services as plans
from equipoise.service.contexts.screenings.tasks import ask_owners
from equipoise.service.contexts.watch import services as watch
from equipoise.service.contexts.watch.tasks import measure_watch
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.project.wsgi import application

SECRETS = {"rita": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "ben": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}
LETTER = {"en": "We would like to talk.", "zh": "我们希望与您商谈。"}
Rooms = tuple[RiskDesk, RiskDesk, Client]


@pytest.fixture
def rooms(sqlite_database: Any, tmp_path: Path) -> Iterator[Rooms]:
    with anew(), own_folder(tmp_path), listening(application) as url:
        watched()
        desks = [
            _desk(url, name, role)
            for name, role in (("rita", Role.RISK_OFFICER), ("ben", Role.APPROVER))
        ]
        _, token = with_key(person(Role.ADMINISTRATOR), "risk.read")
        yield desks[0], desks[1], Client(url, token)


def _desk(url: str, name: str, role: Role) -> RiskDesk:
    user = person(role, name)
    Authenticator.objects.filter(user=user).delete()
    TOTP.activate(user, SECRETS[name])
    return RiskDesk(url, user.username, PASSWORD, code=authenticator(SECRETS[name]))


def test_risk_is_run_over_the_api_by_two_people_and_read_by_a_program(rooms: Rooms) -> None:
    rita, ben, program = rooms
    assert rita.me().may["risk.act"] == "all"
    _incident(rita, ben, program)
    _disposal(rita, ben, program)
    _screening(rita, ben, program)


def _incident(rita: RiskDesk, ben: RiskDesk, program: Client) -> None:
    with pytest.raises(Invalid, match="severity"):
        rita.incidents.report("credit", "huge", "Calls stopped", "Nobody calls", currency="EUR")
    first = rita.incidents.report(
        "credit", "major", "Calls stopped", "Nobody was called", currency="EUR", notice_hours=24
    )
    assert (first.serial, first.lead, first.late) == (0, "", ())
    led = rita.incidents.give_role(first, "lead", "rita")
    assert led.lead == rita.me().id
    with pytest.raises(Conflict, match=r"rita was first: incident\.role_taken"):
        ben.incidents.note(first, "The dialler is off", clock.now())
    noted = ben.incidents.note(led, "The dialler was off", clock.now() - timedelta(hours=3))
    assert [each.text for each in noted.timeline] == ["The dialler was off", "Nobody was called"]
    worse = ben.incidents.regrade(noted, "critical", "nobody at all")
    scribed = rita.incidents.give_role(worse, "scribe", "ben")
    free = rita.incidents.give_role(scribed, "scribe", None)
    assert [each.until is None for each in free.roles] == [True, False]
    with pytest.raises(Invalid, match="nobody here is called 'olga'"):
        rita.incidents.add_task(free, "Call", "olga", clock.now() + timedelta(days=1))
    asked = rita.incidents.add_task(free, "Call all", "ben", clock.now() + timedelta(days=1))
    linked = ben.incidents.link(asked, "loan", "L-1")
    done = ben.incidents.do_task(linked, "Call all")
    told = ben.incidents.give_notice(ben.incidents.stabilise(done, "calls go out"))
    with pytest.raises(Conflict, match="its lead does not close it alone"):
        rita.incidents.close(told, 120_050)
    closed = ben.incidents.close(told, 120_050)
    assert (closed.loss, closed.links[0].which) == (120_050, "L-1")
    assert closed.tasks[0].done_at is not None
    _learned(rita, ben, closed.id)
    read = program.incidents.get(first.id)
    assert read == rita.incidents.get(first.id)
    assert read.learnt == "done"
    assert [each.id for each in program.incidents.list("closed")] == [first.id]
    assert list(program.incidents.list("open")) == []


def _learned(rita: RiskDesk, ben: RiskDesk, incident: str) -> None:
    now = clock.now()
    lesson = Lesson(
        now - timedelta(hours=60), now, "no watch on it", "calls",
        [("Watch the dialler", "ben", date(2099, 2, 1))],
    )  # fmt: skip
    written = rita.incidents.write(rita.incidents.get(incident), lesson)
    assert written.post_mortem is not None
    assert (written.learnt, written.post_mortem.missed_hours) == ("written", 60)
    back = ben.incidents.return_(written, "Why did nobody notice?")
    assert back.post_mortem is not None and back.post_mortem.returned == "Why did nobody notice?"
    again = rita.incidents.write(back, lesson)
    with pytest.raises(Conflict, match="nobody accepts what they wrote"):
        rita.incidents.accept(again)
    accepted = ben.incidents.accept(again)
    ben.incidents.do_action(accepted, "Watch the dialler", "it rang in the drill")


def _disposal(rita: RiskDesk, ben: RiskDesk, program: Client) -> None:
    of = Proposal(
        "L-77", "litigation", "no answer since May", 500_000, 250_000, "EUR", "CN",
        "Asia/Shanghai", letter=LETTER, dates=[("File the claim", date(2099, 5, 1))],
    )  # fmt: skip
    proposed = rita.disposals.propose(of)
    with pytest.raises(Conflict, match="nobody decides on what they proposed"):
        rita.disposals.approve(proposed)
    approved = ben.disposals.approve(proposed)
    with pytest.raises(Conflict, match=r"ben was first: disposal\.approved"):
        ben.disposals.refuse(proposed, "too late")
    begun = rita.disposals.begin(approved)
    later = rita.disposals.add_date(begun, "The hearing", date(2099, 6, 1))
    met = rita.disposals.meet_date(rita.disposals.meet_date(later, 0), 1)
    assert [each.met is None for each in met.dates] == [False, False]
    cared = rita.disposals.change_care(met, "she is in hospital", vulnerable=True)
    with pytest.raises(Conflict, match="vulnerable"):
        rita.disposals.plan_contact(cared, "visit", clock.now() + timedelta(days=30))
    planned = rita.disposals.plan_contact(cared, "letter", clock.now() + timedelta(days=1))
    called = rita.disposals.record_contact(planned, "call", "She asks for time", talked=True)
    assert {(each.channel, each.made) for each in called.contacts} == {
        ("letter", False), ("call", True),
    }  # fmt: skip
    paid = rita.disposals.realise(called, "B-1", 100_050)
    ended = rita.disposals.end(paid)
    assert (ended.recovered, ended.shortfall) == (100_050, 149_950)
    refused = ben.disposals.refuse(rita.disposals.propose(of), "They paid")
    assert (refused.state, refused.refusal) == ("refused", "They paid")
    assert program.disposals.get(ended.id) == ended
    assert [each.id for each in program.disposals.list("ended")] == [ended.id]
    [total] = program.disposals.totals()
    assert (total.currency, total.ended, total.expected, total.recovered) == (
        "EUR", 1, 250_000, 100_050,
    )  # fmt: skip


def _screening(rita: RiskDesk, ben: RiskDesk, program: Client) -> None:
    assert ask_owners.func() == 1
    [asked] = rita.screenings.list("open")
    with pytest.raises(Invalid, match="every question needs an answer"):
        rita.screenings.answer(asked.id, ["none"], 2)
    answered = rita.screenings.answer(asked.id, ["none", "they went out"], 2)
    assert (answered.answered_by, answered.residual) == (rita.me().id, 2)
    with pytest.raises(Conflict, match=r"rita was first: screening\.answered"):
        ben.screenings.answer(asked.id, ["one", "no"], 4)
    assert list(program.screenings.list("answered")) == [answered]
    assert program.screenings.get(asked.id) == answered


def test_an_alert_goes_from_its_first_ring_to_the_second_signature_over_the_api(
    rooms: Rooms, tmp_path: Path
) -> None:
    rita, ben, program = (rooms[0].watch, rooms[1].watch, rooms[2].watch)
    _ringing(tmp_path)
    [rang] = program.alerts("open")
    until = (clock.now() + timedelta(days=2)).replace(microsecond=0)
    quiet = rita.silence(rang, until, "the branch moves")
    assert quiet.silenced_until == until
    with pytest.raises(Conflict, match="too far away"):
        rita.silence(quiet, clock.now() + timedelta(days=99), "for ever")
    with pytest.raises(Conflict, match=r"rita was first: alert\.silenced"):
        ben.acknowledge(rang)
    mine = rita.acknowledge(rita.end_silence(quiet))
    assert (mine.stage, mine.owner, mine.silenced_until) == (
        "acknowledged", rooms[0].me().id, None,
    )  # fmt: skip
    with pytest.raises(Invalid, match="how"):
        rita.treat(mine, " ")
    with pytest.raises(Conflict, match="is acknowledged"):
        rita.mitigate(mine, "nothing was done yet")
    treated = rita.treat_by_plan(mine, "bureau_down")
    assert rooms[0].me().may["plans.act"] == "all"
    assert (treated.stage, treated.happened[-1].words) == ("in_treatment", "bureau_down")
    assert treated.happened[-1].run.startswith("plan_run-")
    held = rita.mitigate(treated, "its lending is stopped")
    with pytest.raises(Conflict, match="still rings"):
        ben.verify(held)
    deliver(tmp_path, [*QUIET, 0.9, 0.05])
    measure_watch.call()
    held = rita.alert(held.id)
    assert held.cleared_at is not None
    with pytest.raises(Conflict, match="whoever treated it"):
        rita.verify(held)
    asked = ben.ask_to_close(ben.verify(held), "resolved", "it holds")
    assert (asked.asked_by, asked.asked_ending) == (rooms[1].me().id, "resolved")
    with pytest.raises(Conflict, match="whoever asked to close it"):
        ben.agree_to_close(asked)
    again = ben.ask_to_close(rita.refuse_to_close(asked, "and July?"), "resolved", "July too")
    closed = rita.agree_to_close(again)
    assert (closed.stage, closed.happened[-1].ending) == ("closed", "resolved")
    assert program.alert(closed.id) == closed
    assert (list(program.alerts("open")), len(list(program.alerts("closed")))) == ([], 1)
    with pytest.raises(Conflict, match="is closed"):
        ben.acknowledge(closed)


def test_a_plan_is_drilled_over_the_api_and_its_switch_turned_back(
    rooms: Rooms, tmp_path: Path
) -> None:
    rita, ben = rooms[0].plan_runs, rooms[1].plan_runs
    _ringing(tmp_path)
    run = rita.begin("bureau_down", "spring", drill=True)
    assert [(each.step, each.is_open) for each in run.steps] == [
        ("confirm", True), ("to_people", False), ("report", False),
    ]  # fmt: skip
    with pytest.raises(Conflict, match="wait"):
        rita.do(run.id, "to_people")
    rita.do(run.id, "confirm", "they know of it")
    on = ben.do(run.id, "to_people")
    assert on.switched == ("all_to_people",)
    left = rita.leave_out(run.id, "report", "told by telephone")
    assert (left.steps[-1].ended, left.steps[-1].note) == ("left_out", "told by telephone")
    with pytest.raises(Conflict, match="all_to_people"):
        rita.end(run.id)
    assert ben.turn_back(run.id, "all_to_people").switched == ()
    with pytest.raises(Conflict, match="is not on"):
        ben.turn_back(run.id, "all_to_people")
    ended = rita.end(run.id, "all is as it was")
    assert ended == ben.get(run.id)
    assert [(each.id, each.closed_at is None) for each in ben.list()] == [(run.id, False)]


def test_an_account_that_was_never_handed_over_is_no_second_pair_of_eyes(
    rooms: Rooms, tmp_path: Path
) -> None:
    rita, ben = rooms[0].watch, rooms[1].watch
    _ringing(tmp_path)
    [rang] = rita.alerts("open")
    asked = rita.ask_to_close(rita.acknowledge(rang), "accepted", "it is known")
    User.objects.filter(username="ben").update(handed_over_at=None)
    with pytest.raises(Conflict, match="never handed over"):
        ben.agree_to_close(asked)
    assert ben.alert(asked.id) == asked


def _ringing(folder: Path) -> None:
    """One alert that fired, with plans in force."""
    publish()
    (folder / "watch.yaml").write_text(TEXT, encoding="utf-8")
    (folder / "plans.yaml").write_text(PLANS.replace("bureau_answers", "late"), encoding="utf-8")
    deliver(folder, QUIET)
    rita, ben = (acting(User.objects.get(username=name)) for name in ("rita", "ben"))
    watch.approve(watch.bring_in(rita), ben)
    plans.approve(plans.bring_in(rita), ben)
    measure_watch.call()
    deliver(folder, [*QUIET, 0.9])
    measure_watch.call()

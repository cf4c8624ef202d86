"""Trials on pages: begun, watched day by day, stopped and shipped by two people."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from typing import Any

import polars as pl
import pytest
from django.conf import settings
from django.test import override_settings
from lender import anew, shop
from people import acting, logged_in, person
from test_trials import PEOPLE, STRICT, approved, begin, challenger, decided
from through_door import Client

from equipoise.authority.lifecycle import OwnWork
from equipoise.errors import GateRefused
from equipoise.review.trials.monitoring import watch
from equipoise.review.trials.trial import Measured, read_trial
from equipoise.service.contexts.registry.models import Pointer, Version
from equipoise.service.contexts.trials import guarding, reading, services, watching
from equipoise.service.contexts.trials.guardrails import Guardrail, Then
from equipoise.service.contexts.trials.models import Ask, Look, Trial
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.accounts.rights import TwoPeople
from equipoise.service.platform.clock import now
from equipoise.service.platform.messages import reading as messages
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record, verify_rows


@pytest.fixture(autouse=True)
def champion(of_a_lender: None, sqlite_database: Any) -> Iterator[str]:
    with anew():
        yield Version.objects.get().digest


@pytest.fixture
def ann() -> User:
    return person(Role.APPROVER, "ann")


@pytest.fixture
def ben() -> User:
    return person(Role.APPROVER, "ben")


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def kinds() -> list[str]:
    return [e.kind for e in record.entries("strategy.corner") if e.kind.startswith("trial.")]


def test_a_trial_is_begun_on_the_page_and_what_was_typed_stays_where_it_is_refused(
    ann: User,
) -> None:
    version, desk = approved(2, **STRICT), logged_in(ann)
    form = {"version": version.pk, "role": "challenger", "share": "250", "experiment": "spring",
            "reason": "learn whether it books more"}  # fmt: skip
    refused = desk.post("/trials/begin", form)
    assert "this is no share" in text(refused)
    assert "learn whether it books more" in refused.content.decode()
    form["share"] = "20"
    bounds = {"offered-points": "5", "offered-least": "250", "offered-then": "stop"}
    wrong = desk.post("/trials/begin", {**form, **bounds})
    assert "the bound of 'offered' lies on its better side" in text(wrong)
    assert 'value="250"' in wrong.content.decode(), "what was typed stays"
    silent = desk.post("/trials/begin", {**form, "booked-least": ""})
    assert "does not say from how many outcomes on it is heeded" in text(silent)
    assert reading.newest(5) == []
    typed = {"offered-points": "\N{MINUS SIGN}7.5", "booked-then": "none", "bad-then": "tell"}
    assert desk.post("/trials/begin", {**form, **typed}).status_code == 302
    [trial] = reading.newest(5)
    rows = [(each.measure, each.bound, each.least, each.then) for each in trial.guardrails]
    assert rows == [("offered", -0.075, 100, "stop"), ("bad", 0.01, 100, "tell")]
    assert (trial.experiment, trial.open, trial.arms[0].share) == ("spring", True, 0.2)
    assert "80 %" in text(desk.get(f"/trials/{trial.id}/"))


def test_two_people_stop_a_trial(ann: User, ben: User) -> None:
    trial = begin(challenger(approved(2), 0.3))
    one, two = logged_in(ann), logged_in(ben)
    one.post(f"/trials/{trial.pk}/ask", {"what": "stop", "reason": "it was a mistake"})
    open_ = Ask.objects.get()
    again = two.post(f"/trials/{trial.pk}/ask", {"what": "stop", "reason": "me too, I say"})
    assert "ann has asked to stop since" in text(again)
    assert "me too, I say" in again.content.decode(), "what was typed stays"
    own = one.post(f"/trials/{trial.pk}/answer/{open_.pk}", {"answer": "agree", "reason": "yes!"})
    assert "nobody answers what they asked for themselves" in text(own)
    assert reading.trial(trial.pk).open
    done = two.post(f"/trials/{trial.pk}/answer/{open_.pk}", {"answer": "agree", "reason": "right"})
    assert done.status_code == 302
    assert not reading.trial(trial.pk).open
    done_to_it = ["trial.begun", "trial.guarded", "trial.asked", "trial.answered", "trial.ended"]
    assert kinds() == done_to_it
    assert verify_record().valid
    ours = [each for each in verify_rows().differences if each.table.startswith("trials")]
    assert ours == []


def test_two_people_ship_a_challenger(ann: User, ben: User) -> None:
    version = approved(2, **STRICT)
    trial = begin(challenger(version, 0.3))
    logged_in(ann).post(
        f"/trials/{trial.pk}/ask", {"what": f"ship {version.pk}", "reason": "it is better"}
    )
    desk = logged_in(ben)
    asked = Ask.objects.get()
    assert f"ann asked to ship version {version.number}." in text(desk.get(f"/trials/{trial.pk}/"))
    desk.post(f"/trials/{trial.pk}/answer/{asked.pk}", {"answer": "agree", "reason": "I see"})
    assert Pointer.objects.get().version_id == version.pk
    assert not reading.trial(trial.pk).open
    assert kinds()[-2:] == ["trial.answered", "trial.overtaken"]


def test_of_two_who_answer_one_wins_and_the_other_reads_by_whom(ann: User, ben: User) -> None:
    trial = begin(challenger(approved(2), 0.3))
    number = services.ask(trial.pk, "stop", acting(person(Role.APPROVER)), "stop it")
    row = Ask.objects.get(pk=number)
    services.answer(number, acting(ann), agreed=False, reason="not yet")
    assert reading.trial(trial.pk).open
    with pytest.raises(GateRefused, match="ann did not agree at"):
        services.answer(number, acting(ben), agreed=True, reason="now")
    from equipoise.service.contexts.trials import asks

    with pytest.raises(GateRefused, match="ann did not agree at"):  # both had the page open
        asks.answered(row, acting(ben), agreed=True, reason="now")


def test_whoever_wrote_it_ships_nothing(ann: User) -> None:
    version = approved(2)
    author = User.objects.get(pk=int(version.authors[0].removeprefix("user.")))
    trial = begin(challenger(version, 0.3))
    number = services.ask(trial.pk, "ship", acting(ann), "ship it", version.pk)
    with pytest.raises((OwnWork, TwoPeople)):
        services.answer(number, acting(author), agreed=True, reason="mine")
    assert Ask.objects.get(pk=number).answered_at is None


def test_a_look_counts_each_arm_and_waits_for_outcomes(ann: User) -> None:
    trial = begin(challenger(approved(2, **STRICT), 0.5))
    rows = decided(shop(), [f"{name}-{at}" for at in range(2) for name in PEOPLE])
    served = [row.digest for row in rows.values()]
    _as_if_later(trial)
    assert watching.look_anew() == 1
    result = reading.look(trial.pk)
    assert result is not None
    look, _ = result
    assert look["applicants"]["champion"] == served.count(trial.champion)
    assert sum(look["applicants"].values()) == len(served)
    measures = {each["name"]: each for each in look["challengers"][0]["measures"]}
    assert measures["offered"]["champion"]["outcomes"] == served.count(trial.champion)
    assert measures["booked"]["champion"]["outcomes"] == 0, "nobody can have booked for 30 days yet"
    page = text(logged_in(ann).get(f"/trials/{trial.pk}/"))
    assert "The arms are filled by their shares." in page
    assert "Share offered a loan" in page
    assert "Go on: not all is known yet" in page


def test_intervals_are_drawn_day_by_day_with_their_guardrail(ann: User) -> None:
    trial = begin(challenger(approved(2, **STRICT), 0.5))
    days = [date(2026, 1, 1) + timedelta(days=at // 40) for at in range(800)]
    rows = pl.DataFrame({
        "arm": ["champion" if at % 2 else "version 2" for at in range(800)], "day": days,
        "propensity": [0.5] * 800, "offered": [float(at % 3 > 0) for at in range(800)],
    })  # fmt: skip
    measured = [Measured("offered", True, 0.05)]
    report = watch(read_trial(rows, measured), measured, planned=400)
    Look.objects.create(trial=trial, result=report.result("").as_dict(), reached="", at=now())
    answer = logged_in(ann).get(f"/trials/{trial.pk}/")
    page = text(answer)
    assert "Share offered a loan: challenger less champion, day by day" in page
    assert "guardrail" in page
    assert "66.8" in page or "66.7" in page or "66.5" in page
    drawn = answer.content.decode()
    assert drawn.count("<svg") == 2, "one picture for wide pages, one for narrow ones"
    assert 'style="' not in drawn


def harmful(trial: Trial, *, broken_ratio: bool = False) -> Any:
    """A look at it on which the challenger, version 2, offers to a third where the champion offers
    to two thirds."""
    days = [date(2026, 1, 1) + timedelta(days=at // 40) for at in range(800)]
    rows = pl.DataFrame({
        "arm": ["champion" if at % 2 else "version 2" for at in range(800)], "day": days,
        "propensity": [0.5] * 800,
        "offered": [float((at // 2) % 3 > (0 if at % 2 else 1)) for at in range(800)],
    })  # fmt: skip
    (guardrail, *_) = guarding.declared(trial)
    measured = [guardrail.measured(guarding.WATCHABLE["offered"])]
    look = watch(read_trial(rows, measured), measured, planned=400).result("").as_dict()
    look["sample_ratio"]["broken"] = broken_ratio
    return look


def test_a_broken_guardrail_stops_its_challenger_by_itself_and_tells_both_people(
    ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = approved(2, **STRICT)
    author = User.objects.get(pk=int(version.authors[0].removeprefix("user.")))
    for user in (author, ann):
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@lender.example")
    User.objects.filter(pk=author.pk).update(language="zh")
    trial = services.begin("corner", "spring", [challenger(version, 0.5)], acting(ann), "to learn")
    monkeypatch.setattr(watching, "_watched", lambda trial, _: harmful(trial))
    assert {row.way for row in decided(shop(), PEOPLE).values()} == {"champion", "challenger"}
    kept = dataclasses.replace(settings.CONFIGURATION, messages="keep")
    with override_settings(CONFIGURATION=kept):
        assert watching.look_anew() == 1
        assert watching.look_anew() == 1  # the next look finds it broken still, and tells nobody
    after = decided(shop(), [f"after-{name}" for name in PEOPLE])
    assert {row.digest for row in after.values()} == {trial.champion}
    assert kinds() == ["trial.begun", "trial.guarded", "trial.guardrail_broken", "trial.share"]
    broken = record.entries("strategy.corner")[-2].data
    assert (broken["measure"], broken["bound"], broken["then"]) == ("offered", -0.05, "stop")
    assert broken["high"] < -0.05
    assert broken["outcomes"] == [400, 400]
    mails = {each.to.partition("@")[0]: each for each in messages.newest(9)}
    assert {(name, each.text, each.language) for name, each in mails.items()} == {
        (ann.username, "trial_stopped@1", "en"),  # the strategy's, as none is known of her
        (author.username, "trial_stopped@1", "zh"),
    }
    assert "Share offered a loan" in mails[ann.username].said
    assert "Share offered a loan" not in mails[author.username].said
    with pytest.raises(GateRefused, match="nobody new is served by this version"):
        services.change_share(trial.pk, version.pk, 0.2, acting(ann), "again")
    page = text(logged_in(ann).get(f"/trials/{trial.pk}/"))
    assert "Version 2 broke a guardrail at" in page
    assert "and serves nobody new" in page
    assert "broken Version 2" in page
    answered = logged_in(ann).get(f"/v1/trials/{trial.pk}").json()
    assert [each["measure"] for each in answered["broken"]] == ["offered"]
    assert answered["champion_share"] == 1.0
    assert verify_record().valid
    assert [each for each in verify_rows().differences if each.table.startswith("trials")] == []


def test_a_guardrail_that_only_tells_stops_nobody_and_none_is_heeded_in_a_trial_that_is_no_lot(
    ann: User,
) -> None:
    version = approved(2, **STRICT)
    tells = [Guardrail("offered", -0.05, 100, Then.TELL)]
    entrants = [challenger(version, 0.5)]
    trial = services.begin("corner", "spring", entrants, acting(ann), "learn", guardrails=tells)
    assert guarding.heed(trial.pk, harmful(trial, broken_ratio=True)) == 0
    assert guarding.heed(trial.pk, harmful(trial)) == 1
    assert reading.trial(trial.pk).arms[0].share == 0.5
    page = text(logged_in(ann).get(f"/trials/{trial.pk}/"))
    assert "and still serves" in page


def test_before_anybody_was_served_the_page_says_so(ann: User) -> None:
    trial = begin(challenger(approved(2), 0.5))
    assert watching.look_anew() == 0
    assert "Nothing yet" in text(logged_in(ann).get(f"/trials/{trial.pk}/"))


def test_whoever_only_reads_sees_no_forms(ann: User) -> None:
    trial = begin(challenger(approved(2), 0.5))
    reader: Client = logged_in(person(Role.AUDITOR))
    page = reader.get(f"/trials/{trial.pk}/").content.decode()
    assert "Ask another person" not in page
    assert reader.post(f"/trials/{trial.pk}/ask", {"what": "stop"}).status_code == 403
    assert reader.get("/trials/99/").status_code == 404


def _as_if_later(trial: Trial) -> None:
    """Decisions made within the same millisecond as the look are left to the next one."""
    import time

    time.sleep(0.002)
    trial.refresh_from_db()

"""Where the lender stands, measured by the service: when it is due, what moved, and the draft."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from balanced import balancing
from people import acting, logged_in, person, send

from equipoise.errors import GateRefused
from equipoise.service.contexts.decisions.reading import Given
from equipoise.service.contexts.registry import reading as registry
from equipoise.service.contexts.standings import applicants, reading, running, services, tasks
from equipoise.service.contexts.standings.models import Measurement
from equipoise.service.contexts.standings.running import measure
from equipoise.service.contexts.watch import measuring
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.jobs.registering import Again, set_stopping
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record, verify_rows
from equipoise.workspace import kept_situations, standing_runs
from equipoise.workspace.folder import Workspace

SAMPLE = 1_200


@pytest.fixture
def demo(
    sqlite_database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workspace]:
    monkeypatch.setattr(standing_runs, "SAMPLE", SAMPLE)
    with balancing(tmp_path / "demo") as workspace:
        yield workspace


@pytest.fixture
def ada(demo: Workspace) -> User:
    return person(Role.ANALYST, "ada")


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def kinds(number: int) -> list[str]:
    return [each.kind for each in record.entries(f"standing.{number}")]


def rewritten(workspace: Workspace, was: str, becomes: str) -> None:
    path = workspace.folder / "appetite.yaml"
    old = path.read_text(encoding="utf-8")
    assert was in old
    path.write_text(old.replace(was, becomes), encoding="utf-8")


def test_it_is_measured_when_due_told_by_factor_and_its_draft_is_sent_by_a_person(
    demo: Workspace, ada: User
) -> None:
    assert "not been measured yet" in text(logged_in(ada).get("/balance/standing/"))
    first = services.ask_when_due()
    assert first is not None
    assert not [*measuring._standing(clock.now().date())]
    assert services.ask_when_due() is None, "one is under way"
    measure.func(first)
    measure.func(first)  # a job that is done twice changes nothing
    assert kinds(first) == ["standing.due", "standing.measured"]
    assert services.ask_when_due() is None, "nothing that it is read from has changed"

    rewritten(demo, "measure: price, per: booked, at_most: today",
              "measure: price, per: booked, at_most: {today: 0.9}")  # fmt: skip
    rewritten(demo, "frontier:", "keep_within: 0.001\nfrontier:")
    second = services.ask_when_due()
    assert second is not None
    measure.func(second)
    assert kinds(second) == ["standing.due", "standing.measured", "standing.beyond"]
    result, before = reading.result(second), reading.result(first)
    assert result is not None
    assert before is not None
    assert result.before == before.figures
    assert result.factors == ("limits",), "of all that could have moved the limits alone did"
    change = result.figures["goal_reachable"] - before.figures["goal_reachable"]
    assert change < 0
    assert result.parts["goal_reachable"]["limits"] == pytest.approx(change, abs=1e-9)

    [answer] = measuring._standing(clock.now().date())
    assert answer.reading.verdict == "amber", "the watch has an alert follow from that"
    assert Measurement.objects.get(pk=second).draft[:12] in answer.detail

    desk = logged_in(ada)
    page = desk.get("/balance/standing/")
    assert "Further from the frontier than is accepted." in text(page)
    assert "limits" in text(page)
    assert page.content.decode().count("<svg") == 6, "three pictures, wide and narrow"
    assert desk.post(f"/balance/standing/{first}/send")["Location"] == f"/balance/standing/{first}/"
    sent = desk.post(f"/balance/standing/{second}/send")
    version = registry.summary(int(sent["Location"].strip("/").split("/")[-1]))
    assert (version.state, version.authors) == ("draft", (acting(ada).person,))
    assert kinds(second)[-1] == "standing.sent"
    answer = desk.get(f"/v1/standings/{second}").json()
    assert answer["result"]["figures"] == result.figures
    assert (answer["state"], answer["result"]["beyond"], answer["sent_as"]) == (
        "done",
        True,
        version.id,
    )
    assert [each["id"] for each in desk.get("/v1/standings").json()["items"]] == [second, first]
    assert send(desk, "POST", f"/v1/standings/{second}/cancel").status_code == 409
    assert verify_record().valid
    assert not verify_rows().differences
    with pytest.raises(GateRefused, match="ada has sent it"):
        services.send(second, acting(person(Role.ANALYST, "eva")))
    with pytest.raises(GateRefused, match="may not write strategies"):
        services.send(second, acting(person(Role.AUDITOR, "ole")))


def test_people_of_the_record_are_measured_again_without_their_facts_being_kept(
    demo: Workspace, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = demo.contract().value
    history = demo.applications(contract).frame.head(500)
    asked = [f.name for f in contract.fields if f.use == "feature"]
    people = [
        Given(f"decision-{at}", {name: row[name] for name in asked if row[name] is not None},
              row["todays_treatment"], row["todays_apr"])
        for at, row in enumerate(history.iter_rows(named=True))
    ]  # fmt: skip
    by_id = {each.decision: each for each in people}
    there = people[:400]
    monkeypatch.setattr(applicants, "of_record", lambda _: tuple(there))
    monkeypatch.setattr(applicants, "again", lambda ids: tuple(by_id[each] for each in ids))

    def measured() -> int:
        number = services.ask(acting(ada))
        measure.func(number)
        return number

    first = measured()
    kept = running.Files(first).folder
    assert not (kept / kept_situations.FACTS).exists(), "facts stay where a person can be erased"
    assert reading.measurement(first).source == running.RECORD
    there[:] = people[100:]
    second = reading.result(measured())
    assert second is not None
    assert (second.applicants, second.factors) == (400, ("population",))
    was = reading.result(first)
    assert was is not None
    assert second.before == pytest.approx(was.figures), "the same people, opened again"
    monkeypatch.setattr(applicants, "of_record", lambda _: None)
    third = reading.result(measured())
    assert third is not None
    assert third.untold == "the applicants come from elsewhere since"


def test_a_worker_that_stops_leaves_it_to_the_next_and_what_fails_is_told(
    demo: Workspace, ada: User
) -> None:
    number = services.ask(acting(ada))
    with pytest.raises(GateRefused, match="being measured already"):
        services.ask(acting(ada))
    set_stopping(to=True)
    try:
        with pytest.raises(Again):
            measure.func(number)
    finally:
        set_stopping(to=False)
    assert kinds(number) == ["standing.asked"]
    rewritten(demo, "goal: good_customers_served", "goal: nothing_known")
    measure.func(number)
    assert kinds(number) == ["standing.asked", "standing.failed"]
    desk = logged_in(ada)
    assert "It could not be measured:" in text(desk.get("/balance/standing/"))
    assert str(demo.folder) not in text(desk.get("/balance/standing/"))
    lost = services.ask(acting(ada))
    Measurement.objects.filter(pk=lost).update(job=None)
    assert tasks.give_up_measurements.func() == 1
    assert kinds(lost)[-1] == "standing.failed"


def test_it_is_begun_followed_and_cancelled_over_the_api_while_a_worker_is_at_it(
    demo: Workspace, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = logged_in(ada)
    begun = send(desk, "POST", "/v1/standings")
    assert begun.status_code == 202, begun.content
    number = begun.json()["id"]
    assert (begun.json()["state"], begun.json()["result"]) == ("queued", None)
    assert send(desk, "POST", "/v1/standings").status_code == 409
    assert "Cancel this measurement" in text(desk.get("/balance/standing/"))
    seen: list[str] = []
    say = running._say

    def cancelled(row: Measurement, title: str, share: float) -> None:
        seen.append(desk.get(f"/v1/standings/{number}").json()["state"])
        desk.post(f"/balance/standing/{number}/cancel")
        say(row, title, share)

    monkeypatch.setattr(running, "_say", cancelled)
    measure.func(number)
    assert seen == ["running"], "it stopped at the first word of how far it is"
    assert kinds(number) == ["standing.asked", "standing.cancelled"]
    again = send(desk, "POST", f"/v1/standings/{number}/cancel")
    assert (again.status_code, again.json()["state"]) == (200, "cancelled")
    assert kinds(number)[-1] == "standing.cancelled"
    assert services.ask_when_due() is not None, "what was cancelled says nothing of what is due"
    assert not verify_rows().differences


def test_a_week_makes_it_due_again(demo: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    first = services.ask_when_due()
    read = standing_runs.digests(demo)
    Measurement.objects.filter(pk=first).update(state="done", read=read)
    assert services.ask_when_due() is None
    later = clock.now() + services.EVERY + timedelta(minutes=1)
    monkeypatch.setattr(services.clock, "now", lambda: later)
    assert services.ask_when_due() is not None

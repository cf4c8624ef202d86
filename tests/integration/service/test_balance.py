"""The balance at a desk: asked for, solved, looked at from any point, compared, sent on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from balanced import APPLICANTS, POINTS, balancing, work
from people import acting, logged_in, person
from through_door import Client

from equipoise.documents import read_document
from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.balances import reading, services
from equipoise.service.contexts.balances.files import KEPT, Files
from equipoise.service.contexts.balances.models import Run, Sending
from equipoise.service.contexts.balances.retention import give_up
from equipoise.service.contexts.registry.models import Version
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.jobs.progress import Watched
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record, verify_rows
from equipoise.strategy.document import StrategyDocument
from equipoise.workspace.balancing import balance_workspace
from equipoise.workspace.folder import Workspace


@pytest.fixture
def workspace(sqlite_database: Any, tmp_path: Path) -> Iterator[Workspace]:
    with balancing(tmp_path / "demo") as there:
        yield there


@pytest.fixture
def analyst(workspace: Workspace) -> User:
    return person(Role.ANALYST, "ada")


@pytest.fixture
def desk(analyst: User) -> Client:
    return logged_in(analyst)


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def kinds(run: int) -> list[str]:
    return [each.kind for each in record.entries(f"balance.{run}")]


@pytest.fixture
def solved(analyst: User) -> int:
    run = services.ask(reading.of_workspace(), acting(analyst))
    work()
    assert reading.run(run).state == "done", reading.fault(run)
    return run


def test_a_run_finds_what_the_command_finds(workspace: Workspace, solved: int) -> None:
    ours, decision = balance_workspace(workspace), reading.result(solved)
    assert decision is not None
    assert decision.applicants == APPLICANTS
    assert decision.recommended == ours.recommended
    assert decision.frontier == ours.frontier
    assert decision.swap_sets == ours.swap_sets
    assert kinds(solved) == ["balance.asked", "balance.solved"]
    assert verify_record().valid
    assert not verify_rows().differences


def test_a_run_under_way_is_shown_and_the_record_stays_true(
    analyst: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = services.ask(reading.of_workspace(), acting(analyst))
    seen = []

    def looked_at(*_: Any) -> None:
        seen.append((reading.run(run).state, reading.run(run).open, verify_rows().differences))
        raise BadInput("it ends here")

    monkeypatch.setattr("equipoise.workspace.balance_runs.run_balance", looked_at)
    work()
    assert seen == [("running", True, ())]
    assert reading.run(run).state == "failed"


def test_what_changes_for_whom_is_what_the_balance_says(solved: int) -> None:
    from equipoise.review.whom import what_changes

    result = reading.result(solved)
    assert result is not None
    whole, groups = what_changes(reading.side(solved, "today"), reading.side(solved, "same_risk"))
    by_name = {(each.field, each.level): each for each in groups}
    for row in result.swap_sets:
        here = by_name[row.field, row.segment]
        assert (here.both_in, here.swapped_in, here.swapped_out, here.both_out) == (
            row.both_in, row.swapped_in, row.swapped_out, row.both_out,
        )  # fmt: skip
    for name in ("profit", "customer_surplus", "expected_loss"):
        move = result.recommended.same_risk.measures[name] - result.champion.measures[name]
        assert whole.changes[name] == pytest.approx(move, rel=1e-3, abs=5.0)
    assert whole.gained - whole.lost == pytest.approx(whole.changes["customer_surplus"], rel=1e-3)


def test_an_analyst_solves_looks_along_the_frontier_and_sends_a_point(
    desk: Client, analyst: User
) -> None:
    page = text(desk.get("/balance/new"))
    assert "The appetite is sound." in page
    asked = desk.post(
        "/balance/ask", {"way": "text", "text": reading.of_workspace(), "go": "solve"}
    )
    run = Run.objects.get()
    assert asked["Location"] == f"/balance/{run.pk}/"
    assert "Waiting for a worker." in text(desk.get(f"/balance/{run.pk}/"))
    assert "HX-Refresh" not in desk.get(f"/balance/{run.pk}/state")
    work()
    assert desk.get(f"/balance/{run.pk}/state")["HX-Refresh"] == "true"
    page = text(desk.get(f"/balance/{run.pk}/"))
    assert "Recommended: same risk, better experience" in page
    for number in range(1, POINTS + 1):
        part = desk.get(f"/balance/{run.pk}/point", {"point": number, "by": "pd"})
        assert f"Point {number} of {POINTS}" in text(part)
        assert "<html" not in part.content.decode()
    middle = text(desk.get(f"/balance/{run.pk}/point", {"point": "2.4"}))
    assert f"Between points 2 and 3 of {POINTS}" in middle
    assert "A share of 40 % gets the answer of point 3" in middle.replace("40.0", "40")
    assert "The best at this risk is certified to lie at" in middle
    sent = desk.post(f"/balance/{run.pk}/send", {"place": "point 2"})
    assert sent.status_code == 302
    work()
    version = Version.objects.get()
    assert version.state == "draft"
    assert version.authors == [f"user.{analyst.pk}"]
    assert f"demo {version.number}" in text(desk.get(f"/balance/{run.pk}/"))
    assert kinds(run.pk)[-1] == "balance.sent"


def test_a_point_that_is_sent_leaves_the_workspace_as_it_was(
    workspace: Workspace, solved: int, analyst: User
) -> None:
    before = (workspace.folder / "strategy.yaml").read_bytes()
    services.send(solved, "same_risk", acting(analyst))
    work()
    assert Sending.objects.get().state == "done", Sending.objects.get().fault
    assert (workspace.folder / "strategy.yaml").read_bytes() == before
    with pytest.raises(BadInput, match="there is no point"):
        services.send(solved, "point 99", acting(analyst))
    (workspace.folder / "treatments.yaml").open("a").write("# changed\n")
    services.send(solved, "point 1", acting(analyst))
    work()
    assert "changed since this balance was found" in Sending.objects.latest("pk").fault


def test_a_draft_from_between_two_points_is_solved_at_that_risk_and_does_no_worse(
    workspace: Workspace, solved: int, analyst: User
) -> None:
    result = reading.result(solved)
    assert result is not None
    left, here, right = (result.place(f"point {at}") for at in ("2", "2.4", "3"))
    assert min(left.x, right.x) < here.x < max(left.x, right.x)
    services.send(solved, "point 2.4", acting(analyst))
    work()
    sending = Sending.objects.get()
    assert sending.state == "done", sending.fault
    document = read_document(Files(solved).folder / "strategy.yaml", StrategyDocument).value
    assert document.balance is not None
    measured = document.balance.measured
    assert document.balance.point == f"x={here.x!r}"
    # the strategy scores live by the model of everybody, and keeps the level by its own figures
    assert measured["expected_loss"] / measured["exposure"] <= here.x * (1 + 1e-3)
    assert measured["given_up"] < 0.01


def test_the_same_point_is_not_sent_twice_at_once(solved: int, analyst: User) -> None:
    services.send(solved, "point 1", acting(analyst))
    with pytest.raises(GateRefused, match="on its way"):
        services.send(solved, "point 1", acting(analyst))


def test_a_form_writes_the_document_and_says_what_is_wrong_with_its_line(desk: Client) -> None:
    base = reading.of_workspace()
    form = {
        "way": "form", "base": base, "goal": "good_customers_served", "x": "expected_loss_rate",
        "y": "good_customers_served", "points": str(POINTS), "limits": "1", "parities": "0",
        "limit-0-name": "profit", "limit-0-measure": "profit", "limit-0-side": "at_least",
        "limit-0-kind": "times", "limit-0-value": "0.9",
    }  # fmt: skip
    part = text(desk.post("/balance/check", form))
    assert "The appetite is sound." in part
    assert "{name: profit, measure: profit, at_least: {today: 0.9}}" in part
    assert base.splitlines()[0] in part, "its comments stay"
    wrong = text(desk.post("/balance/check", {**form, "limit-0-measure": "profitt"}))
    line = next(at for at, each in enumerate(base.splitlines(), 1) if "name: profit" in each)
    assert f"appetite.yaml:{line}" in wrong
    assert "did you mean 'profit'?" in wrong
    kept = text(desk.post("/balance/ask", {**form, "limit-0-value": "nine tenths", "go": "solve"}))
    assert "to be mended" in kept
    assert not Run.objects.exists()


def test_what_no_document_is_is_told_and_kept(desk: Client) -> None:
    page = desk.post("/balance/ask", {"way": "text", "text": "goal: [unclosed", "go": "solve"})
    assert "not valid YAML" in text(page)
    assert "goal: [unclosed" in page.content.decode()
    bomb = "a: &a [x, x]\nb: [*a, *a]\n"
    assert "aliases are not allowed" in text(
        desk.post("/balance/check", {"way": "text", "text": bomb})
    )


def test_a_run_that_finds_nothing_says_why(desk: Client, analyst: User) -> None:
    base = reading.of_workspace().replace("at_least: today", "at_least: 1.0e+12")
    run = services.ask(base, acting(analyst))
    work()
    assert reading.run(run).state == "failed"
    page = text(desk.get(f"/balance/{run}/"))
    assert "no policy can meet this appetite" in page
    assert kinds(run) == ["balance.asked", "balance.failed"]


def test_a_cancelled_run_ends_and_stays_so(desk: Client, analyst: User) -> None:
    run = services.ask(reading.of_workspace(), acting(analyst))
    desk.post(f"/balance/{run}/cancel")
    work()
    assert reading.run(run).state == "cancelled"
    assert kinds(run) == ["balance.asked", "balance.cancelled"]
    desk.post(f"/balance/{run}/cancel")
    assert kinds(run) == ["balance.asked", "balance.cancelled"]


def test_a_run_that_is_cancelled_at_work_stops(analyst: User) -> None:
    from equipoise.service.contexts.balances.running import _Ended, _say

    run = services.ask(reading.of_workspace(), acting(analyst))
    watched = Watched(partial(_say, Run.objects.get(pk=run)))
    with watched.step("Reading the data"):
        assert reading.run(run).step == "Reading the data"
    services.cancel(run, acting(analyst))
    with pytest.raises(_Ended), watched.step("frontier"):
        pass


def test_one_person_has_few_runs_at_a_time(analyst: User) -> None:
    by = acting(analyst)
    for _ in range(services.MOST_UNFINISHED):
        services.ask(reading.of_workspace(), by)
    with pytest.raises(GateRefused, match="not done yet"):
        services.ask(reading.of_workspace(), by)


def test_a_run_whose_job_is_gone_is_given_up(analyst: User) -> None:
    from django_tasks_db.models import DBTaskResult

    run = services.ask(reading.of_workspace(), acting(analyst))
    assert give_up() == 0
    DBTaskResult.objects.all().delete()
    assert give_up() == 1
    assert reading.run(run).state == "failed"


def test_two_runs_stand_side_by_side(desk: Client, analyst: User, solved: int) -> None:
    other = reading.of_workspace().replace("at_least: today", "at_least: {today: 0.8}")
    second = services.ask(other, acting(analyst))
    work()
    page = text(desk.get("/balance/compare", {"a": solved, "b": second}))
    assert "+ - {name: profit, measure: profit, at_least: {today: 0.8}}" in page
    assert "Both frontiers" in page
    assert f"Run {second}, recommended" in page
    assert "people are offered a loan by the second alone" in page
    assert desk.get("/balance/compare", {"a": solved, "b": "99"}).status_code == 404


def test_only_the_newest_runs_are_kept_whole(desk: Client, solved: int) -> None:
    for at in range(KEPT):
        Files(solved + 1 + at).make("goal: profit\n")
    from equipoise.service.contexts.balances.running import forget_old

    forget_old()
    assert not Files(solved).folder.exists()
    assert "no longer kept" in text(desk.get(f"/balance/{solved}/"))


def test_without_a_history_the_page_says_what_to_do(desk: Client, workspace: Workspace) -> None:
    (workspace.build / "fit.json").unlink()
    page = text(desk.get("/balance/"))
    assert "No balance can be found yet: fit.json: there is no fit.json yet" in page
    assert str(workspace.folder) not in page
    assert "equipoise fit" in page


def test_whoever_only_reads_changes_nothing(solved: int) -> None:
    auditor = logged_in(person(Role.AUDITOR))
    page = text(auditor.get(f"/balance/{solved}/"))
    assert "Send this point" not in page
    assert auditor.get("/balance/new").status_code == 403
    assert auditor.post(f"/balance/{solved}/send", {"place": "point 1"}).status_code == 403


def test_the_pages_speak_chinese(desk: Client, solved: int) -> None:
    desk.post("/language", {"language": "zh", "next": "/balance/"})
    page = text(desk.get(f"/balance/{solved}/"))
    assert "前沿" in page
    assert "Expected loss rate" not in page

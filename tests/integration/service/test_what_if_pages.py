"""A change of law or policy before it comes: who is shut out, what it costs, who breaks it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from at_the_desk import at
from balanced import APPLICANTS, balancing, work
from lender import anew, publish
from loan_tapes import known_tape, read_known
from own_folder import own_folder
from people import acting, logged_in, person
from through_door import Client

from equipoise.service.contexts.balances import concerned as module
from equipoise.service.contexts.balances import reading, services
from equipoise.service.contexts.balances.concerned import concerned
from equipoise.service.contexts.registry.models import Publication, Version
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.clock import now
from equipoise.service.platform.exports.events import export_chain
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_rows
from equipoise.workspace.folder import Workspace
from equipoise.workspace.strategies import seal_workspace

CAP = {"name": "Price cap", "on": "2027-01-01", "source": "Act 12", "kind": "price_cap",
       "cap": "18", "where": ""}  # fmt: skip

STRICT = """\
pack: strict
caution: {en: Ours alone., zh: 仅供自用。}
"""


@pytest.fixture
def workspace(sqlite_database: Any, tmp_path: Path) -> Iterator[Workspace]:
    with balancing(tmp_path / "demo") as there, anew():
        publish(raw=seal_workspace(there)[0].text().encode())
        yield there


@pytest.fixture
def analyst(workspace: Workspace) -> User:
    return person(Role.ANALYST, "ada")


@pytest.fixture
def desk(analyst: User) -> Client:
    return logged_in(analyst)


@pytest.fixture
def base(analyst: User) -> int:
    run = services.ask(reading.of_workspace(), acting(analyst))
    work()
    return run


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def asked(desk: Client, base: int, **more: str | list[str]) -> int:
    answer = desk.post("/what-if/ask", {**CAP, "base": base, **more})
    assert answer.status_code == 302, text(answer)
    work()
    return int(answer["Location"].split("/")[-2])


def test_a_cap_on_price_is_held_beside_a_run_and_the_strategy_in_force(
    desk: Client, base: int, workspace: Workspace, analyst: User
) -> None:
    run = asked(desk, base)
    assert reading.run(run).state == "done", reading.fault(run)
    effect = reading.changed(run).effect
    assert effect is not None
    [held] = effect["held"]
    assert held["people"] == APPLICANTS
    assert 0 < held["broken"] <= held["offered"]
    assert sum(each["broken"] for each in held["parts"]) == held["broken"]
    by_sex = [each for each in held["segments"] if each["field"] == "sex"]
    assert sum(each["people"] for each in by_sex) == APPLICANTS
    assert sum(each["lose"] for each in by_sex) == held["broken"]
    assert sum(e["amount"] for e in by_sex) == pytest.approx(held["money"]["amount"])
    assert effect["people"] == APPLICANTS
    answer = desk.get(f"/what-if/{run}/")
    page, raw = text(answer), answer.content.decode()
    assert "No loan above 18.0" in page
    assert "The frontier before and after" in page
    assert "people lose the loan" in page
    assert "who loses the offer it makes" in page
    assert "v1" in page
    assert "in force since" in page
    assert "The record has no flow to tell it by yet." in page
    assert "money 4" not in page, "a contract that names no currency has none"
    assert desk.get(f"/strategies/{Version.objects.get().pk}/").status_code == 200
    assert f'href="/strategies/{Version.objects.get().pk}/"' in raw
    file = desk.post(f"/what-if/{run}/export", {"as": "csv"})
    rows = list(csv.reader(io.StringIO(file.content.decode())))
    assert rows[0][:4] == ["\ufeffstrategy", "application", "treatment", "apr"]
    assert len(rows) == 1 + held["broken"]
    assert {float(each[3]) > 0.18 for each in rows[1:]} == {True}
    assert len({each[1] for each in rows[1:]}) == held["broken"]
    [made] = record.entries(export_chain(acting(analyst).id))
    assert (made.data["what"], made.data["rows"]) == ("affected-by-change", held["broken"])
    before, after = reading.result(base), reading.result(run)
    assert before is not None
    assert after is not None
    here = after.recommended.same_risk.measures
    assert here["average_price"] <= 0.18 + 1e-9
    kinds = [each.kind for each in record.entries(f"balance.{run}")]
    assert kinds == ["balance.asked", "balance.under_change", "balance.solved"]
    assert f"Run {run}" not in text(desk.get("/balance/")), "it is no run of its own"
    assert "Price cap" in text(desk.get("/what-if/"))
    chinese = text(desk.get(f"/what-if/{run}/", headers={"accept-language": "zh"}))
    assert "% 及以上" in chinese and "低于 " in chinese
    assert not re.search(r"under \d|% to |and over", chinese)


def test_the_day_decides_which_versions_a_change_concerns_and_at_what_flow(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Version 1 from the first day on, version 2 from the eleventh; asked on the twenty-first."""
    first = now()
    raw = workspace.folder.joinpath("strategy.yaml")
    raw.write_text(raw.read_text(encoding="utf-8").replace("version: 1", "version: 2", 1), "utf-8")
    publish(raw=seal_workspace(workspace)[0].text().encode())
    Publication.objects.filter(serial=2).update(at=first + timedelta(days=10))
    at(first + timedelta(days=20), monkeypatch)
    today = first.date() + timedelta(days=20)
    later = concerned(today + timedelta(days=30))
    assert [(each.number, each.decided) for each in later] == [(2, None)], "today's stand for it"
    assert [each.number for each in concerned(first.date() + timedelta(days=12))] == [2]
    both = concerned(first.date() + timedelta(days=2))
    assert [(each.number, each.until is None) for each in both] == [(2, True), (1, False)]
    assert {each.decided for each in both} == {0}
    monkeypatch.setattr(
        module,
        "applications_on",
        lambda _name, since, until, digest="": (until - since).days * (1 if digest else 3),
    )
    (two, one) = concerned(first.date() + timedelta(days=2))
    assert two.per_day == one.per_day == 3.0
    assert two.decided == 19, "from that day on, today among them"


def test_a_refusal_shuts_out_whom_it_names_and_its_packs_move_the_book(
    desk: Client, base: int, workspace: Workspace
) -> None:
    assert "Of loans already made" not in text(desk.get("/what-if/")), "there is no tape"
    read_known(workspace.folder, known_tape(300, 30))
    (workspace.folder / "strict.yaml").write_text(STRICT, "utf-8")
    refusal = {"kind": "refusal", "where": "sex = 'female'"}
    other = desk.post("/what-if/ask", {**CAP, **refusal, "base": base, "book": ["strict.yaml"]})
    assert "is measured by no pack 'strict.yaml'" in text(other), "portfolio.yaml does not name it"
    run = asked(desk, base, **refusal, book=["IFRS", "EBA", "BASEL"])
    page = text(desk.get(f"/what-if/{run}/"))
    assert "by its own packs (IFRS, BASEL), and by those of the change (IFRS, EBA, BASEL)" in page
    effect = reading.changed(run).effect
    assert effect is not None
    by_sex = {each["level"]: each for each in effect["segments"] if each["field"] == "sex"}
    assert by_sex["female"]["barred"] == by_sex["female"]["people"] > 0
    others = [each["barred"] for level, each in by_sex.items() if level != "female"]
    assert others and not any(others)
    moved = {(each["figure"], each["of"]): each["change"] for each in effect["book"]["moved"]}
    second, first = (moved["exposure in stage", stage] for stage in "21")
    assert second == pytest.approx(-first)
    assert second > 0 < moved["allowance", None]
    assert moved["risk-weighted assets", "standardised"] == 0


def test_a_change_of_loans_already_made_alone_asks_nothing_of_new_ones(
    desk: Client, base: int, workspace: Workspace
) -> None:
    read_known(workspace.folder, known_tape(300, 30))
    run = asked(desk, base, kind="book", on="2024-01-01", book=["IFRS", "EBA", "BASEL"])
    assert reading.run(run).state == "done", reading.fault(run)
    change = reading.changed(run)
    assert "rule" not in change.change
    assert change.effect is not None and change.effect["held"] == []
    page = text(desk.get(f"/what-if/{run}/"))
    assert "Loans already made are measured by IFRS, EBA, BASEL." in page
    assert "Exposure in stage 2" in page
    assert "Strategies in force" not in page and "Who is shut out" not in page
    assert reading.result(run) is None
    assert not [each for each in verify_rows().differences if "balances" in each.table]
    refused = desk.post("/what-if/ask", {**CAP, "base": base, "kind": "book"})
    assert "the change asks for nothing" in text(refused)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.RISK_OFFICER])
def test_a_folder_with_a_book_alone_is_enough_for_a_change_of_it(
    sqlite_database: Any, tmp_path: Path, role: Role
) -> None:
    read_known(tmp_path, known_tape(300, 30))
    with own_folder(tmp_path):
        desk = logged_in(person(role))
        page = desk.get("/what-if/").content.decode()
        assert 'name="book"' in page
        assert 'name="base"' not in page and 'name="cap"' not in page
        run = asked(desk, 0, kind="book", on="2024-01-01", book=["IFRS", "EBA", "BASEL"])
        assert reading.run(run).state == "done", reading.fault(run)
        shown = text(desk.get(f"/what-if/{run}/"))
        assert "Exposure in stage 2" in shown
        assert "Held beside" not in shown
        assert not [each for each in verify_rows().differences if "balances" in each.table]
        cap = desk.post("/what-if/ask", {**CAP, "base": "0"})
        assert cap.status_code == (404 if role is Role.ANALYST else 403)


def test_a_limit_that_nothing_meets_is_told_with_the_breaches(desk: Client, base: int) -> None:
    run = asked(desk, base, kind="limit", measure="exposure", side="at_least", level="1e12")
    assert reading.run(run).state == "failed"
    page = text(desk.get(f"/what-if/{run}/"))
    assert "nothing meets the appetite" in page
    assert "Would it break the rule" in page
    assert "yes" in page


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"cap": "dear"}, "valid number"),
        ({"on": "soon"}, "valid date"),
        ({"kind": "refusal", "where": "ages < 18"}, "'ages'"),
        ({"kind": "theft"}, "kind"),
        ({"name": ""}, "'name'"),
        ({"base": "99999"}, ""),
    ],
)
def test_what_is_not_sound_is_refused_and_what_was_typed_stays(
    desk: Client, base: int, more: dict[str, str], said: str
) -> None:
    answer = desk.post("/what-if/ask", {**CAP, "base": base, **more})
    if not said:
        assert answer.status_code == 404
        return
    assert said in text(answer)
    assert "Act 12" in answer.content.decode()


def test_whoever_only_reads_asks_nothing(desk: Client, base: int) -> None:
    run = asked(desk, base)
    reader = logged_in(person(Role.RISK_OFFICER))
    assert "Find out" not in text(reader.get("/what-if/"))
    assert "Who is shut out" in text(reader.get(f"/what-if/{run}/"))
    approver = logged_in(person(Role.APPROVER))
    assert approver.post(f"/what-if/{run}/export", {"as": "csv"}).status_code == 403
    assert reader.post("/what-if/ask", {**CAP, "base": base}).status_code == 403
    assert reader.get(f"/what-if/{base}/").status_code == 404, "a run under no change"

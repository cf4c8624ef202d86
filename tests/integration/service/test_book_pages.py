"""The book on pages: measured by a job, put under stress, kept, drawn and exported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import make_dataclass
from html import unescape
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from balanced import balancing
from lender import anew, publish
from loan_tapes import known_tape, read_known
from own_folder import own_folder
from people import acting, logged_in, person

from equipoise.portfolio import PORTFOLIO_DRAFT, measured, measured_shape
from equipoise.review.stress.untold import NOT_IN_FORCE
from equipoise.service.contexts.books import reading
from equipoise.service.contexts.books.answering import strategy_in_force
from equipoise.service.contexts.books.models import Measuring
from equipoise.service.contexts.books.running import measure
from equipoise.service.contexts.plans import services as plans
from equipoise.service.contexts.registry import services as versions
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.clock import now
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.proving import verify_record, verify_rows
from equipoise.workspace.strategies import read_strategy, seal_workspace

HISTORY = "Date,Unemployment rate\n" + "".join(
    f"{year} Q{quarter},{5 + (year % 7) / 2 + quarter / 10}\n"
    for year in range(2000, 2024)
    for quarter in (1, 2, 3, 4)
)
ADVERSE = "Date,Unemployment rate\n2023 Q1,10\n2023 Q2,12\n2023 Q3,11\n"
STRESS = """\
drivers: [{name: Unemployment rate, worse: up}]
history: [history.csv]
rho: {value: 0.15, source: stated}
"""
PLANS = """\
contacts:
- {role: risk, title: {en: Risk, zh: 风险}, people: [rita], answer_minutes: 30}
plans:
- name: storm
  title: {en: A storm, zh: 风暴}
  risk: credit
  steps:
  - {name: hands, does: {en: Let people decide, zh: 转人工}, role: risk, within_minutes: 30, switch: to_people}
  - {name: stop, does: {en: Pause, zh: 暂停}, role: risk, within_minutes: 60, switch: pause}
  switches:
  - {name: to_people, does: {en: Let people decide, zh: 转人工}, kind: people, strategy: STRATEGY}
  - name: pause
    does: {en: Pause, zh: 暂停}
    kind: freeze
    strategy: STRATEGY
    reason: PAUSED
    texts: {en: We take no applications now., zh: 我们现在不受理申请。}
"""  # noqa: E501
PORTFOLIO = f"""\
{PORTFOLIO_DRAFT}limits: [{{name: regions, by: region, at_most: 0.4}}]
rates:
  curve: [{{years: 1, rate: 0.03}}]
  source: stated
  liabilities: [{{name: deposits, amount: 54321, rate: 0.01, reprices_months: 3}}]
"""


def with_a_book(there: Path) -> Path:
    """The folder with a lender's tape and scenarios in it."""
    (there / "scenarios").mkdir(parents=True)
    read_known(there, known_tape(300, 30))
    (there / "history.csv").write_text(HISTORY, "utf-8")
    (there / "scenarios" / "adverse.csv").write_text(ADVERSE, "utf-8")
    (there / "stress.yaml").write_text(STRESS, "utf-8")
    return there


def with_plans(there: Path, strategy: str, officer: User) -> None:
    """Plans in force with one switch that is approved, and others in the folder."""
    approver = acting(person(Role.APPROVER, "ben"))
    (there / "plans.yaml").write_text(PLANS.replace("STRATEGY", strategy), "utf-8")
    plans.approve(plans.bring_in(acting(officer)), approver)
    versions.approve(plans.prepare("storm", "to_people", acting(officer)), approver, "tightens")
    (there / "plans.yaml").write_text("plans: [nothing that can be read", "utf-8")


@pytest.fixture
def folder(sqlite_database: Any, tmp_path: Path) -> Iterator[Path]:
    """A lender's tape and scenarios, and nothing else."""
    there = with_a_book(tmp_path / "lender")
    (there / "portfolio.yaml").write_text(PORTFOLIO, "utf-8")
    with own_folder(there):
        yield there


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def shares_by_region() -> dict[str, float]:
    """Of what is owed in the last month of the known tape, each region's."""
    tape = known_tape(300, 30).filter(pl.col("month") == "2023-06")
    owed = tape.filter(~pl.col("status").is_in(["Charged Off", "Fully Paid"]))
    total = owed["balance"].sum()
    return {str(at): sum_ / total for at, sum_ in owed.group_by("region").agg(
        pl.col("balance").sum()).iter_rows()}  # fmt: skip


def test_a_book_is_measured_and_put_under_stress_by_jobs_and_kept(folder: Path) -> None:
    officer, auditor = (logged_in(person(role, role.value)) for role in (
        Role.RISK_OFFICER, Role.AUDITOR))  # fmt: skip
    assert "Nothing has been measured yet." in text(officer.get("/risk/portfolio/"))
    assert "No stress test has been made yet." in text(auditor.get("/risk/stress/"))
    assert officer.post("/risk/portfolio/measure")["Location"] == "/risk/portfolio/"
    assert "Waiting for a worker." in text(officer.get("/risk/portfolio/"))
    measure.func(Measuring.objects.latest("pk").pk)
    page = text(officer.get("/risk/portfolio/"))
    (first,) = reading.newest("portfolio")
    found = reading.book(first.id)
    assert f"Book of {found['summary']['as_of']}" in page
    assert found["deliveries"][0]["sha256"][:12] in page
    assert "Expected credit losses" in page
    soon = re.search(r"Gap so far 3 months CNY ([\d ]+) CNY 54 321 CNY ([−\d ]+) CNY", page)
    assert soon is not None, "what funds the book is written where it reprices"
    loans, gap = (int(each.replace(" ", "").replace("−", "-")) for each in soon.groups())
    assert loans - gap == 54_321
    assert "all rates up" in page
    overview = text(auditor.get("/risk/"))
    told = re.findall(r"regions (\w+) ([\d.]+) %", overview)
    assert {region: float(use) for region, use in told} == pytest.approx(
        {region: 100 * share / 0.4 for region, share in shares_by_region().items()}, rel=5e-3
    )
    assert "Limits of the portfolio" in overview
    assert "组合限额" in text(auditor.get("/risk/", headers={"accept-language": "zh"}))

    refused = officer.post("/risk/stress/ask", {"scenario": "advers.csv", "limits": "loss <= 1"},
                           headers={"accept": "text/html"})  # fmt: skip
    assert refused.status_code == 409
    assert "did you mean 'adverse.csv'?" in unescape(refused.content.decode())
    asked = {"scenario": "adverse.csv", "limits": "loss_rate <= 0.1%\nprofit >= -1e9"}
    assert officer.post("/risk/stress/ask", asked)["Location"] == "/risk/stress/"
    queued = Measuring.objects.latest("pk").pk
    assert officer.post("/risk/stress/ask", asked).status_code == 409  # one is under way
    measure.func(queued)
    ended = officer.get(f"/risk/measuring/{queued}/state")
    assert ended["HX-Refresh"] == "true"
    page = text(auditor.get("/risk/stress/"))
    stress = reading.stress(queued)
    assert [each.name for each in stress.scenarios] == ["adverse"]
    assert [each.limit for each in stress.reverse] == ["loss_rate <= 0.001", "profit >= -1e+09"]
    assert "only the book is stressed" in page
    assert "losses, of the exposure at most 0.1" in page
    assert officer.get("/risk/stress/").content.count(b"<svg") == 14  # seven pictures, two sizes
    assert "Nobody comes back from default here" in page
    taken = auditor.post(f"/risk/stress/{queued}/export", {"as": "csv"})
    lines = b"".join(taken).decode("utf-8-sig").splitlines()
    assert [each.split(",")[1] for each in lines[1:]] == ["2023 Q1", "2023 Q2", "2023 Q3"]
    assert lines[0].split(",")[2:5] == ["log_odds", "exposure", "defaulted"]

    assert [each.kind for each in record.entries(f"book.{queued}")] == [
        "book.asked",
        "book.measured",
    ]
    assert verify_record().valid
    # the colleague who confirms people in tests is nobody's event
    assert not [e for e in verify_rows().differences if e.table != "accounts_user"]


def test_a_figure_of_a_stress_test_leads_to_the_scenario_s_rows_and_the_book_s(
    folder: Path,
) -> None:
    """The figures of the economy as its file has them, row by row; and of the book where it begins
    what stages 1 and 2 owe, by the measured book's own queries."""
    officer = logged_in(person(Role.RISK_OFFICER, "rita"))
    officer.post("/risk/stress/ask", {"scenario": "adverse.csv", "limits": "loss_rate <= 1%"})
    test = Measuring.objects.latest("pk").pk
    measure.func(test)
    there = f"/risk/stress/{test}/0/"
    assert f'href="{there}#figures"' in officer.get("/risk/stress/").content.decode()
    page = text(officer.get(there))
    for row, line in enumerate(ADVERSE.splitlines()[1:], start=1):
        quarter, value = line.split(",")
        assert f"{value} (of {quarter}, row {row}); before 8.4" in page
    assert "The book of this tape is not measured" in page
    officer.post("/risk/portfolio/measure")
    measure.func(Measuring.objects.latest("pk").pk)
    answer = officer.get(there)
    assert "losses, of the exposure at most 1" in text(answer)
    leads = re.findall(r'href="(/risk/portfolio/\d+/[^"]+)"', unescape(answer.content.decode()))
    assert len(set(leads)) > 12
    assert {officer.get(each).status_code for each in leads} == {200}
    (book,) = reading.newest("portfolio")
    owed = [each["exposure"] for each in reading.book(book.id)["losses"]["stages"][:2]]
    assert sum(owed) == pytest.approx(reading.stress(test).exposure)
    assert "经济如何变动" in text(officer.get(there, headers={"accept-language": "zh"}))
    assert officer.get(f"/risk/stress/{test}/1/").status_code == 404
    assert officer.get(f"/risk/stress/{book.id}/0/").status_code == 404


def test_a_book_that_cannot_be_measured_says_why_without_where_it_lies(folder: Path) -> None:
    officer = logged_in(person(Role.RISK_OFFICER, "rita"))
    (folder / "stress.yaml").unlink()
    officer.post("/risk/stress/ask", {"scenario": "adverse.csv"})
    measure.func(Measuring.objects.latest("pk").pk)
    page = text(officer.get("/risk/stress/"))
    assert "holds no stress.yaml" in page
    assert str(folder) not in page


def test_a_scenario_that_is_wrong_is_told_on_the_page_with_its_file_and_row(folder: Path) -> None:
    officer = logged_in(person(Role.RISK_OFFICER, "rita"))
    wrong = ADVERSE.replace("2023 Q2,12", "2023 Q2,twelve")
    (folder / "scenarios" / "adverse.csv").write_text(wrong, "utf-8")
    officer.post("/risk/stress/ask", {"scenario": "adverse.csv"})
    measure.func(Measuring.objects.latest("pk").pk)
    page = text(officer.get("/risk/stress/"))
    assert "adverse.csv: row 2; 'twelve' is no number, under 'Unemployment rate'; give" in page
    assert str(folder) not in page
    (folder / "scenarios" / "adverse.csv").write_text(ADVERSE.replace("12", "0.12"), "utf-8")
    officer.post("/risk/stress/ask", {"scenario": "adverse.csv"})
    measure.func(Measuring.objects.latest("pk").pk)
    page = text(officer.get("/risk/stress/", headers={"accept-language": "zh"}))
    assert (
        "“Unemployment rate”在 2023 Q2 为 0.12，而历史上为 5.1 至 8.4；请使用与历史相同的单位"
        in page
    )
    assert "adverse.csv" in page


def test_new_business_under_stress_is_answered_by_the_strategy_in_force(
    sqlite_database: Any, tmp_path: Path
) -> None:
    officer_ = person(Role.RISK_OFFICER, "rita")
    officer = logged_in(officer_)
    with balancing(tmp_path / "demo") as workspace, anew():
        with_a_book(workspace.folder)
        assert strategy_in_force(workspace) == NOT_IN_FORCE
        publish(raw=seal_workspace(workspace)[0].text().encode())
        draft = workspace.folder / "strategy.yaml"
        drafted = draft.read_text("utf-8")
        draft.write_text(drafted.replace("version: 1", "version: 2", 1), "utf-8")
        with_plans(workspace.folder, read_strategy(workspace).value.name, officer_)
        one = ADVERSE.splitlines(keepends=True)[:2]
        (workspace.folder / "scenarios" / "adverse.csv").write_text("".join(one), "utf-8")
        officer.post("/risk/stress/ask", {"scenario": "adverse.csv"})
        measure.func(Measuring.objects.latest("pk").pk)
        (done,) = reading.newest("stress")
        assert done.state == "done", done.fault
        found = reading.stress(done.id)
    assert found.strategy.endswith(" v1"), "what the folder drafts decides nothing"
    assert found.today is not None
    assert found.scenarios[0].access[0].offered < found.today.offered
    switched = {each.switch: each for each in found.scenarios[0].actions}
    assert {name: each.approved for name, each in switched.items()} == {
        "to_people": True,
        "pause": False,
    }, "the plans in force, and not those that the folder holds"
    assert switched["to_people"].access.offered == 0
    page = text(officer.get("/risk/stress/"))
    assert "Let people decide (storm) approved 0.0" in page
    assert "Pause (storm) not approved yet 0.0" in page
    assert "转人工（storm） 已批准" in text(
        officer.get("/risk/stress/", headers={"accept-language": "zh"})
    )


@pytest.mark.parametrize(("page", "of"), [("portfolio", "portfolio"), ("stress", "stress")])
def test_figures_that_another_version_kept_are_told_and_bar_nobody(
    folder: Path, page: str, of: str
) -> None:
    officer = logged_in(person(Role.RISK_OFFICER))
    kept = Measuring.objects.create(
        of=of, asked_by="user.1", state="done", result='{"summary": {}, "shape": "old"}',
        made_at=now(),
    )  # fmt: skip
    shown = officer.get(f"/risk/{page}/")
    assert "kept by another version" in text(shown)
    assert "<form" in shown.content.decode().split("<h1>")[1]
    assert officer.get(f"/risk/portfolio/{kept.pk}/open").status_code == 404


def test_what_names_the_fields_of_a_measured_book_follows_every_field(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = measured_shape()
    measured_shape.cache_clear()
    monkeypatch.setattr(measured, "VintageRow", make_dataclass("VintageRow", [("another", float)]))
    assert measured_shape() != before
    measured_shape.cache_clear()

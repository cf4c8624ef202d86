"""The tutorials of the desks say what is so: their lender is made by their commands, each person
does what stands there, and every name that stands bold is met on the way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from first_lender import MORNING, first_lender
from processes import Server, command, until
from test_how_tos import DOCS, blocks
from test_tutorial import SAYS, Person, log_in

from equipoise.rehearsal.browser import Browser, Form, Page

# What the applicant of the morning says; of the rest the first choice will do.
APPLICANT = {
    **SAYS,
    "monthly-income": "6,000",
    "debt-payments": "0",
    "amount-asked": "28,000",
    "contact": "lin.example@example.com",
}


IN_THE_QUEUE = APPLICANT["amount-asked"].replace(",", " ")
A_PERSON = "A person at our company will decide"
_MOST = 20  # applications


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return first_lender(tmp_path_factory)


@pytest.fixture(scope="module")
def served(lender: Path) -> Iterator[Server]:
    assert blocks(MORNING, "")[1] == "equipoise serve first\n"
    server = Server(lender, more={"EQUIPOISE_MESSAGES": ""}).start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def desks(served: Server, lender: Path) -> Mapping[str, Person]:
    """Everybody of the demonstration, logged in once as the command printed it."""
    kept = json.loads((lender / "service" / "demo-people.json").read_text())
    collected = {}
    for number, who in enumerate(kept):
        collected[who["name"]] = Person(Browser(served.said["url"], f"10.1.0.{number}"))
        log_in(collected[who["name"]].browser, who)
    return collected


def met(page: str, *people: Person) -> None:
    """Everything that the tutorial names bold was read by them."""
    text = (DOCS / page).read_text(encoding="utf-8").replace("\n", " ")
    read = " ".join(" ".join(each.read) for each in people)
    for name in re.findall(r"\*\*(.+?)\*\*", text):
        assert name in read, f"{page} names '{name}', which stands on no page that it leads to"


def filled(page: Page, end: str) -> tuple[Form, dict[str, str]]:
    """The form that is sent there, and what a browser would send of it as it stands."""
    form = page.form_to(end)
    assert form is not None, (page.url, end)
    return form, dict(form.values)


def test_an_underwriters_morning(served: Server, desks: Mapping[str, Person]) -> None:
    applicant = Person(Browser(served.said["url"], "10.1.1.1"), says=APPLICANT)
    progress = _applies(applicant, served.said["url"])
    uma = desks["uma"]
    _decides(uma, _takes_it(uma))
    until(lambda: A_PERSON not in applicant.browser.get(progress.path).said("//main"))
    uma.follow(uma.get("/"), "Practice")
    met(MORNING, uma, applicant)


def _applies(applicant: Person, url: str) -> Page:
    """Until it is left to a person: what the bureau knows of somebody is made up each time."""
    for number in range(_MOST):
        progress = applicant.press_form(applicant.apply(), "/send")
        if A_PERSON in progress.said("//main"):
            return progress
        applicant.browser = Browser(url, f"10.1.2.{number}")
    raise AssertionError(f"none of {_MOST} was left to a person")


def _takes_it(uma: Person) -> Page:
    """By its amount: why it is here depends on whether the bureau knows of the applicant."""

    def here() -> Page | None:
        page = uma.browser.get("/cases/")
        return page if IN_THE_QUEUE in page.said("//main//table") else None

    queue = uma.see(until(here))
    assert queue.path == uma.follow(uma.get("/"), "Cases").path
    case = uma.press_form(queue, "/cases/next")
    assert case.path.startswith("/cases/application-")
    assert "Give back" in uma.get("/cases/").said("//main//table")
    return case


def _decides(uma: Person, case: Page) -> None:
    opened = uma.press_form(case, "/open")
    assert APPLICANT["amount-asked"] in opened.said("//main")
    form, values = filled(opened, "/decide")
    values |= {"answer": "approve", "amount": "24,000"}
    seen = uma.see(uma.browser.send(opened, form, values, form.button("go", "see")))
    form, values = filled(seen, "/decide")
    values |= {"answer": "approve", "amount": "24,000", "reasons": "AMOUNT_AND_INCOME"}
    values["words"] = "What is left each month bears that much."
    after = uma.see(uma.browser.send(seen, form, values, form.button("go", "sign")))
    assert "A person decided" in after.said("//main")


def test_an_analysts_week(desks: Mapping[str, Person]) -> None:
    ana = desks["ana"]
    new = ana.follow(ana.follow(ana.get("/"), "Balance"), "Set an appetite and solve")
    run = ana.see(_solved(ana, new))
    less = ana.follow(run, "Less risk")
    ana.follow(less, "Less risk")
    for door in ("What would teach us most", "What if", "Strategies"):
        ana.follow(ana.get("/"), door)
    point = ana.follow(ana.get(run.path), "Recommended")
    ana.press_form(point, "/send")

    def sent() -> Page | None:
        page = ana.browser.get(run.path)
        return page if "A draft: have it checked" in page.said("//main") else None

    ana.see(until(sent))
    met("tutorial/analysts-week.md", ana)


def _solved(ana: Person, new: Page) -> Page:
    form = new.form_with("go", "solve")
    assert form is not None
    begun = ana.see(ana.browser.send(new, form, {}, form.button("go", "solve")))

    def done() -> Page | None:
        page = ana.browser.get(begun.path)
        return page if page.form_to("/send") else None

    return until(done)  # type: ignore[no-any-return]


def test_an_owners_month(desks: Mapping[str, Person]) -> None:
    oskar = desks["oskar"]
    journey = oskar.follow(oskar.get("/"), "The journey")
    oskar.press_form(journey, "/draw")

    def drawn() -> Page | None:
        page = oskar.browser.get(journey.path)
        return page if page.document.xpath("//main//table") else None

    funnel = oskar.see(until(drawn))
    assert oskar.follow(funnel, "Process map").document.xpath("//main//*[local-name()='svg']")
    for part in ("People lost", "Tiers"):
        oskar.follow(funnel, part)
    friction = oskar.follow(funnel, "Friction")
    oskar.press_form(friction, "/reckon")

    def ledger() -> Page | None:
        page = oskar.browser.get(friction.path)
        return page if "The ledger" in page.said("//main") else None

    oskar.see(until(ledger))
    oskar.follow(oskar.get("/"), "Overrides")
    met("tutorial/owners-month.md", oskar)


def test_an_auditors_day(lender: Path, desks: Mapping[str, Person]) -> None:
    page, ada = "tutorial/auditors-day.md", desks["ada"]
    listed = ada.follow(ada.get("/"), "Audit")
    decision = ada.get(listed.link("//main//a[contains(@href, '/audit/decisions/')]"))
    again = ada.press_form(decision, "/replay")
    assert "it came out the same, to the bit" in again.said("//main")
    ada.get(decision.link("//main//a[contains(@href, '/audit/applications/')]"))
    record = ada.follow(listed, "The record")
    ada.press_form(record, "/verify")
    ada.follow(listed, "Who looked at what")
    for line in blocks(page, "")[0].strip().splitlines():
        words = line.split("#")[0].split()[1:]
        code, said = command(*(lender if each == "first" else each for each in words))
        assert code == 0, (line, said)
        assert said.get("valid", True)
        assert said.get("differences", 0) == 0
    met(page, ada)


@pytest.mark.parametrize("name", ["analysts-week", "owners-month", "auditors-day"])
def test_every_tutorial_begins_at_the_lender_of_the_first(name: str) -> None:
    text: Any = (DOCS / f"tutorial/{name}.md").read_text(encoding="utf-8")
    assert "(underwriters-morning.md#1-a-lender-to-work-at)" in text.replace("\n", "")

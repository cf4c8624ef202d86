"""The tutorial of one application says what is so: its commands are run, the pages are filled as it
fills them, the API is asked, and every name that stands bold in it is met on the way."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from first_lender import MORNING, commands, first_lender
from processes import Server, command, until
from pypdf import PdfReader
from test_how_tos import DOCS, blocks

from equipoise.rehearsal.browser import Browser, Page

PAGE = "tutorial/one-application.md"
TEXT = (DOCS / PAGE).read_text(encoding="utf-8")
BESIDE = {"equipoise balance first"}  # of which this tutorial reads nothing
# What the tutorial's person says; of the rest the first choice will do.
SAYS = {
    "monthly-income": "2,100",
    "debt-payments": "1,400",
    "amount-asked": "20,000",
    "term-asked": "60",
    "age": "40",
    "months-employed": "48",
    "contact": "mia.example@example.com",
}
WORDS = "Half of these payments end in March."


People: TypeAlias = Mapping[str, Mapping[str, Any]]


@dataclass
class Person:
    """Somebody before a browser, and all that they have read so far."""

    browser: Browser
    read: list[str] = field(default_factory=list)
    says: Mapping[str, str] = field(default_factory=lambda: SAYS)

    def see(self, page: Page, status: int = 200) -> Page:
        assert page.status == status, (page.url, page.status, page.said("//main"))
        self.read.append(page.said("//body"))
        return page

    def get(self, where: str) -> Page:
        return self.see(self.browser.get(where))

    def press(self, page: Page, name: str, value: str, status: int = 200, **filled: str) -> Page:
        form = page.form_with(name, value)
        assert form is not None, (page.url, name, value)
        return self.see(self.browser.send(page, form, filled, form.button(name, value)), status)

    def press_form(self, page: Page, end: str) -> Page:
        """Where the form leads that is sent to an address with that end, as it stands."""
        form = page.form_to(end)
        assert form is not None, (page.url, end)
        return self.see(self.browser.send(page, form, {}))

    def follow(self, page: Page, words: str) -> Page:
        """The page of the link or button link with those words."""
        where = page.link(f"//a[contains(normalize-space(.), '{words}')]")
        assert where, (page.url, words)
        return self.get(where)

    def answer(self, page: Page, text: str = "", status: int = 200) -> Page:
        """Answer a page of the application."""
        form = page.form_with("go", "on")
        assert form is not None, page.url
        said = text or self.says.get(page.tail, "")
        filled = {name: among[0] for name, among in form.choices.items()}
        filled |= {name: said for name in form.boxes if name != "phone"}
        filled |= dict.fromkeys(set(form.ticks) & {"decision", "sources"}, "on")
        return self.press(page, "go", "on", status, **filled)

    def apply(self) -> Page:
        """Begin, and answer everything up to the check."""
        page = self.begin()
        while not page.form_to("/send"):
            page = self.answer(page)
        return page

    def begin(self) -> Page:
        page = self.get("/apply/")
        form = page.form_to("/apply/begin")
        assert form is not None
        return self.follow(self.see(self.browser.send(page, form, {})), "Start")


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That of the morning, whose commands are these and one more."""
    assert commands(PAGE) == [each for each in commands(MORNING) if each not in BESIDE]
    return first_lender(tmp_path_factory)


@pytest.fixture(scope="module")
def served(lender: Path) -> Iterator[Server]:
    server = _served(lender)
    yield server
    if server.runs():
        server.stop()


def _served(lender: Path) -> Server:
    """As the tutorial has it served: with what stands before the command, and nothing else."""
    setting, line = re.fullmatch(r"(\w+=\w+) (.*)\n", blocks(PAGE, "")[1]).groups()  # type: ignore[union-attr]
    assert line == "equipoise serve first"
    name, _, value = setting.partition("=")
    return Server(lender, more={name: value, "EQUIPOISE_MESSAGES": ""}).start()


@pytest.fixture(scope="module")
def people(lender: Path) -> People:
    """How each logs in, as `equipoise demo` printed it."""
    kept = json.loads((lender / "service" / "demo-people.json").read_text())
    return {each["name"]: each for each in kept}


def test_one_application_from_the_first_page_to_the_letter(
    served: Server, lender: Path, people: People
) -> None:
    person = Person(Browser(served.said["url"], "10.0.0.1"))
    _looks_first(person)
    progress = _applies(person)
    _is_declined(person, progress)
    _asks_a_person(person, progress, Browser(served.said["url"], "10.0.0.2"), people["uma"])
    _takes_the_letter(person, progress, lender)
    _was_told(person, Browser(served.said["url"], "10.0.0.3"), people["admin"])
    _is_on_record(lender, Browser(served.said["url"], "10.0.0.4"), people["ada"])
    data = person.follow(progress, "What we hold about you")
    for wanted in ("Take it away", "have it corrected", "Have it erased"):
        assert wanted in data.said("//main")
    read = " ".join(person.read)
    for name in re.findall(r"\*\*(.+?)\*\*", TEXT.replace("\n", " ")):
        assert name in read, (
            f"the tutorial names '{name}', which stands on no page that it leads to"
        )


def log_in(browser: Browser, who: Mapping[str, Any]) -> None:
    """With the password, and one of the codes that take the app's place once."""
    page = browser.get("/accounts/login/")
    for box, filled in (
        ("login", {"login": who["name"], "password": who["password"]}),
        ("code", {"code": who["codes"][0]}),
    ):
        (form,) = (each for each in page.forms if box in each.boxes)
        page = browser.send(page, form, filled)
    assert browser.ask("GET", "/v1/me")[0] == 200, page.url


def _looks_first(person: Person) -> None:
    page = person.get("/apply/")
    begins = [each for each in page.forms if each.values.get("product")]
    assert len(begins) == 1
    idea = person.follow(page, "Get a first idea")
    assert "nothing is kept" in idea.said("//main")
    form = idea.form_with("go", "on")
    assert form is not None
    facts = [each for each in form.boxes if each != "need"]
    assert len(facts) == 4, facts
    result = person.press(
        idea, "go", "on", **dict(zip(facts, ("5,000", "36", "2,100", "0"), strict=True))
    )
    assert "What to expect" in result.said("//main")


def _applies(person: Person) -> Page:
    page = person.begin()
    while page.tail != "amount-asked":
        page = person.answer(page)
    for text in ("2,100", "２，１００"):
        assert person.answer(page, text).tail != page.tail, text
    back = person.answer(page, "2.100,50", status=422)
    assert "2.100,50" in str(back.form_with("go", "on").values)  # type: ignore[union-attr]
    kept = person.press(back, "go", "tasks", answer="2.100,50")
    assert kept.form_to("/send") is None
    assert "2.100,50" in str(person.get(page.path).form_with("go", "on").values)  # type: ignore[union-attr]
    while not page.form_to("/send"):
        page = person.answer(page)
    send = page.form_to("/send")
    assert send is not None
    first, second = (person.see(person.browser.send(page, send, {})) for _ in range(2))
    said = [
        re.search(r"Your reference is (\S+)\.", each.said("//main")) for each in (first, second)
    ]
    assert said[0] and said[1]
    assert said[0][1] == said[1][1]
    return second


def _is_declined(person: Person, progress: Page) -> None:
    no = person.follow(progress, "See why, and what you can do")
    main = no.said("//main")
    assert "Your payments on other debts already take more than 60 % of your income." in main
    for part in (
        "The facts that were used",
        "What would change the answer",
        "decided again in full",
    ):
        assert part in main


def _asks_a_person(person: Person, progress: Page, desk: Browser, uma: Mapping[str, Any]) -> None:
    no = person.get(progress.path.replace("progress", "decline"))
    form = no.form_to("/review")
    assert form is not None
    after = person.see(person.browser.send(no, form, {"words": WORDS}))
    assert "A person looks at it again." in person.get(progress.path).said("//main") + after.said(
        "//main"
    )
    log_in(desk, uma)
    listed, one = (each.split()[1] for each in blocks(PAGE, "")[2].strip().splitlines())
    status, answer = desk.ask("GET", listed)
    assert status == 200
    waiting = next(each for each in answer["items"] if each["state"] == "asked")
    status, review = desk.ask("GET", one.replace("ID", waiting["id"]))
    assert (status, review["words"]) == (200, WORDS)


def _takes_the_letter(person: Person, progress: Page, lender: Path) -> None:
    name = "Take our answer as a letter (PDF)"

    def there() -> str:
        page = person.get(progress.path.replace("progress", "decline"))
        return page.link(f"//a[normalize-space(.)='{name}']")

    url = until(there, between=1.0)  # a draft's pages are asked for five times a second at most
    read = _words(person.browser, url)
    assert "Yourpaymentsonotherdebts" in read
    for line in ("Demo Lender", "1 Example Street"):
        assert line in (lender / "lender.yaml").read_text()
        assert line.replace(" ", "") in read


def _words(browser: Browser, url: str) -> str:
    with browser._opener.open(url) as answer:
        pages = PdfReader(io.BytesIO(answer.read())).pages
        return "".join("".join(each.extract_text() for each in pages).split())


def _was_told(person: Person, desk: Browser, admin: Mapping[str, Any]) -> None:
    log_in(desk, admin)
    assert "letter" in desk.get("/messages/").said("//main")


def _is_on_record(lender: Path, desk: Browser, ada: Mapping[str, Any]) -> None:
    for line in blocks(PAGE, "")[3].strip().splitlines():
        words = line.split("#")[0].split()[1:]
        code, said = command(*(lender if each == "first" else each for each in words))
        assert code == 0, (line, said)
        assert said.get("valid", True)
        assert said.get("differences", 0) == 0
    log_in(desk, ada)
    named = re.findall(r"`(?:GET )?(/v1/decisions[^`]*)`", TEXT)
    assert len(named) == 2
    status, listed = desk.ask("GET", named[0])
    assert status == 200
    status, why = desk.ask("GET", named[1].replace("ID", listed["items"][0]["id"]))
    assert status == 200, why


@pytest.mark.slow
def test_no_letter_is_made_where_the_lenders_file_is_put_aside(
    served: Server, lender: Path, people: People
) -> None:
    """Runs last: it serves anew."""
    served.stop()
    file = (lender / "lender.yaml").rename(lender / "aside.yaml")
    anew = _served(lender)
    try:
        assert "there is no lender.yaml" in (lender / "log").read_text()
        person = Person(Browser(anew.said["url"], "10.0.0.5"))
        check = person.apply()
        send = check.form_to("/send")
        assert send is not None
        person.see(person.browser.send(check, send, {}))
        until(lambda: "1 cannot be made" in json.dumps(anew.call("GET", "/readyz")))
        desk = Browser(anew.said["url"], "10.0.0.6")
        log_in(desk, people["oskar"])
        (path,) = re.findall(r"`GET (/v1/notices[^`]*)`", TEXT)
        status, listed = desk.ask("GET", path)
        assert status == 200
        assert [each["lacks"] for each in listed["items"]] == ["there is no lender.yaml"]
    finally:
        anew.stop()
        file.rename(lender / "lender.yaml")

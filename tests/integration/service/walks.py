"""Ways through an applicant's pages, each a person's: every page and state of them is come to.

Who looks says what is done on each: pictures of it, or whether it bars anybody. The lender has two
products; the first one's strategy offers, declines and finds unclear by how an income bears a loan.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import journeys
from applying import ANSWERS, sealed_corner, sealed_garden
from corner_lender import STRATEGY
from documenting import PAYSLIP, PLAN, sealed_documents
from stepping import sealed_stepping
from test_papers import pdf, photo

Look = Callable[[Any, str], None]
AIMED = {**ANSWERS, "aim": "car"}
DECLINED = {**AIMED, "income": "800"}
UNCLEAR = {**AIMED, "income": "1500"}
LONG = ("Wilhelmina-Alexandra von Hohenlohe-Waldenburg-Schillingsfürst 司马相如 " * 4)[:200]
FILE = "scan_of_the_payslip_of_march_of_somebody_whose_file_has_a_very_long_name.jpg"
RULES = [
    {"name": name, "when": f"amount / (12 * income) > {most}", "outcome": out, "reason": code}
    for name, most, out, code in (
        ("strained", 0.8, "decline", "STRAINED"),
        ("unclear", 0.4, "refer", "UNFITTING"),
    )
]
_IN_CHINESE = {
    "DEBTS": "您的其他债务占收入的比例过高。",
    "SICK": "有工作人员会与您一起查看。",
    "STRAINED": "这笔贷款会使您的收入过于紧张。",
}
TEXTS = {
    **{name: {**STRATEGY["texts"][name], "zh": zh} for name, zh in _IN_CHINESE.items()},
    "UNFITTING": {
        "en": "What you earn and what you would like to borrow do not fit together.",
        "zh": "您的收入与希望借款的金额不相符。",
    },
    "SETTLE_UNFITTING": {
        "en": "Bring the payslips of the last three months.",
        "zh": "请提交最近三个月的工资单。",
    },
}
LENDER: dict[str, Any] = {
    "languages": ["en", "zh"],
    "tiers": [{"name": "low", "journeys": ["quick", "full"]}],
    "table": {"rows": [{"tier": "low", "give": "quick_base_all"}]},
    "rules": RULES,
    "texts": TEXTS,
}


# Of everybody the check `income` is wanted, and nothing is asked of a bureau.
CHECKED: dict[str, Any] = {
    "tiers": [{"name": "all", "journeys": ["half", "full"]}],
    "table": {"rows": [{"give": "half_base_all"}]},
}


@dataclass(frozen=True)
class LogIn:
    """How somebody who works there logs in; `code` is good once."""

    name: str
    password: str
    code: str


def sealed_products() -> list[bytes]:
    """The files of the lender's strategies."""
    return [sealed_corner(**LENDER), sealed_garden()]


def sealed_checking() -> list[bytes]:
    """That of a lender who asks in steps."""
    return [sealed_stepping(**CHECKED)]


def sealed_asking_documents() -> list[bytes]:
    """That of a lender two of whose questions are answered with documents."""
    return [sealed_documents()]


@dataclass
class Walk:
    """Somebody before a browser."""

    page: Any
    home: str  # the lender's address, without a slash
    look: Look
    scripts: bool = True

    def at(self, address: str, name: str) -> None:
        """Open a page and look at it."""
        self.page.goto(address if "://" in address else f"{self.home}{address}")
        self.look(self.page, name)

    def press(self, selector: str, name: str = "") -> None:
        """Press what leads to another page, and look at that where it has a name."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        if name:
            self.look(self.page, name)

    def begin(self) -> str:
        """Begin an application for the first product; its address."""
        self.page.goto(f"{self.home}/apply/")
        self.press("form[action='/apply/begin'] button")
        return str(self.page.url)

    def answered(self, answers: dict[str, str], look: Look | None = None) -> str:
        """From the first page to the answer; the application's address."""
        draft = self.begin()
        journeys.fill(self.page, answers, look or (lambda _page, _name: None))
        journeys.send(self.page)
        self.page.goto(f"{draft}answer")
        return draft


def finding(walk: Walk) -> None:
    """From all products to one that fits, a first idea, and another product after all."""
    page = walk.page
    walk.at("/apply/", "products")
    walk.at("/apply/adjust", "adjust")
    walk.at("/apply/open", "open")
    walk.press("button[value=on]", "open-error")
    walk.at("/apply/nowhere/at/all", "nothing-here")
    walk.at("/apply/find", "find")
    page.context.clear_cookies(name="csrftoken")
    walk.press("button[value=on]", "too-old")
    walk.at("/apply/find", "find")
    page.fill("#amount", "12.000,50")
    walk.press("button[value=on]", "find-error")
    page.fill("#amount", "8000")
    page.select_option("#need", "car")
    walk.press("button[value=on]", "found")
    walk.press("form[action='/apply/range'] button", "range")
    page.fill("form#page input:not([type=hidden])", "x")
    walk.press("button[value=on]", "range-error")
    page.fill("form#page input:not([type=hidden])", "8000")
    walk.press("button[value=on]", "range-idea")
    walk.press("form[action='/apply/begin'] button", "begun")
    draft = page.url
    walk.press("a[href$='/move']", "move")
    walk.press(".offer a.button", "move-check")
    walk.press("main form button", "moved")
    walk.at(f"{draft}check", "check-incomplete")
    walk.at(f"{draft}delete", "delete")
    walk.press("button.grave", "deleted")
    walk.at("/apply/draft-of-nobody/", "absent")
    walk.press("main a.button, main a >> nth=0", "open-known")
    walk.press("button[value=on]", "code")
    walk.press("button[value=on]", "code-error")


def applying(walk: Walk) -> None:
    """From a beginning to a signature, and back from it."""
    page, look = walk.page, walk.look
    draft = walk.begin()
    look(page, "tasks")
    walk.at(f"{draft}data", "data-empty")
    walk.at(f"{draft}papers", "papers-empty")
    _bring(page, FILE, photo())
    _bring(page, "contract.pdf", pdf())
    look(page, "papers")
    _bring(page, "game.exe", b"MZ" + bytes(400))
    look(page, "papers-refused")
    page.goto(draft)
    journeys.fill(page, AIMED, look)
    walk.at(draft, "tasks-done")
    walk.at(f"{draft}data", "data")
    page.goto(f"{draft}check")
    journeys.send(page)
    look(page, "progress")
    walk.at(f"{draft}answer", "offers")
    page.click(".offer summary >> nth=0")
    look(page, "offers-payments")
    _other_terms(walk, draft)
    page.goto(f"{draft}answer")
    if walk.scripts:
        page.eval_on_selector("form[action$=take] [name=amount]", "e => { e.value = '49999'; }")
        walk.press("form[action$=take] button", "offer-moved")
        page.goto(f"{draft}answer")
    walk.press("form[action$=take] button", "agreement")
    walk.press("form[action$=sign] button", "agreement-error")
    page.check("#agreed")
    page.fill("#name", LONG)
    walk.press("form[action$=sign] button", "signed")
    walk.at(f"{draft}progress", "progress-signed")
    walk.at(f"{draft}data", "data-signed")
    walk.at(f"{draft}agreement", "signed-again")
    page.click("main details:has(.grave) summary")
    walk.press("main .grave", "withdrawn")


def _other_terms(walk: Walk, draft: str) -> None:
    page = walk.page
    for amount, name in (("7500", "offers-wished"), ("x", "offers-error")):
        page.fill("#amount", amount)
        walk.press("button[value=try]", name)
    page.goto(f"{draft}answer")
    if walk.scripts:
        page.locator("input[type=range]").first.focus()
        page.keyboard.press("ArrowLeft")  # a step less, by the keyboard
        page.keyboard.press("Tab")
        page.wait_for_selector(".wished, .needs")
        assert page.input_value("#amount") == "7500"
        walk.look(page, "offers-slid")


def declined(walk: Walk, write: Callable[[], None]) -> None:
    """A no, and what follows: its letter, which `write` has the service make now, another look, a
    complaint, a correction, an erasure."""
    page = walk.page
    draft = walk.answered(DECLINED)
    assert page.url.endswith("/decline")
    walk.look(page, "no")
    write()
    walk.at(page.url, "no-letter")
    page.click("summary >> nth=0")
    walk.look(page, "no-facts")
    page.fill("#words", "a" * 2001)
    walk.press("#page button[value=on]", "no-error")
    page.fill("#words", "I began another job in May, and my income is higher now.")
    walk.press("#page button[value=on]", "no-looked-at-again")
    walk.at(f"{draft}progress", "progress-no")
    assert page.locator("a[href*='letter?of=']").count() == 1
    walk.at(f"{draft}complain", "complain")
    walk.press("#page button[value=on]", "complain-error")
    page.fill("#words", "Nobody called me back.")
    walk.press("#page button[value=on]", "complained")
    walk.at(f"{draft}data/correct", "correct")
    walk.press("#page button[value=on]", "correct-error")
    page.select_option("#field", "income")
    page.fill("#words", "It is 3,300 since May.")
    walk.press("#page button[value=on]", "corrected")
    assert page.locator(".complaint").count() == 2
    walk.at(f"{draft}data/erase", "erase")
    walk.press("main button.grave", "erase-asked")


def settling(walk: Walk) -> None:
    """Something is unclear, and is answered in words and by a document."""
    page = walk.page
    walk.answered(UNCLEAR)
    walk.look(page, "answer-open")
    page.goto(page.url.replace("answer", "progress"))
    walk.look(page, "progress-unclear")
    walk.press(".unclear a", "unclear")
    walk.press("button[value=on]", "unclear-error")
    page.fill("#words", "I was ill in March.\nSince April I earn what I told you.")
    _bring(page, "payslip.jpg", photo())
    walk.look(page, "progress-answered")
    walk.press(".unclear a", "unclear-answered")


def stepping(walk: Walk) -> None:
    """More is asked once it is sent, as a check is wanted of everybody here."""
    page = walk.page
    walk.answered(ANSWERS)
    page.goto(page.url.replace("answer", "progress"))
    walk.look(page, "progress-more")
    assert page.locator("ol.tasks li").count() == 2
    walk.press("main a.button")
    for answer in ("", "Planted & Sons", "12"):
        walk.look(page, "question-more")
        page.fill("#answer", answer)
        journeys.go_on(page)
    assert page.url.endswith("/check")
    walk.look(page, "check-more")
    journeys.send(page)
    assert page.locator("ol.tasks").count() == 0
    walk.look(page, "progress-checked")


def documenting(walk: Walk, held: bool) -> None:
    """Questions that are answered with documents, which may be held until they are scanned."""
    page = walk.page
    draft = walk.begin()
    walk.at(f"{draft}q/{PAYSLIP}", "document")
    go_on = "button[value=on]"
    walk.press(go_on, "document-error")
    _chosen(page, "game.exe", b"MZ" + bytes(400))
    walk.press(go_on, "document-refused")
    _chosen(page, FILE, photo())
    walk.press(go_on)
    walk.at(f"{draft}q/{PAYSLIP}", "document-held" if held else "document-there")
    walk.at(f"{draft}q/{PLAN}", "document-optional")
    journeys.go_on(page)
    walk.at(draft, "tasks-held" if held else "tasks-document")
    assert page.locator(".tasks .needs").count() == 0
    if held:
        for slug, text in ANSWERS.items():
            page.goto(f"{draft}q/{slug}")
            journeys.answer(page, text)
            journeys.go_on(page)
        page.goto(f"{draft}contact")
        page.fill("#email", "eve@example.com")
        journeys.go_on(page)
        page.goto(f"{draft}consents")
        for purpose in journeys.NEEDED:
            page.check(f"#{purpose}")
        journeys.go_on(page)
        walk.look(page, "check-held")
        assert page.url.endswith("/check")


def asking(walk: Walk) -> None:
    """Questions to the helper, a menu, and a person."""
    page = walk.page
    draft = walk.begin()
    walk.at(f"{draft}ask", "ask")
    walk.press("#page .ways button", "ask-error")
    page.fill("#question", "Can I repay early?")
    walk.press("#page .ways button", "ask-answered")
    page.fill("#question", "purple elephants")
    walk.press("#page .ways button", "ask-menu")
    walk.press("#page .ways button[name=person]", "ask-person")
    walk.at(f"{draft}help", "help")
    walk.press("main form button", "help-code")
    walk.press("main form button", "help-again")


def surveyed(walk: Walk, ask: Callable[[], None], email: str) -> None:
    """Asked how it went: a tap each, a word, and thanks. `ask` has the service ask now."""
    page = walk.page
    draft = walk.begin()
    journeys.fill(page, AIMED, lambda _page, _name: None, email)
    page.goto(f"{draft}contact")
    page.check("#asking_back")
    journeys.go_on(page)
    page.goto(f"{draft}check")
    journeys.send(page)
    ask()
    walk.at(f"{draft}progress", "progress-survey")
    assert page.locator(".taps button").count() == 5
    walk.press(".taps button >> nth=-1", "survey-second")
    walk.press(".taps button >> nth=-1", "survey-words")
    page.fill("#words", "a" * 1001)
    walk.press("main form button", "survey-error")
    page.fill("#words", "Fewer letters.")
    walk.press("main form button", "survey-thanks")
    assert page.locator("form.feedback, #words").count() == 0


def _bring(page: Any, name: str, content: bytes) -> None:
    if page.locator("#paper").count() == 0:
        page.goto(page.url)
    _chosen(page, name, content)
    with page.expect_navigation():
        page.click("#page button")


def _chosen(page: Any, name: str, content: bytes) -> None:
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.set_input_files("#paper", file)


def helped(walk: Walk, clerk: Any, log_in: LogIn, channel: str) -> None:
    """A person is helped by a clerk, who is before a browser of their own: both see that."""
    applicant, desk = walk, Walk(clerk, walk.home, walk.look, walk.scripts)
    draft = applicant.begin()
    applicant.at(f"{draft}help", "help")
    applicant.press("main form button", "help-code")
    code = applicant.page.inner_text(".code")
    reference = applicant.page.inner_text(".reference").split()[-1].split("：")[-1]
    _in(desk, log_in)
    desk.at("/help/", "clerk")
    clerk.fill("#reference", reference)
    clerk.check(f"form[action$=open] [value={channel}]")
    clerk.fill("#code", "000 000")
    desk.press("form[action$=open] [value=open]", "clerk-refused")
    clerk.fill("#reference", reference)
    clerk.check(f"form[action$=open] [value={channel}]")
    desk.press("form[action$=open] [value=send]", "clerk-sent")
    clerk.fill("#code", code)
    clerk.check(f"form[action$=open] [value={channel}]")
    desk.press("form[action$=open] [value=open]", "clerk-tasks")
    assert clerk.locator(".helping").count() == 1
    desk.press("main a.button", "clerk-contact")
    desk.at(f"{draft}data", "clerk-not-theirs")
    applicant.at(draft, "tasks-helped")
    assert applicant.page.locator(".helping").count() == 1
    desk.page.goto(draft)
    desk.press(".helping button", "clerk-ended")
    desk.page.goto(f"{desk.home}/help/")
    clerk.select_option("#language", applicant.page.get_attribute("html", "lang")[:2])
    clerk.check(f"form[action$=begin] [value={channel}]")
    desk.press("form[action$=begin] button", "clerk-began")


def _in(desk: Walk, log_in: LogIn) -> None:
    """Log in at the desk, by a code of the authenticator's that is good once."""
    desk.at("/help/", "login")
    desk.page.fill("[name=login]", log_in.name)
    desk.page.fill("[name=password]", log_in.password)
    desk.press("main button", "login-factor")
    desk.page.fill("[name=code]", log_in.code)
    desk.press("main button")

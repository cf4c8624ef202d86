"""One person at one application, from the first page to where they end: they know what they typed
and what they were told, and nothing of the server."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any, Protocol, TypeVar

from equipoise.rehearsal import account as steps
from equipoise.rehearsal.account import Account
from equipoise.rehearsal.browser import Astray, Button, Form, NoAnswer, Page
from equipoise.rehearsal.handing_in import DOCUMENT, PICTURE
from equipoise.rehearsal.handwriting import in_boxes, unreadable, written
from equipoise.rehearsal.people import Person

NEEDED = ("decision", "sources")
_MOST_PAGES = 80
_REFERENCE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")
_MAIN = "//main//a[contains(@class, 'button')]"
_QUESTIONS = {"en": "How long does it take until I know?", "zh": "多久能知道结果？"}
_TRIES, _PAUSE = 60, 0.5  # for a code that is on its way; seconds between
_CODES, _NEXT_CODE = 3, 31.0  # seconds after which there is another one


class World(Protocol):
    """What people have besides their browser."""

    def code(self, draft: str, after: int) -> str:
        """The newest code that was sent for a draft, past so many; empty where none has come."""

    def codes(self, draft: str) -> int:
        """How many codes were sent for a draft."""

    def known_of(self, reference: str, facts: Mapping[str, Any]) -> None:
        """Have those who know facts of the person know them by that reference."""

    def checked(self, draft: str, passes: bool) -> bool:
        """Have what is owed of the person checked, with that result; whether anything was owed."""

    def wait(self) -> None:
        """Wait until the server is there again. Raises NoAnswer where it stays away."""


T = TypeVar("T")


class Window(Protocol):
    """A browser, as somebody who applies needs it."""

    def get(self, where: str) -> Page:
        """The page at an address or path. Raises NoAnswer."""

    def send(
        self, page: Page, form: Form, filled: Mapping[str, str], button: Button | None = None
    ) -> Page:
        """The page that a form leads to, filled in and sent. Raises NoAnswer."""

    def close(self) -> None:
        """Be done with it."""


Open = Callable[[Person], Window]


@dataclass
class Applicant:
    """A person, their browser, and what they know so far. `open_browser` gives them another; who is
    `careful` looks at all that they typed before they send it."""

    person: Person
    world: World
    open_browser: Open
    careful: bool = False
    account: Account = field(init=False)
    browser: Window = field(init=False)
    _hand: Random = field(init=False)

    def __post_init__(self) -> None:
        self.account = Account(self.person.number)
        self.browser = self.open_browser(self.person)
        self._hand = self.person.hand()

    def live(self) -> Account:
        """Go through it all; where that cannot go on, the account says why."""
        try:
            self.account.state = self._live()
        except (NoAnswer, Astray, LookupError, ValueError) as error:
            self.account.state, self.account.trouble = "stuck", f"{type(error).__name__}: {error}"
        finally:
            self.browser.close()
        return self.account

    def _live(self) -> str:
        page = self._fill(self._begun())
        if page is None:
            return "deleted" if steps.DELETED in self.account.steps else "left"
        if self.careful:
            self.look_again()
        self.world.known_of(self.account.reference, self.person.hidden)
        return self._answered(self._sent(page))

    # before it is sent

    def _begun(self) -> Page:
        page = self._get("/apply/")
        form = page.form_with("language", self.person.language)
        if form is not None:
            page = self._send(page, form, {"language": self.person.language})
        form = next(
            (each for each in page.forms if each.values.get("product") == self.person.product), None
        )
        if form is None:
            raise Astray(f"{self.person.product} is not among what can be applied for")
        page = self._send(page, form, {}, doubt=steps.BEGUN)
        self.account.draft = page.path.strip("/").split("/")[1]
        self.account.reference = self._reference(page)
        self.account.did(steps.BEGUN)
        return page

    def _reference(self, page: Page) -> str:
        found = _REFERENCE.search(page.said("//header"))
        if found is None:
            raise Astray(f"{page.url} does not say the reference")
        return found.group()

    def _fill(self, page: Page) -> Page | None:
        """From the list to the check of all answers; None where the person went away for good."""
        leaves_after = self._leaves_after(page)
        page = self._follow(page, _MAIN)
        for number in range(_MOST_PAGES):
            if page.form_to("/send"):
                return page
            if number == leaves_after:
                came_back = self._away()
                if came_back is None:
                    return None
                page = self._follow(came_back, _MAIN)
                continue
            page = self._answer(page)
        raise Astray(f"{page.url}: there is no end of pages")

    def _leaves_after(self, page: Page) -> int | None:
        if self.person.leaves is None:
            return None
        count = len(page.document.xpath("//ol[contains(@class, 'tasks')]/li"))
        return int(self.person.leaves * count)

    def _answer(self, page: Page) -> Page:
        """Answer one page; wrong at first, for who mistypes."""
        form = page.form_with("go", "on")
        if form is None:
            raise Astray(f"{page.url} has no way on")
        if form.boxes == ("answer",) and self._hand.random() < self.person.mistypes:
            page = self._typed(page, form, {"answer": unreadable("12", self._hand)})
            form = page.form_with("go", "on") or form
        filled = self._filled(page, form)
        after = self._typed(page, form, filled)
        if after.status >= 400:
            raise Astray(f"{page.url} does not take {sorted(filled)}: {after.status}")
        return after

    def _typed(self, page: Page, form: Form, filled: Mapping[str, str]) -> Page:
        step = steps.answered(page.tail)
        after = self._send(page, form, {**filled, "go": "on"}, doubt=step)
        if after.status == 422:
            self.account.asked_back += 1
        if after.status < 400:
            self.account.typed[page.path] = {
                name: text for name, text in filled.items() if name not in form.files
            }
            self.account.did(step)
            for purpose in form.ticks:
                if purpose in filled and page.tail in ("consents", "contact"):
                    self.account.did(steps.agreed(purpose))
        return after

    def _filled(self, page: Page, form: Form) -> dict[str, str]:
        """What the person puts into a form, whichever it is."""
        value = self._value(page)
        filled: dict[str, str] = {}
        if isinstance(value, date):
            filled |= {name: text for name, text in in_boxes(value).items() if name in form.boxes}
        for name, among in form.choices.items():
            text = written(value, self._hand, "") if name == "answer" else ""
            filled[name] = text if text in among else among[0]
        for name in form.boxes:
            if name in filled:
                continue
            if name == "answer":
                filled[name] = written(value, self._hand, self.person.language)
            else:
                filled[name] = self.person.contact.get(name, "")
        if value is not False:
            filled |= dict.fromkeys(form.files, _document_for(page))
        for name in form.ticks:
            if name in NEEDED or self._hand.random() < 0.5:
                filled[name] = "on"
        return filled

    def _value(self, page: Page) -> Any:
        return self.person.facts.get(page.tail.replace("-", "_"))

    # going away, and coming back

    def _away(self) -> Page | None:
        """What a person does who leaves in the middle; the page they come back to."""
        if not self.person.returns:
            if self.person.deletes:
                self._delete()
            return None
        if "answered contact" not in self.account.steps:  # nobody could send a code
            return self._get(self._home)
        return self._open_elsewhere()

    def _delete(self) -> None:
        page = self._get(f"{self._home}delete")
        form = page.form_with("go") or page.form_to("/delete") or _last(page.forms)
        self._send(page, form, {}, doubt=steps.DELETED)
        self.account.did(steps.DELETED)

    def _open_elsewhere(self) -> Page:
        """In another browser, by the link and a code; what was typed is there."""
        self.browser.close()
        self.browser = self.open_browser(self.person)
        for _ in range(_CODES):
            before = self.world.codes(self.account.draft)
            page = self._get(f"{self._home}open")
            page = self._send(page, _way_on(page), {"go": "on"})
            code = {"code": self._code(before), "go": "on"}
            page = self._send(page, _way_on(page), code, doubt=steps.OPENED)
            if page.status < 400:
                self.account.did(steps.OPENED)
                self.look_again()
                return self._get(self._home)
            if steps.OPENED not in self.account.doubtful:
                break
            time.sleep(_NEXT_CODE)  # the answer to the code that fitted was lost
        raise Astray(f"the code does not open {self.account.draft}")

    def _code(self, before: int) -> str:
        for _ in range(_TRIES):
            code = self.world.code(self.account.draft, before)
            if code:
                return code
            time.sleep(_PAUSE)
        raise Astray("no code came")

    def look_again(self) -> None:
        """Look at every page that was answered. Raises Astray where what was typed is not there."""
        for path, typed in self.account.typed.items():
            page = self._get(path)
            form = page.form_with("go", "on")
            there = form.values if form else {}
            lost = [name for name, text in typed.items() if there.get(name, "") != text]
            if lost:
                raise Astray(f"{path}: what was typed is lost: {', '.join(lost)}")

    # once it is sent

    def _sent(self, page: Page) -> Page:
        if page.said("//dl//*[contains(@class, 'fault')]"):
            raise Astray(f"{page.url} does not take what was typed before")
        form = page.form_to("/send")
        if form is None:
            raise Astray(f"{page.url} cannot be sent")
        page = self._send(page, form, {}, doubt=steps.SENT)
        for _ in range(_TRIES):
            again = page.form_to("/send")
            if again is None:
                break
            time.sleep(_PAUSE)
            page = self._send(page, again, {})
        if self.person.looks_round:
            self._look_round()
        self.account.did(steps.SENT)
        return self._get(f"{self._home}answer")

    def _look_round(self) -> None:
        for page in ("data", "progress"):
            shown = self._get(self._home + page)
            if shown.status != 200:
                raise Astray(f"{shown.url}: {shown.status}")

    def _answered(self, page: Page) -> str:
        answer = self._told(page)
        self.account.did(steps.told(answer))
        if self.person.asks:
            self._ask_us()
        if answer == steps.WAITS and self.person.proves:
            passes = self.person.passes
            if not self._patiently(lambda: self.world.checked(self.account.draft, passes)):
                return "waits"
            page = self._get(f"{self._home}answer")
            answer = self._told(page)
            self.account.did(steps.told_after_checks(answer))
        if answer == steps.NO:
            return self._after_no(page)
        return self._after_offer(page) if answer == steps.OFFER else "waits"

    def _told(self, page: Page) -> str:
        if page.status != 200:
            raise Astray(f"{page.url}: {page.status}")
        if page.tail == "decline":
            return steps.NO
        return steps.OFFER if page.form_to("/answer/take") else steps.WAITS

    def _ask_us(self) -> None:
        page = self._get(f"{self._home}ask")
        form = next((each for each in page.forms if "question" in each.boxes), None)
        if form is None:
            raise Astray(f"{page.url} takes no question")
        question = {"question": _QUESTIONS[self.person.language]}
        self._send(page, form, question, doubt=steps.ASKED_US)
        self.account.did(steps.ASKED_US)

    def _after_no(self, page: Page) -> str:
        way = page.form_with("way")
        if way is not None and self.person.counters:
            button = way.button("way")
            page = self._send(page, way, {"way": button.value if button else ""}, doubt=steps.TOOK)
            self.account.did(steps.TOOK)
            page = self._get(f"{self._home}answer")
            answer = self._told(page)
            self.account.did(steps.told_again(answer))
            if answer == steps.OFFER:
                return self._after_offer(page)
            if answer == steps.WAITS:
                return "waits"
        review = page.form_to("/review")
        if review is not None and self.person.reviews:
            self._send(page, review, {"words": "请再看一次", "go": "on"}, doubt=steps.ASKED_REVIEW)
            self.account.did(steps.ASKED_REVIEW)
            return "a person looks again"
        return "declined"

    def _after_offer(self, page: Page) -> str:
        if not self.person.takes:
            return "offer open"
        offers = [each for each in page.forms if each.action.endswith("/answer/take")]
        chosen = self._hand.choice(offers)
        page = self._send(page, chosen, {}, doubt=steps.ACCEPTED)
        if page.tail != "agreement":  # it was taken before its answer was lost
            page = self._get(f"{self._home}agreement")
        if page.tail != "agreement":
            raise Astray(f"an offer was taken, and {page.url} came ({page.status})")
        self.account.did(steps.ACCEPTED)
        if not self.person.signs:
            return "offer taken"
        return self._signed(page)

    def _signed(self, page: Page) -> str:
        form = page.form_to("/sign")
        if form is None:
            raise Astray(f"{page.url} cannot be signed")
        if self.person.forgets_tick:
            page = self._send(page, form, {"name": self.person.name})
            self.account.asked_back += 1
            form = page.form_to("/sign") or form
        signature = {"name": self.person.name, "agreed": "on"}
        page = self._send(page, form, signature, doubt=steps.SIGNED)
        if page.form_to("/sign"):
            raise Astray(f"{page.url} does not take the signature")
        self.account.did(steps.SIGNED)
        leave = page.form_to("/withdraw")
        if leave is None or not self.person.regrets:
            return "signed"
        self._send(page, leave, {}, doubt=steps.WITHDRAWN)
        self.account.did(steps.WITHDRAWN)
        return "withdrawn"

    # the browser, and a server that may die

    @property
    def _home(self) -> str:
        return f"/apply/{self.account.draft}/"

    def _get(self, where: str) -> Page:
        return self._once_not_busy(lambda: self.browser.get(where))

    def _once_not_busy(self, step: Callable[[], Page], doubt: str = "") -> Page:
        """Do it, again where the page says that they are busy for a moment."""
        page = self._patiently(step, doubt)
        for _ in range(_TRIES):
            if page.status != 503:
                break
            self.account.busy += 1
            if doubt:
                self.account.doubtful.add(doubt)
            time.sleep(_PAUSE)
            page = self._patiently(step, doubt)
        return page

    def _patiently(self, step: Callable[[], T], doubt: str = "") -> T:
        """Do it, again where no answer came and the server is back."""
        while True:
            try:
                return step()
            except NoAnswer:
                if doubt:
                    self.account.doubtful.add(doubt)
                self.world.wait()

    def _follow(self, page: Page, xpath: str) -> Page:
        where = page.link(xpath)
        if not where:
            raise Astray(f"{page.url} ({page.status}) leads nowhere")
        return self._get(where)

    def _send(self, page: Page, form: Form, filled: Mapping[str, str], *, doubt: str = "") -> Page:
        """Send a form; where no answer comes the person sends it again once the server is back."""
        return self._once_not_busy(lambda: self.browser.send(page, form, filled), doubt)


def _way_on(page: Page) -> Form:
    form = page.form_with("go", "on")
    if form is None:
        raise Astray(f"{page.url} ({page.status}) has no way on")
    return form


def _document_for(page: Page) -> str:
    """One of a kind that the page takes."""
    kinds = page.document.xpath("//input[@type='file']/@accept")
    return DOCUMENT if not kinds or "pdf" in kinds[0] else PICTURE


def _last(forms: list[Form]) -> Form:
    if not forms:
        raise Astray("there is no form")
    return forms[-1]

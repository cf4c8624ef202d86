"""An application up to where it is sent: typed, gone away from, come back to, moved to another
product, with what shows something brought along."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import date
from typing import Any

from equipoise.rehearsal import account as steps
from equipoise.rehearsal.browser import Astray, Form, Page
from equipoise.rehearsal.handwriting import in_boxes, unreadable, written
from equipoise.rehearsal.visit import PAUSE, TRIES, Visit, document_for, last_of, way_on

NEEDED = ("decision", "sources")
_MOST_PAGES = 80
_REFERENCE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")
_MAIN = "//main//a[contains(@class, 'button')]"
_MORE = "//main//ol[contains(@class, 'tasks')]/following::a[contains(@class, 'button')]"
_CODES, _NEXT_CODE = 3, 31.0  # seconds after which there is another one


class Filling(Visit):
    """Somebody who fills in the pages of an application, and sends it."""

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
        match = _REFERENCE.search(page.said("//header"))
        if match is None:
            raise Astray(f"{page.url} does not say the reference")
        return match.group()

    def _fill(self, page: Page) -> Page | None:
        """From the list to the check of all answers; None where the person went away for good."""
        leaves_after = self._leaves_after(page)
        if self.person.moves:
            page = self._move()
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

    def _move(self) -> Page:
        """Go on as an application for another product: what was typed goes along."""
        page = self._get(f"{self._home}move/{self.person.moves}")
        form = page.form_to(f"/move/{self.person.moves}")
        if form is None:
            raise Astray(f"{page.url} ({page.status}) does not lead to {self.person.moves}")
        page = self._send(page, form, {}, doubt=steps.MOVED)
        self.account.did(steps.MOVED)
        return page

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
            if any(filled.get(name) for name in form.files):
                self.account.did(steps.BROUGHT)
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
            filled |= dict.fromkeys(form.files, document_for(page))
        for name in form.ticks:
            if name in NEEDED or self._hand.random() < 0.5:
                filled[name] = "on"
        return filled

    def _value(self, page: Page) -> Any:
        name = page.tail.replace("-", "_")
        return {**self.person.facts, **self.person.facts_there}.get(name)

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
        form = page.form_with("go") or page.form_to("/delete") or last_of(page.forms)
        self._send(page, form, {}, doubt=steps.DELETED)
        self.account.did(steps.DELETED)

    def _open_elsewhere(self) -> Page:
        """In another browser, by the link and a code; what was typed is there."""
        self.browser.close()
        self.browser = self.open_browser(self.person)
        for _ in range(_CODES):
            before = self.world.codes(self.account.draft)
            page = self._get(f"{self._home}open")
            if page.status < 400 and not page.url.endswith("/open"):
                return self._opened()  # of the lost answer this browser was let in all the same
            page = self._send(page, way_on(page), {"go": "on"})
            code = {"code": self._code(before), "go": "on"}
            page = self._send(page, way_on(page), code, doubt=steps.OPENED)
            if page.status < 400:
                return self._opened()
            if steps.OPENED not in self.account.doubtful:
                break
            time.sleep(_NEXT_CODE)  # the answer to the code that fitted was lost
        raise Astray(f"the code does not open {self.account.draft}")

    def _opened(self) -> Page:
        self.account.did(steps.OPENED)
        self.look_again()
        return self._get(self._home)

    def _code(self, before: int) -> str:
        for _ in range(TRIES):
            code = self.world.code(self.account.draft, before)
            if code:
                return code
            time.sleep(PAUSE)
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

    def _answer_more(self) -> None:
        """Answer what is asked once the application was sent, if anything is, and send it."""
        where = self._get(f"{self._home}progress").link(_MORE)
        if where:
            self._press_send(self._last_of_more(self._get(where)), steps.SENT_MORE)

    def _last_of_more(self, page: Page) -> Page:
        for _ in range(_MOST_PAGES):
            if page.form_to("/send"):
                return page
            page = self._answer(page)
        raise Astray(f"{page.url}: there is no end of pages")

    def _sent(self, page: Page) -> Page:
        if page.said("//dl//*[contains(@class, 'fault')]"):
            raise Astray(f"{page.url} does not take what was typed before")
        self._press_send(page, steps.SENT)
        return self._get(f"{self._home}answer")

    def _press_send(self, page: Page, step: str) -> None:
        """Send it, again where it is on its way still."""
        form = page.form_to("/send")
        if form is None:
            raise Astray(f"{page.url} cannot be sent")
        page = self._send(page, form, {}, doubt=step)
        for _ in range(TRIES):
            again = page.form_to("/send")
            if again is None:
                break
            time.sleep(PAUSE)
            page = self._send(page, again, {})
        self.account.did(step)

"""One person at one application, from the first page to where they end: they know what they typed
and what they were told, and nothing of the server."""

from __future__ import annotations

from collections.abc import Callable

from equipoise.rehearsal import account as steps
from equipoise.rehearsal.account import Account
from equipoise.rehearsal.afterwards import Afterwards
from equipoise.rehearsal.browser import Astray, NoAnswer, Page
from equipoise.rehearsal.filling import Filling

_WITHDRAWN_WITHIN = 16  # days, with those on which it begins and ends; no lender here gives more
_PERSON_S_NO = "A person at our company decided: no."
_OVER = "What you typed is deleted"
_QUESTIONS = {"en": "How long does it take until I know?", "zh": "多久能知道结果？"}


class Applicant(Filling, Afterwards):
    """All that a person does: once through, and again on each later day that they look."""

    def live(self) -> Account:
        """Go through it all; where that cannot go on, the account says why."""
        return self._lived(self._live)

    def look_back(self, days: float, *, last: bool) -> Account:
        """Come back after so many days, 0 where none pass: read what was answered, say how it went;
        the `last` time, whether what they left is over."""
        if self.account.trouble or not self.account.draft:
            return self.account
        return self._lived(lambda: self._look_back(days, last))

    def _lived(self, part: Callable[[], str]) -> Account:
        try:
            self.account.state = part()
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
        page = self._sent(page)
        if self.person.looks_round:
            self._look_round()
        if self.person.brings:
            self._bring()
        state = self._answered(page)
        if self.person.tells and steps.told(steps.WAITS) in self.account.steps:
            self._settle()
        if self.person.corrects:
            self._ask_correction()
        if self.person.complains:
            self._complain()
        return state

    def _look_back(self, days: float, last: bool) -> str:
        state = self.account.state
        if state == "deleted":
            return state
        self._say_how_it_went()
        if steps.SENT in self.account.steps:
            state = self._answered_by_person(state)
            self._read_answers()
            self._take_letter(waits=last and days > 0)
            return self._of_review(self._of_agreement(days, state))
        return self._of_what_was_left(state) if last else state

    def _answered_by_person(self, state: str) -> str:
        """Where a person was to decide: what they decided, and what comes of it."""
        if state != "waits":
            return state
        page = self._get(f"{self._home}answer")
        answer = self._answer_on(page)
        if answer == steps.WAITS and self._reads(page, _PERSON_S_NO):
            answer = steps.NO
        if answer == steps.WAITS:
            return state
        self.account.did(steps.told_by_person(answer))
        return "declined" if answer == steps.NO else self._after_offer(page)

    def _of_agreement(self, days: float, state: str) -> str:
        if state != "signed":
            return state
        if self.person.regrets_later and days:
            return self._withdraw()
        if days > _WITHDRAWN_WITHIN and self._can_withdraw():
            raise Astray(f"after {days:.0f} days what was signed can be withdrawn from")
        return state

    def _of_review(self, state: str) -> str:
        if steps.reviewed("overturned") in self.account.steps:
            return "a person decided otherwise"
        return "declined" if steps.reviewed("kept") in self.account.steps else state

    def _of_what_was_left(self, state: str) -> str:
        self._read_post()
        page = self._get(self._home)
        if page.status == 404 or self._reads(page, _OVER):
            self.account.did(steps.EXPIRED)
            return "over"
        return state

    def _look_round(self) -> None:
        for page in ("data", "progress"):
            shown = self._get(self._home + page)
            if shown.status != 200:
                raise Astray(f"{shown.url}: {shown.status}")

    def _answered(self, page: Page) -> str:
        answer = self._answer_on(page)
        self.account.did(steps.told(answer))
        if self.person.asks:
            self._ask_us()
        if answer == steps.WAITS and self.person.answers_more:
            self._answer_more()
        if answer == steps.WAITS and self.person.proves:
            passes = self.person.passes
            if not self._patiently(lambda: self.world.checked(self.account.draft, passes)):
                return "waits"
            page = self._get(f"{self._home}answer")
            answer = self._answer_on(page)
            self.account.did(steps.told_after_checks(answer))
        if answer == steps.NO:
            return self._after_no(page)
        return self._after_offer(page) if answer == steps.OFFER else "waits"

    def _answer_on(self, page: Page) -> str:
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
            answer = self._answer_on(page)
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

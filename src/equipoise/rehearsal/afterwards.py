"""What a person does once their application was sent, and on later days: bring a paper, say what is
unclear, complain, have a fact corrected, say how it went, and read what people answered."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import urlsplit

from equipoise.rehearsal import account as steps
from equipoise.rehearsal.browser import Astray, Form, Page
from equipoise.rehearsal.visit import PAUSE, TRIES, Visit, document_for, way_on

_LINK = re.compile(r"https?://\S+/apply/feedback/\S+")
_UNCLEAR = "//ul[contains(@class, 'unclear')]//a"
_LETTER = "//main//a[contains(@href, '/letter')]"
_BEING_MADE = "Our answer is being made into a letter. You can take it here in some minutes."
_WORDS = {"en": "It is as I said; the paper shows it.", "zh": "情况如我所说，材料可以证明。"}
_REVIEWS = {
    "kept": "A person looked at it again, and came to the same answer.",
    "overturned": "A person looked at it again, and changed the answer.",
}
_CLEARED = {
    "cleared": "A person read it, and it is settled. Thank you.",
    "stands": "A person read it. It goes into what they decide.",
}
_ANSWERS = {
    "upheld": ("Our answer: you are right.", "Our answer: we have corrected it."),
    "partly_upheld": ("Our answer: you are right in part.",
                      "Our answer: we have corrected a part of it."),
    "not_upheld": ("Our answer: we see it otherwise.", "Our answer: we have not changed it."),
}  # fmt: skip
_PDF = b"%PDF-"
_LATE = "We are late with our answer, and sorry for that."


class Afterwards(Visit):
    """Somebody whose application was sent, or who has left off."""

    def _bring(self) -> None:
        page = self._get(f"{self._home}papers")
        form = next((each for each in page.forms if each.files), None)
        if form is None:
            raise Astray(f"{page.url} ({page.status}) takes no paper")
        about = {name: among[0] for name, among in form.choices.items()}
        brought = dict.fromkeys(form.files, document_for(page))
        after = self._send(page, form, {**about, **brought}, doubt=steps.BROUGHT)
        if after.status >= 400:
            raise Astray(f"{page.url} does not take a paper: {after.status}")
        self.account.did(steps.BROUGHT)

    def _settle(self) -> None:
        """Say to each thing that is unclear how it is, if anything is."""
        page = self._get(f"{self._home}progress")
        for link in page.links(_UNCLEAR):
            if urlsplit(link).path in self.account.unclear:
                continue
            asked = self._get(link)
            form, said = way_on(asked), {"words": _WORDS[self.person.language], "go": "on"}
            files = form.files if self.person.brings else ()
            shows = dict.fromkeys(files, document_for(asked))
            after = self._send(asked, form, {**said, **shows}, doubt=steps.SETTLES)
            if after.status >= 400:
                raise Astray(f"{asked.url} does not take what was said: {after.status}")
            self.account.unclear.append(urlsplit(link).path)
            self.account.did(steps.SETTLES)
            if shows:
                self.account.did(steps.BROUGHT)

    def _complain(self) -> None:
        page = self._get(f"{self._home}complain")
        said = {"words": _WORDS[self.person.language], "go": "on"}
        self._taken(page, self._send(page, way_on(page), said, doubt=steps.COMPLAINED))
        self.account.did(steps.COMPLAINED)

    def _ask_correction(self) -> None:
        page = self._get(f"{self._home}data/correct")
        form = way_on(page)
        said = {
            "field": form.choices["field"][0],
            "words": _WORDS[self.person.language],
            "go": "on",
        }
        self._taken(page, self._send(page, form, said, doubt=steps.ASKED_CORRECTION))
        self.account.did(steps.ASKED_CORRECTION)

    def _taken(self, page: Page, after: Page) -> None:
        if after.status >= 400:
            raise Astray(f"{page.url} does not take what was written: {after.status}")

    # on a later day

    def _read_answers(self) -> None:
        """Read what people came to, wherever one was asked."""
        if steps.ASKED_REVIEW in self.account.steps:
            page = self._get(f"{self._home}decline")
            self._read(page, {steps.reviewed(name): (said,) for name, said in _REVIEWS.items()})
        for where in self.account.unclear:
            said_of = {steps.cleared(name): (said,) for name, said in _CLEARED.items()}
            page = self._get(where)
            if page.status == 404 and self._was_decided_by_person:
                self.account.doubtful |= said_of.keys()  # it is shown to them no more
            else:
                self._read(page, said_of)
        if self.account.steps & {steps.COMPLAINED, steps.ASKED_CORRECTION}:
            answers = {steps.answered_by_person(name): said for name, said in _ANSWERS.items()}
            page = self._get(f"{self._home}complain")
            self._read(page, {**answers, steps.LATE: (_LATE,)})

    @property
    def _was_decided_by_person(self) -> bool:
        return any(steps.told_by_person(each) in self.account.steps for each in steps.ANSWERS)

    def _take_letter(self, *, waits: bool) -> None:
        """Take the letter about the last answer, where there is one; who `waits` does so while one
        is still being made."""
        if not self.person.takes_letters:
            return
        for where in ("answer", "progress"):
            page = self._get(f"{self._home}{where}")
            for _ in range(TRIES if waits else 0):
                if not self._reads(page, _BEING_MADE):
                    break
                time.sleep(PAUSE)
                page = self._get(f"{self._home}{where}")
            if waits and self._reads(page, _BEING_MADE):
                raise Astray(f"{page.url}: the letter is still being made")
            link = page.link(_LETTER)
            if link:
                self._keep(link)
                return

    def _keep(self, link: str) -> None:
        letter = self._take(link, steps.TOOK_LETTER)
        if not letter.content.startswith(_PDF):
            raise Astray(f"{link} ({letter.status}) hands out no letter")
        self.account.letters.add(sha256(letter.content).hexdigest())
        self.account.did(steps.TOOK_LETTER)

    def _read(self, page: Page, sentences: Mapping[str, tuple[str, ...]]) -> None:
        if page.status != 200:
            raise Astray(f"{page.url}: {page.status}")
        for step, texts in sentences.items():
            if any(self._reads(page, each) for each in texts):
                self.account.did(step)

    def _say_how_it_went(self) -> None:
        """Tap, where somebody is asked: on their page, or by the link that they were sent."""
        if not self.person.taps or self.account.steps & {steps.TAPPED, steps.PUT_ASIDE}:
            return
        page = self._get(f"{self._home}feedback") if steps.SENT in self.account.steps else None
        form = None if page is None else page.form_with("score")
        if page is None or form is None:
            letters = self.world.letters(self.account.draft, "ask_effort")
            link = _LINK.search(letters[0]) if letters else None
            if link is None:
                return
            page = self._get(urlsplit(link.group()).path)
            form = page.form_with("score")
        if form is not None:
            self._tap(page, form)

    def _tap(self, page: Page, form: Form) -> None:
        aside = self.person.taps < 0
        step = steps.PUT_ASIDE if aside else steps.TAPPED
        button = (
            form.button("go", "dismiss") if aside else form.button("score", str(self.person.taps))
        )
        if button is None:
            raise Astray(f"{page.url} has no way to say how it went")
        self._taken(page, self._send(page, form, {}, doubt=step, button=button))
        self.account.did(step)

    def _read_post(self) -> None:
        """Whether they were told that what they typed ends soon."""
        if self.world.letters(self.account.draft, "draft_expires"):
            self.account.did(steps.WARNED)

    def _can_withdraw(self) -> bool:
        return self._get(f"{self._home}agreement").form_to("/withdraw") is not None

    def _withdraw(self) -> str:
        """Withdraw on a later day, while that can be done; where they end by it."""
        page = self._get(f"{self._home}agreement")
        leave = page.form_to("/withdraw")
        if leave is None:
            return "signed"
        self._send(page, leave, {}, doubt=steps.WITHDRAWN)
        self.account.did(steps.WITHDRAWN)
        return "withdrawn"

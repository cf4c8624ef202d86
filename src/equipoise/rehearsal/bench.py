"""Where an underwriter of a rehearsal sits: at the API of the real service, or before its pages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

from equipoise.rehearsal.browser import Astray, Browser, Page
from equipoise.rehearsal.eye import NO, YES
from equipoise.texts.saying import say

Outcome = Literal["decided", "signed", "passed", "returned", "refused", "unknown"]
"""What became of an answer; `unknown` where none of the service's came."""
KINDS = ("signature", "referred")
WORDS = "I read the papers, and looked at what was said before."
_CASE = re.compile(r"/cases/(application-[0-9a-f]{32})/")
_DECIDED = "It is decided, and the applicant is told."
_SIGNED = "Signed. It waits for another signature."
_PASSED = "Passed on, with your answer and your words."


@dataclass(frozen=True, slots=True)
class Case:
    """A case in hand: the piece of work, and the application. `claimed_at` is empty where only a
    page told of it; `given` says that a colleague handed it over."""

    work: str
    application: str
    level: str = ""
    claimed_at: str = ""
    given: bool = False


HAVE, LOST_TO_ANOTHER, GONE = "have", "lost to another", "gone"


@dataclass(frozen=True, slots=True)
class Since:
    """Whether a case is theirs (`HAVE`), and since when as far as they are told; another has it by
    now, or it is free or over (`GONE`)."""

    state: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Waits:
    """What was answered so far: `state`, and whether it was a yes; `sent_back` where somebody did
    not sign it before."""

    state: str = ""
    answer: str = ""
    sent_back: bool = False


@dataclass(frozen=True)
class Read:
    """A case as it was read: which decision, whether they may sign it, what waits, whether a yes
    and a no can be given; and whatever the bench needs to answer it."""

    decision: str
    may_sign: bool
    waits: Waits
    yes: bool
    no: bool
    inside: Any = field(default=None, repr=False)


class Bench(Protocol):
    """All that somebody does about cases. Raises NoAnswer where none came."""

    def mine(self) -> Sequence[Case]:
        """What they have."""

    def next(self) -> Case | None:
        """Take the next case; None where none is free for them."""

    def go_on(self, case: Case) -> Since:
        """Go on with it, and see whether it is theirs."""

    def read(self, case: Case) -> Read | None:
        """Read it; None where it waits for nobody any more."""

    def answer(self, read: Read, answer: str, *, passing: bool) -> tuple[Outcome, str]:
        """Sign that answer, or pass it on; what became of it, and the refusal's words."""

    def give_back(self, read: Read) -> tuple[Outcome, str]:
        """Do not sign what waits."""

    def release(self, case: Case) -> bool:
        """Have it free again."""

    def assign(self, case: Case, to: str) -> bool:
        """Give it to a colleague."""


def tell_leave(browser: Browser, first: date, last: date) -> bool:
    """Say on the page about authority that one is away between these days; whether it was taken."""
    page = browser.get("/authority/")
    form = page.form_to("/away")
    if form is None:
        raise Astray(f"{page.url} ({page.status}) takes no leave")
    days = {"starts": first.isoformat(), "ends": last.isoformat()}
    after = browser.send(page, form, days)
    return after.status == 200 and not after.document.xpath("//*[@role='alert']")


@dataclass
class ByApi:
    """At the API, logged in as a person."""

    browser: Browser

    def mine(self) -> Sequence[Case]:
        cases = []
        for kind in KINDS:
            status, page = self.browser.ask("GET", f"/v1/work?whose=mine&kind={kind}")
            if status != 200:
                raise Astray(f"/v1/work: {status} {page}")
            cases += [_case(each) for each in page["items"]]
        return cases

    def next(self) -> Case | None:
        for kind in KINDS:
            status, taken = self.browser.ask("POST", "/v1/work/next", {"kind": kind})
            if status not in (200, 409):
                raise Astray(f"/v1/work/next: {status} {taken}")
            if status == 200 and taken["work"] is not None:
                return _case(taken["work"])
        return None

    def go_on(self, case: Case) -> Since:
        status, work = self.browser.ask("POST", f"/v1/work/{case.work}/claim")
        if status == 200:
            return Since(HAVE, work["claimed_at"])
        if status != 409:
            raise Astray(f"/v1/work/{case.work}/claim: {status} {work}")
        status, work = self.browser.ask("GET", f"/v1/work/{case.work}")
        taken = status == 200 and work["closed_at"] is None and bool(work["claimed_by"])
        return Since(LOST_TO_ANOTHER if taken else GONE)

    def read(self, case: Case) -> Read | None:
        status, work = self.browser.ask("GET", f"/v1/work/{case.work}")
        if status != 200 or work["closed_at"] is not None:
            return None
        where = f"/v1/decisions/{work['decision']}/deciding"
        status, view = self.browser.ask("GET", where)
        if status != 200:
            raise Astray(f"{where}: {status} {view}")
        waits, said = view["waits"], view["said"]
        if not (view["left"] and view["last"]) or (waits and waits["state"] == "decided"):
            return None
        return Read(
            work["decision"],
            not view["refusal"],
            Waits(
                waits["state"] if waits else "",
                waits["answer"] if waits else "",
                any(each["what"] == "case.returned" for each in said),
            ),
            yes=view["limits"] is not None,
            no=bool(view["reasons"]),
            inside=(work, view),
        )

    def answer(self, read: Read, answer: str, *, passing: bool) -> tuple[Outcome, str]:
        act = "pass-on" if passing else "decide"
        return self._said(f"/v1/decisions/{read.decision}/{act}", self._body(read, answer))

    def give_back(self, read: Read) -> tuple[Outcome, str]:
        return self._said(f"/v1/decisions/{read.decision}/give-back", {"words": WORDS})

    def release(self, case: Case) -> bool:
        return self.browser.ask("POST", f"/v1/work/{case.work}/release")[0] == 200

    def assign(self, case: Case, to: str) -> bool:
        body = {"to": to, "words": "My shift is over; please go on with it."}
        return self.browser.ask("POST", f"/v1/work/{case.work}/assign", body)[0] == 200

    def _said(self, where: str, body: Mapping[str, Any]) -> tuple[Outcome, str]:
        status, reply = self.browser.ask("POST", where, body)
        if status in (200, 201):
            return reply["state"], ""
        if status in (403, 409):
            return "refused", str(reply.get("detail", ""))
        raise Astray(f"{where}: {status} {reply}")

    def _body(self, read: Read, answer: str) -> Mapping[str, Any]:
        """What is signed with others is the same to the letter."""
        work, view = read.inside
        with_terms = [each for each in view["said"] if each["offer"]]
        same = read.waits.state in ("signed", "passed") and (read.waits.answer == NO) == (
            answer == NO
        )
        reasons = view["waits"]["reasons"] if same else view["reasons"][:1]
        if answer == NO:
            return {"answer": NO, "words": WORDS, "reasons": reasons}
        last = with_terms[-1]["offer"] if same and with_terms else None
        terms = (
            _terms(view["limits"], work)
            if last is None
            else {"amount": last["amount"], "months": int(last["months"]), "apr": last["apr"]}
        )
        waived = dict.fromkeys(view["owed"], WORDS)  # they saw to that themselves
        return {
            "answer": YES, "words": WORDS, "reasons": reasons, "terms": terms, "waived": waived,
        }  # fmt: skip


def _case(work: Mapping[str, Any]) -> Case:
    """Who is given a case has it for longer than who takes one."""
    given = (datetime.fromisoformat(work["lease_until"])
             - datetime.fromisoformat(work["claimed_at"])).days >= 1  # fmt: skip
    return Case(work["id"], work["application"], work["level"], work["claimed_at"], given)


def _terms(limits: Mapping[str, Mapping[str, float]], work: Mapping[str, Any]) -> dict[str, float]:
    """About what was asked for, as far as the list tells it, over the middle of the terms."""

    def within(name: str, wanted: float) -> float:
        return min(max(wanted, limits[name]["least"]), limits[name]["most"])

    middle = {name: (each["least"] + each["most"]) / 2 for name, each in limits.items()}
    amount = middle["amount"] if work["amount"] is None else work["amount"] / 100
    return {
        "amount": float(round(within("amount", amount))),
        "months": int(middle["months"]),
        "apr": round(middle["apr"], 4),
    }


@dataclass
class ByPages:
    """Before the pages, by their links, forms and buttons alone, as English shows them."""

    browser: Browser

    def mine(self) -> Sequence[Case]:
        cases = []
        for kind in KINDS:
            page = self._get(f"/cases/?whose=mine&kind={kind}")
            cases += [_row(row, page) for row in page.document.xpath("//tr[@data-row]")]
        return cases

    def next(self) -> Case | None:
        for kind in KINDS:
            queue = self._get(f"/cases/?kind={kind}")
            form = queue.form_to("/next")
            if form is None:
                raise Astray(f"{queue.url} has no next case")
            case = _CASE.search(self.browser.send(queue, form, {}).path)
            if case is not None:
                mine = (each for each in self.mine() if each.application == case.group(1))
                return next(mine, None)
        return None

    def go_on(self, case: Case) -> Since:
        """To have its page before them is to go on with it; the list says whether it is theirs."""
        self._get(f"/cases/{case.application}/")
        if case.work in [each.work for each in self.mine()]:
            return Since(HAVE)
        return Since(LOST_TO_ANOTHER if self._is_taken(case) else GONE)

    def _is_taken(self, case: Case) -> bool:
        page = self._get("/cases/")
        row = page.document.xpath("//tr[@data-row][.//input[@value=$work]]", work=case.work)
        return bool(row) and not row[0].xpath(".//button")

    def read(self, case: Case) -> Read | None:
        page = self._get(f"/cases/{case.application}/")
        closed = page.form_to("/open")
        if closed is not None:
            page = self.browser.send(page, closed, {})
        form = page.form_to("/decide")
        if form is None:
            return None
        answers = form.choices.get("answer", ())
        return Read(
            form.values.get("decision", ""),
            form.button("go", "sign") is not None,
            Waits("signed" if form.button("go", "pass") is None else "",
                  form.values.get("answer", ""), sent_back=True),
            yes=YES in answers,
            no=bool(page.document.xpath("//input[@name='reasons']")),
            inside=page,
        )  # fmt: skip

    def answer(self, read: Read, answer: str, *, passing: bool) -> tuple[Outcome, str]:
        page: Page = read.inside
        form = page.form_to("/decide")
        button = None if form is None else form.button("go", "pass" if passing else "sign")
        if form is None or button is None:
            return "refused", "there is no button for it"
        owed = page.document.xpath("//input[starts-with(@name, 'waive-')]/@name")
        waived = dict.fromkeys(map(str, owed), WORDS) if answer == YES else {}
        filled = {"answer": answer, "words": WORDS, **waived}
        main = page.document.xpath("//input[@name='reasons']/@value")[:1]
        reasons = {"reasons": main[0]} if main and "reasons" not in form.values else {}
        after = self.browser.send(page, form, filled | (reasons if answer == NO else {}), button)
        if after.status == 422:  # other terms than were asked for are told by reasons
            after = self.browser.send(page, form, filled | reasons, button)
        said = " ".join(after.document.text_content().split())
        for sentence, outcome in _OUTCOMES.items():
            if say(sentence, "en") in said:
                return outcome, ""
        if after.status in (403, 409):
            return "refused", after.said("//*[contains(@class, 'warning')]")
        raise Astray(f"{after.url} ({after.status}) does not say what became of the answer")

    def give_back(self, read: Read) -> tuple[Outcome, str]:
        del read
        return "refused", "who sits before the pages signs what waits"

    def release(self, case: Case) -> bool:
        queue = self._get("/cases/?whose=mine")
        buttons = queue.document.xpath("//button[contains(@formaction, $work)]", work=case.work)
        return bool(buttons) and self.browser.ask("POST", f"/v1/work/{case.work}/release")[0] == 200

    def assign(self, case: Case, to: str) -> bool:
        queue = self._get("/cases/?whose=mine")
        form = queue.form_to("/many")
        if form is None:
            return False
        filled = {"work": case.work, "to": to, "words": "My shift is over; please go on."}
        button = form.button("act", "assign")
        after = self.browser.send(queue, form, filled, button)
        return after.status == 200 and not after.document.xpath("//*[contains(@class, 'error')]")

    def _get(self, where: str) -> Page:
        page = self.browser.get(where)
        if page.status != 200:
            raise Astray(f"{page.url}: {page.status}")
        return page


_OUTCOMES: Mapping[str, Outcome] = {_DECIDED: "decided", _SIGNED: "signed", _PASSED: "passed"}


def _row(row: Any, page: Page) -> Case:
    work = row.xpath(".//input[@name='work']/@value")
    link = _CASE.search(" ".join(row.xpath(".//a[@data-open]/@href")))
    if not work or link is None:
        raise Astray(f"{page.url} has a row without its case")
    return Case(str(work[0]), link.group(1))

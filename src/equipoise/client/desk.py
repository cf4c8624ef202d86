"""A person's desk: what waits for people, and what they do about it, under their own log-in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

from .logged_in import LoggedIn
from .paging import listed
from .problems import problem
from .reading import read
from .results import (
    Ask,
    Deciding,
    Review,
    Ruling,
    Weighed,
    Work,
    WorkCounts,
    WorkInFull,
)

T = TypeVar("T")
Terms = tuple[float, int, float]
"""Amount in the contract's currency, months, and APR as a fraction a year."""


class Desk(LoggedIn):
    """What an underwriter does. Conflict is raised where another has the work, or was first."""

    def work(
        self, *, kind: str = "", whose: str = "", when: str = "", branch: str = "",
        strategy: str = "",
    ) -> Iterator[Work]:  # fmt: skip
        """What waits, first what is worth the next minute: of a kind, `mine` or `free`, `overdue`,
        `snoozed` or `held`."""
        given = {"kind": kind, "whose": whose, "when": when, "branch": branch, "strategy": strategy}
        asked = {name: value for name, value in given.items() if value}
        return listed(self._session, Work, "/v1/work", asked)

    def counts(self) -> WorkCounts:
        """How much waits."""
        return read(WorkCounts, self._session.ask("GET", "/v1/work/counts").json)

    def get(self, work_id: str) -> WorkInFull:
        """A piece of work, with what was said as it was handed on."""
        return read(WorkInFull, self._session.ask("GET", _work(work_id)).json)

    def next(self, *, kind: str = "", branch: str = "", strategy: str = "") -> Work | None:
        """Take the first case that is free; None where none is free for you."""
        body = {"kind": kind or None, "branch": branch, "strategy": strategy}
        work = self._post("/v1/work/next", body)["work"]
        return None if work is None else read(Work, work)

    def claim(self, work_id: str) -> Work:
        """Take it, for fifteen minutes and as long as you go on with it."""
        return self._did(Work, _work(work_id, "/claim"))

    def release(self, work_id: str) -> Work:
        """Give it back."""
        return self._did(Work, _work(work_id, "/release"))

    def assign(self, work_id: str, to: str, words: str) -> Work:
        """Give it to a colleague (`user.7`), with a note."""
        return self._did(Work, _work(work_id, "/assign"), {"to": to, "words": words})

    def hold(self, work_id: str, until: datetime, words: str) -> Work:
        """Put it off until a moment with its time zone, and say why."""
        body = {"until": until.isoformat(), "words": words}
        return self._did(Work, _work(work_id, "/snooze"), body)

    def resume(self, work_id: str) -> Work:
        """Have it shown again, before its time."""
        return self._did(Work, _work(work_id, "/wake"))

    def deciding(self, decision_id: str) -> Deciding:
        """How you may decide it, and what was answered so far."""
        return read(Deciding, self._session.ask("GET", _decision(decision_id, "/deciding")).json)

    def weigh(self, decision_id: str, terms: Terms) -> Weighed:
        """What terms mean if you grant them; nothing is recorded."""
        return read(Weighed, self._post(_decision(decision_id, "/weigh"), _terms(terms)))

    def decide(
        self, decision_id: str, answer: str, words: str, *,
        terms: Terms | None = None, reasons: Sequence[str] = (),
        waived: Mapping[str, str] | None = None,
    ) -> Ruling:  # fmt: skip
        """Answer what the strategy left to a person: `approve` with `terms`, or `decline` with the
        codes that the applicant is told. `words` say why to colleagues. A yes waits for the checks
        that are still owed, but for those `waived`, by name, each with why."""
        body = _answer(answer, words, terms, reasons, waived)
        return self._did(Ruling, _decision(decision_id, "/decide"), body)

    def pass_on(
        self, decision_id: str, answer: str, words: str, *,
        terms: Terms | None = None, reasons: Sequence[str] = (),
        waived: Mapping[str, str] | None = None,
    ) -> Ruling:  # fmt: skip
        """Leave the signature to those who have the authority, with what you would answer."""
        body = _answer(answer, words, terms, reasons, waived)
        return self._did(Ruling, _decision(decision_id, "/pass-on"), body)

    def sign(self, decision_id: str, words: str) -> Ruling:
        """Sign what waits for a signature, as it was answered. Raises Conflict where nothing
        does."""
        now = self.deciding(decision_id)
        if now.waits is None or now.waits.state not in ("signed", "passed"):
            raise problem(409, {"detail": "nothing waits for a signature"})
        said = [each for each in now.said if each.answer == now.waits.answer]
        offer = said[-1].offer if said else None
        waived = said[-1].waived if said else None
        terms = None if offer is None else (offer.amount, int(offer.months), offer.apr)
        return self.decide(
            decision_id, now.waits.answer, words, terms=terms, reasons=now.waits.reasons,
            waived=waived,
        )  # fmt: skip

    def give_back(self, decision_id: str, words: str) -> Ruling:
        """Do not sign what waits, and say why."""
        return self._did(Ruling, _decision(decision_id, "/give-back"), {"words": words})

    def ask(
        self, application_id: str, what: str, why: Mapping[str, str], *, about: str = "",
        answer: str = "", question: Mapping[str, str] | None = None, days: int = 5,
    ) -> Ask:  # fmt: skip
        """Ask the applicant for a `fact` or a `document` by its name, or a `question` with
        its kind of `answer`; the words by language. The case is held until they answer."""
        body = {"what": what, "about": about, "answer": answer, "question": dict(question or {}),
                "why": dict(why), "days": days}  # fmt: skip
        where = f"/v1/applications/{quote(application_id, safe='')}/asks"
        return self._did(Ask, where, body)

    def withdraw_ask(self, ask_id: str) -> Ask:
        """Take back what was not answered yet; the case is held no longer."""
        return self._did(Ask, f"/v1/asks/{quote(ask_id, safe='')}/withdraw")

    def settle(self, review_id: str, outcome: str, words: str) -> Review:
        """Say what a review came to, `kept` or `overturned`, and why."""
        where = f"/v1/reviews/{quote(review_id, safe='')}/settle"
        return self._did(Review, where, {"outcome": outcome, "words": words})

    def _post(self, where: str, body: Any = None) -> Any:
        return self._session.ask("POST", where, {} if body is None else body, again=False).json

    def _did(self, kind: type[T], where: str, body: Any = None) -> T:
        answer = self._session.ask("POST", where, body, again=False).json
        return read(kind, answer)


def _work(work_id: str, rest: str = "") -> str:
    return f"/v1/work/{quote(work_id, safe='')}{rest}"


def _decision(decision_id: str, rest: str) -> str:
    return f"/v1/decisions/{quote(decision_id, safe='')}{rest}"


def _terms(terms: Terms) -> dict[str, Any]:
    amount, months, apr = terms
    return {"amount": float(amount), "months": int(months), "apr": float(apr)}


def _answer(
    answer: str, words: str, terms: Terms | None, reasons: Sequence[str],
    waived: Mapping[str, str] | None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "answer": answer,
        "words": words,
        "terms": None if terms is None else _terms(terms),
        "reasons": list(reasons),
        "waived": dict(waived or {}),
    }

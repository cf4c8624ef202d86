"""Somebody who decides cases in a rehearsal: takes the next, reads, takes their time, judges by
what they see, signs, passes on or hands over, and knows what they did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import TypeVar

from equipoise.rehearsal import diary as acts
from equipoise.rehearsal.bench import (
    HAVE,
    LOST_TO_ANOTHER,
    Bench,
    Case,
    Outcome,
    Read,
)
from equipoise.rehearsal.browser import NoAnswer
from equipoise.rehearsal.diary import Diary
from equipoise.rehearsal.eye import NO, YES, Eye
from equipoise.rehearsal.hours import Hours
from equipoise.review.casework.underwriters import Underwriter as Traits

T = TypeVar("T")
_UNSURE = 0.1  # of the cases that somebody passes on to whoever may sign more
_ACTS: dict[Outcome, str] = {
    "decided": acts.DECIDED,
    "signed": acts.SIGNED,
    "passed": acts.PASSED,
    "returned": acts.RETURNED,
}


@dataclass(frozen=True, slots=True)
class Leave:
    """Days on which somebody is away, from the `first` on, and how they `tell` the lender."""

    first: date
    tell: Callable[[], bool]


@dataclass
class Underwriter:
    """One of them, by the `name` they log in with. `highest`: nobody may sign more than they.
    `colleagues` are those to whom they hand over, by id; `wait` until a killed server is back. Who
    takes `leave` does so after their first case, and hands over what they have then."""

    name: str
    traits: Traits
    bench: Bench
    eye: Eye
    hours: Hours
    diary: Diary
    dice: Random
    wait: Callable[[], None]
    highest: bool = True
    colleagues: Sequence[str] = ()
    leave: Leave | None = None
    _away: bool = False
    _known: dict[str, str] = field(default_factory=dict)  # by work: since when it is theirs
    _let_be: set[str] = field(default_factory=set)  # what they can do nothing about
    _answered: set[str] = field(default_factory=set)  # the list may show it for a moment more
    _in_doubt: bool = False  # whether something may have been taken of which no answer came

    def turn(self) -> bool:
        """Do one case; whether there was any for them."""
        if self._away:
            return False
        case = self._in_hand() or self._taken()
        if case is None:
            return False
        if case.work in self._let_be:
            self._give_back(case)
            return False
        self._do(case)
        return True

    def _in_hand(self) -> Case | None:
        """What they have already: left over, given to them, or taken as the server died."""
        for case in self._patiently(self.bench.mine):
            if case.work in self._answered and not case.given:
                continue
            if case.work not in self._known:
                if self._in_doubt and not case.given:
                    self.diary.done(acts.CLAIMED, case.work)
                self._known[case.work] = case.claimed_at
            self._in_doubt = False
            return case
        self._in_doubt = False
        return None

    def _taken(self) -> Case | None:
        try:
            case = self.bench.next()
        except NoAnswer:
            self._in_doubt = True
            self.wait()
            return self._in_hand()
        if case is not None:
            self.diary.done(acts.CLAIMED, case.work)
            self._known[case.work] = case.claimed_at
            self._answered.discard(case.work)
        return case

    def _do(self, case: Case) -> None:
        if self.hours.shift_is_over() and self.colleagues:
            self._hand_over(case)
            return
        if not self.hours.work(case.level, lambda: self._goes_on(case)):
            self._known.pop(case.work, None)
            return
        if self.hours.went_home():
            self._give_back(case)
            return
        read = self._patiently(lambda: self.bench.read(case))
        self._known.pop(case.work, None)
        self._answered.add(case.work)
        if read is not None:
            self.diary.cases += 1
            self._answer(case, read)
        if self.leave is not None:
            self._go_on_leave(self.leave)

    def _goes_on(self, case: Case) -> bool:
        since = self._patiently(lambda: self.bench.go_on(case),
                                lambda: self.diary.doubt(acts.CLAIMED, case.work))  # fmt: skip
        if since.state != HAVE:
            if since.state == LOST_TO_ANOTHER:
                self.diary.done(acts.LOST, case.work)
            else:  # it may have been another who settled it
                self.diary.doubt(acts.LOST, case.work)
            return False
        if since.at and since.at != self._known.get(case.work, since.at):
            self.diary.done(acts.CLAIMED, case.work)  # it had been free for a while
        self._known[case.work] = since.at or self._known.get(case.work, "")
        return True

    def _answer(self, case: Case, read: Read) -> None:
        sees = self.eye.reading(self.name, self.traits, case.application, self.hours.day())
        waits = read.waits.state in ("signed", "passed")
        if waits and read.may_sign and read.waits.state == "signed":
            same = (read.waits.answer == NO) == (sees == NO)
            if not same and not read.waits.sent_back:
                self._say(case, read, acts.RETURNED, lambda: self.bench.give_back(read))
                return
            sees = NO if read.waits.answer == NO else YES
        answer = self._possible(sees, read)
        if not answer:
            self._leave(case)
            return
        passing = not read.may_sign or (
            not self.highest and not waits and self.dice.random() < _UNSURE
        )
        what = acts.PASSED if passing else acts.DECIDED
        self._say(case, read, what, lambda: self.bench.answer(read, answer, passing=passing))

    @staticmethod
    def _possible(sees: str, read: Read) -> str:
        """What they see, where that can be said there; else the other, empty where neither can."""
        can = [each for each, may in ((YES, read.yes), (NO, read.no)) if may]
        return sees if sees in can else next(iter(can), "")

    def _say(
        self, case: Case, read: Read, what: str, step: Callable[[], tuple[Outcome, str]]
    ) -> None:
        def lost() -> None:
            for each in (what, *([acts.SIGNED] if what == acts.DECIDED else [])):
                self.diary.doubt(each, read.decision)

        outcome, why = self._patiently(step, lost)
        if outcome in _ACTS:
            self.diary.done(_ACTS[outcome], read.decision)
            return
        self.diary.refused[why] += 1
        self._leave(case)

    def _leave(self, case: Case) -> None:
        """They can do nothing about it: it is for others."""
        self._let_be.add(case.work)
        self._give_back(case)

    def _go_on_leave(self, leave: Leave) -> None:
        """What they still have is for colleagues."""
        for case in self._patiently(self.bench.mine):
            if case.work not in self._answered:
                self._give_back(case)
        day = leave.first.isoformat()
        accepted = self._patiently(leave.tell, lambda: self.diary.doubt(acts.LEAVE, day))
        if accepted:
            self.diary.done(acts.LEAVE, day)
        self._away = accepted

    def _give_back(self, case: Case) -> None:
        self._known.pop(case.work, None)
        if self._patiently(lambda: self.bench.release(case),
                           lambda: self.diary.doubt(acts.RELEASED, case.work)):  # fmt: skip
            self.diary.done(acts.RELEASED, case.work)

    def _hand_over(self, case: Case) -> None:
        to = self.dice.choice(self.colleagues)
        given = self._patiently(lambda: self.bench.assign(case, to),
                                lambda: self.diary.doubt(acts.ASSIGNED, case.work))  # fmt: skip
        if given:
            self._known.pop(case.work, None)
            self.diary.done(acts.ASSIGNED, case.work)
        else:  # they decided about this person, or are away
            self._give_back(case)

    def _patiently(self, step: Callable[[], T], lost: Callable[[], None] = lambda: None) -> T:
        """Do it, again once the server is back where no answer came."""
        while True:
            try:
                return step()
            except NoAnswer:
                lost()
                self.wait()

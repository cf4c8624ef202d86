"""The underwriters of a rehearsal together: who they are, and how they work at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from equipoise.contract.days import time_zone
from equipoise.experience.calendar import BusinessCalendar
from equipoise.rehearsal.bench import Bench, ByApi, ByPages, tell_leave
from equipoise.rehearsal.browser import Astray, Browser, NoAnswer, Watched, ignored
from equipoise.rehearsal.desk import PATIENCE, Colleague, log_in
from equipoise.rehearsal.diary import Diary
from equipoise.rehearsal.eye import Eye
from equipoise.rehearsal.hours import ClockHours, CountedHours, Hours, Pace
from equipoise.rehearsal.load import Load
from equipoise.rehearsal.server import NotServing
from equipoise.rehearsal.underwriter import Leave, Underwriter
from equipoise.review.casework.underwriters import Crew as Drawn
from equipoise.review.casework.underwriters import Skill
from equipoise.review.casework.underwriters import Underwriter as Traits

USUAL = Traits(Skill(finds=0.8, spoils=0.05), slower=0.2, duller=0.15)
"""Around whom they are drawn."""
VARY = 0.15
_ADDRESS = "10.254.1.{}"
_BEFORE_PAGES = 3  # every third of them
_LOOKS = 0.5  # seconds between two looks at an empty list
_ENOUGH_FOR_LEAVE, _DAYS_OF_LEAVE = 2, 7
_QUIET = 8  # looks at empty lists until those where no time passes are done
_MOST = 1200  # until they give up, where the service still has not heard of all that happened


@dataclass(frozen=True)
class Staff:
    """Who decides cases: how each logs in, by level from the lowest; by which calendar and how
    fast they work there."""

    people: Mapping[str, Sequence[Colleague]]
    calendar: BusinessCalendar
    paces: Mapping[str, Pace]

    @property
    def count(self) -> int:
        return sum(map(len, self.people.values()))

    def traits(self, seed: int) -> dict[str, Traits]:
        """What each is like, by name; the same seed gives the same people."""
        drawn = drawn_crew(seed)
        return {
            each.name: traits
            for level, them in self.people.items()
            for each, traits in zip(them, drawn.at(level, len(them)), strict=True)
        }


def drawn_crew(seed: int) -> Drawn:
    """Those of a seed, whoever of them is seated; plans are made for the same."""
    return Drawn(USUAL, vary=VARY, seed=seed)


@dataclass
class Crew:
    """All of them before the real service. `now` is its time, `lasting` how long a span of it
    lasts here; where it is not `fast` no time passes for them. One after another where they work
    `in_turn`; each of their requests is `watched`. `heard_all` says whether the service's desk has
    heard of everything that happened."""

    staff: Staff
    eye: Eye
    seed: int
    url: Callable[[], str]
    wait: Callable[[], None]
    now: Callable[[], datetime]
    lasting: Callable[[timedelta], timedelta]
    fast: bool = False
    in_turn: bool = False
    watched: Watched = ignored
    heard_all: Callable[[], bool] = lambda: True
    diaries: list[Diary] = field(default_factory=list)
    loads: list[Load] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    _seated: list[tuple[Underwriter, Browser]] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def open(self) -> None:
        """Log everybody in. Raises Astray where the service does not let them."""
        traits, number = self.staff.traits(self.seed), 0
        highest = [*self.staff.people][-1]
        for level, people in self.staff.people.items():
            for each in people:
                browser = Browser(self.url(), _ADDRESS.format(number + 1), again=PATIENCE)
                self._logged_in(browser, each)
                browser.watched = self.watched  # not before: a code is good once
                bench: Bench = ByPages(browser) if number % _BEFORE_PAGES == 2 else ByApi(browser)
                number += 1
                diary = Diary(self._me(browser))
                self.diaries.append(diary)
                dice = Random(f"{self.seed}.{each.name}")  # noqa: S311 - nothing secret
                one = Underwriter(each.name, traits[each.name], bench, self.eye,
                                  self._hours(traits[each.name], dice), diary, dice, self.wait,
                                  highest=level == highest)  # fmt: skip
                self._seated.append((one, browser))
        if not self.fast:
            self._have_one_leave()
        for one, _ in self._seated:
            others = [each.diary.who for each, _ in self._seated if each is not one]
            one.colleagues = others

    def _have_one_leave(self) -> None:
        """The last of the lowest level takes leave, where there are two to do without them."""
        lowest = next(iter(self.staff.people.values()))
        if len(lowest) < _ENOUGH_FOR_LEAVE:
            return
        one, browser = next(each for each in self._seated if each[0].name == lowest[-1].name)
        zone = time_zone(self.staff.calendar.time_zone)
        first = self.now().astimezone(zone).date()
        last = first + timedelta(days=_DAYS_OF_LEAVE)
        one.leave = Leave(first, lambda: tell_leave(browser, first, last))

    def browsers(self) -> Mapping[str, Browser]:
        """Where each is logged in, by name."""
        return {one.name: browser for one, browser in self._seated}

    def work(self) -> None:
        """Decide everything there is, where no time passes."""
        if self.in_turn:
            self._one_by_one()
        else:
            self._at_once(self._until_quiet)

    def sit(self) -> None:
        """Work until it is over, by the clock."""
        counting = threading.Thread(target=self._count, name="counting", daemon=True)
        counting.start()
        self._at_once(self._until_over)
        counting.join()

    def end(self) -> None:
        """Be done with it, once what is in hand is settled."""
        self._over.set()

    def is_over(self) -> bool:
        return self._over.is_set()

    def load(self) -> Load:
        """What waits now, as the first of them reads it."""
        _, browser = self._seated[0]
        while True:
            try:
                status, counts = browser.ask("GET", "/v1/work/counts")
            except NoAnswer:
                self.wait()
                continue
            if status != 200:
                raise Astray(f"/v1/work/counts: {status} {counts}")
            cases = counts["kinds"]["referred"] + counts["kinds"]["signature"]
            return Load(self.now(), cases, counts["overdue"])

    def _at_once(self, work: Callable[[Underwriter], None]) -> None:
        threads = [
            threading.Thread(target=self._safely, args=(work, one), name=one.name, daemon=True)
            for one, _ in self._seated
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join()

    def _safely(self, work: Callable[[Underwriter], None], one: Underwriter) -> None:
        try:
            work(one)
        except (Astray, NoAnswer, NotServing, LookupError, ValueError) as error:
            self.trouble.append(f"{one.name}: {type(error).__name__}: {error}")

    def _one_by_one(self) -> None:
        def everybody() -> bool:
            turned = [self._turned(one) for one, _ in self._seated]
            return any(turned)

        self._until_nothing_comes(everybody)

    def _turned(self, one: Underwriter) -> bool:
        done = False

        def turn(each: Underwriter) -> None:
            nonlocal done
            done = each.turn()

        self._safely(turn, one)
        return done

    def _until_quiet(self, one: Underwriter) -> None:
        self._until_nothing_comes(one.turn)

    def _until_nothing_comes(self, turn: Callable[[], bool]) -> None:
        """Take turns until there is nothing for a while, and nothing on its way: the service hears
        of cases on its worker's schedule, later where that was killed or has much to do."""
        quiet = looks = 0
        while quiet < _QUIET and looks < _MOST:
            if turn():
                quiet = looks = 0
                continue
            looks += 1
            quiet = quiet + 1 if self.heard_all() else 0
            time.sleep(_LOOKS)

    def _until_over(self, one: Underwriter) -> None:
        while not self._over.is_set():
            if not one.turn():
                self._over.wait(_LOOKS)

    def _count(self) -> None:
        while not self._over.wait(_LOOKS):
            try:
                self.loads.append(self.load())
            except (Astray, NoAnswer, NotServing) as error:
                self.trouble.append(f"counting: {error}")
                return

    def _hours(self, traits: Traits, dice: Random) -> Hours:
        if not self.fast:
            return CountedHours(dice)
        staff = self.staff
        return ClockHours(
            traits, staff.calendar, staff.paces, self.now, self.lasting, self.is_over, dice
        )

    def _logged_in(self, browser: Browser, who: Colleague) -> None:
        while True:
            try:
                log_in(browser, who)
                return
            except NoAnswer:
                self.wait()

    def _me(self, browser: Browser) -> str:
        while True:
            try:
                return str(browser.ask("GET", "/v1/me")[1]["id"])
            except NoAnswer:
                self.wait()

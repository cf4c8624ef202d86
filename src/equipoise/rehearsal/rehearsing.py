"""Everybody of a rehearsal, several at a time; and where its clock runs fast, on later days too."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from equipoise.progress import Progress
from equipoise.rehearsal.account import WAITS, Account, told, told_after_checks, told_again
from equipoise.rehearsal.applicant import Applicant
from equipoise.rehearsal.browser import Astray, Browser, NoAnswer, Timing, Watched, ignored
from equipoise.rehearsal.chromium import Chromium
from equipoise.rehearsal.crew import Crew
from equipoise.rehearsal.desk import Desk
from equipoise.rehearsal.people import Person
from equipoise.rehearsal.server import NotServing
from equipoise.rehearsal.world import Window, World

A = TypeVar("A")
B = TypeVar("B")
LATER = (4.0, 20.0, 35.0)
"""After how many days people look again, where days pass: once the next day is over for who left
off; while what was signed can be withdrawn from no more; and after all that has a last day."""


@dataclass
class Rehearsed:
    """What came of it: everybody's account, how long each answer took, and what those at the desk
    could not do, empty where they could do everything."""

    accounts: list[Account] = field(default_factory=list)
    timings: list[Timing] = field(default_factory=list)
    trouble: str = ""


Met = Callable[[Person, Account], None]


def nobody(_person: Person, _account: Account) -> None:
    """Nobody is told who applies."""


@dataclass(frozen=True)
class Spread:
    """People come over some days: `arrive` waits for the moment of the person at that place, from
    0; `settle` until those who decide cases have had their time."""

    arrive: Callable[[int], None]
    settle: Callable[[], None]


@dataclass(frozen=True)
class Plan:
    """How they are had to apply: so many at once; each request is `watched`; who is `careful` looks
    again at what they typed before they send it; the first `in_browsers` sit before a real browser.
    Those at the `desk` work, and the `crew` decides cases; `pass_days` waits until so many days
    have passed since people applied, None where no days do. Where they come `spread` over time, it
    waits until each one's moment. Everybody who applies is `met` before they do."""

    at_once: int = 4
    watched: Watched = ignored
    careful: bool = False
    in_browsers: int = 0
    desk: Desk | None = None
    crew: Crew | None = None
    pass_days: Callable[[float], None] | None = None
    spread: Spread | None = None
    met: Met = nobody


def rehearse(
    people: Sequence[Person],
    world: World,
    url: Callable[[], str],
    steps: Progress,
    plan: Plan,
) -> Rehearsed:
    """Have all of them apply at the address, in the order in which they came; then those at the
    desk do what is theirs, and people come back to see what they were told."""
    rehearsed = Rehearsed()
    real = {each.number for each in people[: plan.in_browsers]}

    def browser(person: Person) -> Window:
        if person.number in real:
            return Chromium(url(), person.address, rehearsed.timings)
        # appending is safe in threads
        return Browser(url(), person.address, rehearsed.timings, plan.watched)

    def begun(person: Person) -> Applicant:
        applicant = Applicant(person, world, browser, careful=plan.careful)
        plan.met(person, applicant.account)
        applicant.live()
        return applicant

    if plan.spread is not None:
        with _at_work(plan, rehearsed) as stop:
            applicants = _each("people apply", begun, people, steps, plan, plan.spread.arrive)
            with steps.step("cases are decided"):
                plan.spread.settle()
            stop()
            _come_back([0.0], applicants, steps, plan)
    else:
        applicants = _each("people apply", begun, people, steps, plan)
        _afterwards(applicants, rehearsed, steps, plan)
    rehearsed.accounts = [each.account for each in applicants]
    return rehearsed


def _afterwards(
    applicants: Sequence[Applicant], rehearsed: Rehearsed, steps: Progress, plan: Plan
) -> None:
    """Those at the desk do what is theirs, and people come back; where days pass, meanwhile."""
    if plan.pass_days:
        with _at_work(plan, rehearsed) as stop:
            _come_back(LATER, applicants, steps, plan, stop)
        return
    with steps.step("cases are decided"):
        _do_all(plan, rehearsed, waiting=any(map(_waits, applicants)))
    _come_back([0.0], applicants, steps, plan)


def _come_back(
    days: Sequence[float],
    applicants: Sequence[Applicant],
    steps: Progress,
    plan: Plan,
    stop: Callable[[], None] = lambda: None,
) -> None:
    """On each of the days; before the last of them work at the desk stops."""
    for at, day in enumerate(days, 1):
        if plan.pass_days:
            with steps.step(f"day {day:.0f} comes"):
                plan.pass_days(day)
        last = at == len(days)
        if last:
            stop()

        def back(each: Applicant, day: float = day, last: bool = last) -> Account:
            return each.look_back(day, last=last)

        _each("people come back", back, applicants, steps, plan)


def _each(  # noqa: PLR0917 - what is done, with whom, and how it is told
    name: str,
    work: Callable[[A], B],
    these: Sequence[A],
    steps: Progress,
    plan: Plan,
    arrive: Callable[[int], None] = lambda _: None,
) -> list[B]:
    with (
        steps.step(name) as step,
        ThreadPoolExecutor(plan.at_once, thread_name_prefix="applicant") as pool,
    ):
        lives = []
        for at, each in enumerate(these):
            arrive(at)
            lives.append(pool.submit(work, each))
        for count, _ in enumerate(as_completed(lives), 1):
            step.advance(count, len(these))
    return [each.result() for each in lives]


def _waits(applicant: Applicant) -> bool:
    """Whether they may have been told that a person decides."""
    happened = applicant.account.steps | applicant.account.doubtful
    return any(each(WAITS) in happened for each in (told, told_after_checks, told_again))


def _do_all(plan: Plan, rehearsed: Rehearsed, *, waiting: bool) -> None:
    """Where no time passes: cases first, where anybody is `waiting`, then all the rest."""

    def work() -> None:
        _open(plan)
        if plan.crew is not None and waiting:
            plan.crew.work()
        if plan.desk is not None:
            plan.desk.work()

    _safely(work, rehearsed)


@contextmanager
def _at_work(plan: Plan, rehearsed: Rehearsed) -> Iterator[Callable[[], None]]:
    """Have those at the desk work meanwhile, until what is handed out is called."""
    _safely(lambda: _open(plan), rehearsed)
    rooms = [each for each in (plan.desk, plan.crew) if each is not None]
    threads = [
        threading.Thread(target=_safely, args=(each.sit, rehearsed), name="desk", daemon=True)
        for each in rooms
    ]

    def stop() -> None:
        for each in rooms:
            each.end()
        for thread in threads:
            thread.join()

    for thread in threads:
        thread.start()
    yield stop
    stop()


def _open(plan: Plan) -> None:
    """Log everybody in: who decides cases answers the rest from the same place."""
    if plan.crew is not None:
        plan.crew.open()
        for name, browser in plan.crew.browsers().items():
            if plan.desk is not None:
                plan.desk.take_seat(name, browser)
    if plan.desk is not None:
        plan.desk.open()


def _safely(work: Callable[[], None], rehearsed: Rehearsed) -> None:
    try:
        work()
    except (Astray, NoAnswer, NotServing, LookupError, ValueError) as error:
        rehearsed.trouble = f"{type(error).__name__}: {error}"

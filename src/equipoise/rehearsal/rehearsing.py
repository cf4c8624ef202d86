"""Everybody of a rehearsal, several at a time; and where its clock runs fast, on later days too."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from equipoise.progress import Progress
from equipoise.rehearsal.account import Account
from equipoise.rehearsal.applicant import Applicant
from equipoise.rehearsal.browser import Astray, Browser, NoAnswer, Timing, Watched, ignored
from equipoise.rehearsal.chromium import Chromium
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


@dataclass(frozen=True)
class Plan:
    """How they are had to apply: so many at once; each request is `watched`; who is `careful` looks
    again at what they typed before they send it; the first `in_browsers` sit before a real browser.
    Those at the `desk` work; `pass_days` waits until so many days have passed since people applied,
    None where no days do."""

    at_once: int = 4
    watched: Watched = ignored
    careful: bool = False
    in_browsers: int = 0
    desk: Desk | None = None
    pass_days: Callable[[float], None] | None = None


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
        applicant.live()
        return applicant

    applicants = _each("people apply", begun, people, steps, plan)
    rehearsed.accounts = [each.account for each in applicants]
    days = LATER if plan.pass_days else (0.0,)
    with _at_work(plan.desk, rehearsed, fast=plan.pass_days is not None) as stop:
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
    return rehearsed


def _each(
    name: str, work: Callable[[A], B], these: Sequence[A], steps: Progress, plan: Plan
) -> list[B]:
    with (
        steps.step(name) as step,
        ThreadPoolExecutor(plan.at_once, thread_name_prefix="applicant") as pool,
    ):
        lives = [pool.submit(work, each) for each in these]
        for count, _ in enumerate(as_completed(lives), 1):
            step.advance(count, len(these))
    return [each.result() for each in lives]


@contextmanager
def _at_work(
    desk: Desk | None, rehearsed: Rehearsed, *, fast: bool
) -> Iterator[Callable[[], None]]:
    """Have those at the desk work meanwhile, until what is handed out is called; where no days pass
    they do all of it before."""

    def work() -> None:
        try:
            if desk is not None:
                desk.open()
                (desk.sit if fast else desk.work)()
        except (Astray, NoAnswer, NotServing, LookupError, ValueError) as error:
            rehearsed.trouble = f"{type(error).__name__}: {error}"

    thread = threading.Thread(target=work, name="desk", daemon=True)

    def stop() -> None:
        if desk is not None:
            desk.end()
        thread.join()

    thread.start()
    if not fast:
        thread.join()
    yield stop
    stop()

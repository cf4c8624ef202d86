"""Everybody of a rehearsal, several at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from equipoise.progress import Progress
from equipoise.rehearsal.account import Account
from equipoise.rehearsal.applicant import Applicant, Window, World
from equipoise.rehearsal.browser import Browser, Timing, Watched, ignored
from equipoise.rehearsal.chromium import Chromium
from equipoise.rehearsal.people import Person


@dataclass
class Rehearsed:
    """What came of it: everybody's account, and how long each answer took."""

    accounts: list[Account] = field(default_factory=list)
    timings: list[Timing] = field(default_factory=list)


def rehearse(
    people: Sequence[Person],
    world: World,
    url: Callable[[], str],
    steps: Progress,
    *,
    at_once: int = 4,
    watched: Watched = ignored,
    careful: bool = False,
    in_browsers: int = 0,
) -> Rehearsed:
    """Have all of them apply at the address, so many at once; in the order in which they came.
    Each request is `watched`; who is `careful` looks again at what they typed before they send it.
    The first `in_browsers` of them sit before a real browser."""
    rehearsed = Rehearsed()

    real = {each.number for each in people[:in_browsers]}

    def browser(person: Person) -> Window:
        if person.number in real:
            return Chromium(url(), person.address, rehearsed.timings)
        # appending is safe in threads
        return Browser(url(), person.address, rehearsed.timings, watched)

    def live(person: Person) -> Account:
        return Applicant(person, world, browser, careful=careful).live()

    with (
        steps.step("people apply") as step,
        ThreadPoolExecutor(at_once, thread_name_prefix="applicant") as pool,
    ):
        lives = [pool.submit(live, each) for each in people]
        for count, _ in enumerate(as_completed(lives), 1):
            step.advance(count, len(people))
    rehearsed.accounts = [each.result() for each in lives]
    return rehearsed

"""Underwriters of a rehearsal at the desks of a real service: how many, when people come to them,
what is true, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from equipoise.authority import AuthoritySection
from equipoise.progress import Progress
from equipoise.rehearsal import (
    Account,
    Colleague,
    Crew,
    DeskWork,
    Eye,
    Killer,
    Person,
    Spread,
    Staff,
)
from equipoise.service.commands.rehearsal_wish import Wish
from equipoise.service.commands.staff_wished import wished
from equipoise.service.commands.staffing import (
    KEPT,
    authority,
    moved,
    planned,
    spread_over,
    staff_of,
)
from equipoise.service.platform import clock

_LOOKS = 0.5  # seconds
_QUIET = 6  # looks at a list on which nothing waits, until all of it is decided


@dataclass
class CasesRehearsed:
    """Who decides cases in a rehearsal, and of whom: `people` come at their `moments`, the first
    of which is that at which it began."""

    wish: Wish
    people: Sequence[Person]
    section: AuthoritySection
    staff: Staff
    moments: Sequence[timedelta]
    planned: int | None
    _crew: list[Crew] = field(default_factory=list)
    _met: list[tuple[Person, Account]] = field(default_factory=list)
    _began: list[datetime] = field(default_factory=list)

    def colleagues(self) -> list[Colleague]:
        """All of them."""
        return [each for them in self.staff.people.values() for each in them]

    def seat(
        self,
        url: Callable[[], str],
        wait: Callable[[], None],
        killer: Killer,
        reader: ThreadPoolExecutor,
    ) -> Crew:
        """All of them before that service; its database is read by the `reader` alone."""

        def truth(application: str) -> bool:
            return reader.submit(self._pays_back, application).result()

        def may_be_killed(method: str, where: str, answered: bool) -> None:
            killer.kept = 0
            killer.watched(method, where, answered)

        crew = Crew(
            self.staff,
            Eye(truth, self.wish.seed),
            self.wish.seed,
            url,
            wait,
            clock.now,
            clock.lasting,
            fast=self.wish.speed > 1,
            in_turn=bool(self.wish.kills),
            watched=may_be_killed,
            heard_all=lambda: reader.submit(_heard_all).result(),
        )
        self._crew.append(crew)
        return crew

    def met(self, person: Person, account: Account) -> None:
        """Somebody applies; what they do stands in that account."""
        self._met.append((person, account))

    def spread(self) -> Spread:
        """When people come, and until when those at the desk are left to it."""
        return Spread(self._arrive, self._settle)

    def proved(self, until: datetime) -> DeskWork:
        """What came of it, by everybody's account and by the record."""
        from equipoise.service.commands.told_desk import (
            done_wrongly,
            kept_promises,
            recorded_acts,
            right_answers,
        )

        (crew,) = self._crew
        pays_back = {account.draft: person.pays_back for person, account in self._met}
        names = dict(zip((each.who for each in crew.diaries), crew.browsers(), strict=False))
        return DeskWork(
            self.staff.count,
            crew.diaries,
            recorded_acts(),
            kept_promises(until),
            done_wrongly(),
            crew.loads,
            crew.trouble,
            self.planned,
            KEPT,
            right_answers(pays_back),
            names,
        )

    def _arrive(self, place: int) -> None:
        if not self._began:
            self._began.append(clock.now())
        _wait_until(self._began[0] + self.moments[place])

    def _settle(self) -> None:
        """Until nothing waits any more, or the last who came were promised an answer by then."""
        from equipoise.service.contexts.cases.reading import WorkKind, promised_hours

        (crew,) = self._crew
        calendar = self.staff.calendar
        end = calendar.after(clock.now(), 3600.0 * promised_hours(WorkKind.REFERRED))
        quiet = 0
        while clock.now() < end and quiet < _QUIET and not crew.trouble:
            quiet = quiet + 1 if not crew.load().waits else 0
            time.sleep(_LOOKS)

    def _pays_back(self, application: str) -> bool:
        """The truth about whoever stands behind an application, by the draft that became it."""
        from equipoise.service.contexts.drafts.reading import draft_of

        draft = draft_of(application)
        persons = (person for person, account in self._met if account.draft == draft)
        person = next(persons, None)
        return True if person is None else person.pays_back


def _heard_all() -> bool:
    """Whether the desk has heard of all that happened."""
    from equipoise.service.contexts.cases.services import is_behind

    return not is_behind()


def rehearsed_crew(wish: Wish, people: Sequence[Person], steps: Progress) -> CasesRehearsed:
    """Seat as many as are wished, with accounts and authority. Raises BadInput where that is no
    number of people, and where no strategy says who decides."""
    wanted, section = wished(wish.underwriters), authority()
    moments = _moments(section, wish, len(people))
    plan: dict[str, int] | None = None
    if wish.speed > 1 or wanted.people is None:
        with steps.step("the desk is planned"):
            began = clock.now()
            plan = planned(section, people, [began + each for each in moments], wish.seed)
    if wanted.people is None:
        seats = moved(plan or {}, section, wanted.more)
    else:
        seats = spread_over(section, wanted.people)
    staff = staff_of(section, seats)
    return CasesRehearsed(
        wish, people, section, staff, moments, None if plan is None else sum(plan.values())
    )


def _moments(section: AuthoritySection, wish: Wish, people: int) -> list[timedelta]:
    """When they come, from the beginning on: in open hours, one as likely as another."""
    dice = Random(f"{wish.seed}.comes")  # noqa: S311 - nothing secret
    calendar, began = section.calendar.calendar(), clock.now()
    hours = sorted(dice.random() * wish.over for _ in range(people))
    return [calendar.after(began, 3600.0 * each) - began for each in hours]


def _wait_until(moment: datetime) -> None:
    left = clock.lasting(moment - clock.now())
    time.sleep(max(0.0, left.total_seconds()))

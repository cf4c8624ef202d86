"""A rehearsal of the whole service: made anew in a folder of its own from a lender's sealed
strategies, served by real processes, applied to by simulated people, and held against what they
know.

Publishing rehearses a strategy too (`decisions.rehearsing`): that is one strategy and no service.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, TypeVar

from equipoise.errors import BadInput, Span
from equipoise.progress import Progress
from equipoise.rehearsal import (
    Desk,
    Killer,
    NoAnswer,
    Person,
    Plan,
    Rehearsed,
    Report,
    Server,
    Watched,
    bring,
    environment,
    missing_for_browsers,
    moving,
    nobody,
    people_of,
    rehearse,
    sealed_of,
)
from equipoise.service.commands.rehearsal_wish import Wish
from equipoise.service.commands.seating import seated
from equipoise.service.commands.staff_wished import wished
from equipoise.service.commands.starting import make_ready
from equipoise.service.commands.two_people import (
    APPROVER,
    AUTHOR,
    invite,
    newest_of_each,
    publish_all,
)
from equipoise.service.platform.accounts.permissions import Role

if TYPE_CHECKING:
    from equipoise.service.commands.cases_rehearsed import CasesRehearsed
    from equipoise.service.commands.first_start import Prepared

T = TypeVar("T")
SETTINGS: Mapping[str, str] = {
    "EQUIPOISE_BEHIND_PROXY": "yes",  # each person says from which machine they come
    "EQUIPOISE_LOG_LEVEL": "WARNING",
}
DAYS: Mapping[str, str] = {
    "EQUIPOISE_REVIEW_DAYS": "10",
    "EQUIPOISE_COMPLAINT_DAYS": "15",
    "EQUIPOISE_ANSWER_DAYS": "10",
    "EQUIPOISE_WITHDRAWAL_DAYS": "14",
}
"""In which this lender answers, and lets people withdraw."""
FASTEST_DESK = 1200
"""Times; there a lease of a quarter of an hour lasts three quarters of a second."""
_LAW = "EQUIPOISE_JURISDICTION"
_CODE = re.compile(r"\b\d{6}\b")
_PURPOSES = {"ask_effort": "feedback", "draft_expires": "reminder"}  # of texts of messages


def rehearse_lender(lender: Path, wish: Wish, steps: Progress) -> Report:
    """Rehearse, and report. Raises BadInput where the lender has nothing sealed or the folder to
    keep it in is not empty, and for kills where days pass; NotServing where the server does not
    start."""
    _check(wish)
    if wish.underwriters:
        wished(wish.underwriters)
    sealed = newest_of_each(sealed_of(lender)).values()
    with folder_of(wish.keep) as place:
        (place / "sealed").mkdir()
        for each in sealed:
            shutil.copy2(each, place / "sealed")
        begin_service(place, "rehearsal", wish.speed, {_LAW: wish.law} if wish.law else None)
        _take_along(lender, place)
        with steps.step("strategies are put in force"):
            for name, role in ((AUTHOR, Role.ANALYST), (APPROVER, Role.APPROVER)):
                invite(name, role, secrets.token_urlsafe(12))
            publish_all([*sealed])
        return applied(place, replace(wish, desk=seated()), steps)


def applied(place: Path, wish: Wish, steps: Progress) -> Report:
    """Have people apply at the service in the folder, served for that long, and report."""
    from equipoise.service.commands.cases_rehearsed import rehearsed_crew
    from equipoise.service.commands.proved import proved
    from equipoise.service.contexts.notices.reading import FILE, lender
    from equipoise.service.platform import clock

    begun = time.monotonic()
    notes = [missing_for_browsers()] if wish.in_browsers and missing_for_browsers() else []
    if notes:
        wish = replace(wish, in_browsers=0)
    notes += [] if lender() else [f"nobody is written letters: there is no {FILE}"]
    server = Server(place, settings_of(), workers=wish.workers).start()
    people = _people(wish)
    cases = rehearsed_crew(wish, people, steps) if wish.underwriters else None
    killer = Killer(server, wish.kills, Random(wish.seed))  # noqa: S311 - nothing secret
    if cases is not None:
        killer.kept = wish.kills // 2
    try:
        rehearsed = perform(server, wish, steps, killer, people=people, cases=cases)
    finally:
        until = clock.now()
        server.stop()
    with steps.step("the record is proved"):
        proofs, lacks = proved(until)
        casework = None if cases is None else cases.proved(until)
    notes += [f"letters lack: {each}" for each in lacks]
    if killer.left:
        notes.append(f"{killer.left} kills were left: there were no more pages")
    return Report(
        wish.seed,
        time.monotonic() - begun,
        rehearsed.accounts,
        proofs,
        rehearsed.timings,
        kills=wish.kills - killer.left,
        in_browsers=min(wish.in_browsers, wish.applicants),
        speed=wish.speed,
        desk=rehearsed.trouble,
        notes=notes,
        casework=casework,
    )


def perform(  # noqa: PLR0917 - what it needs to be one run
    server: Server,
    wish: Wish,
    steps: Progress,
    killer: Killer,
    watched: Watched | None = None,
    people: Sequence[Person] = (),
    cases: CasesRehearsed | None = None,
) -> Rehearsed:
    """Have people apply at a server that runs, those of the wish unless others are given; requests
    are `watched` by the killer unless by somebody else. `cases` says who decides them."""
    from equipoise.service.platform import clock

    def url() -> str:
        return server.url

    with ThreadPoolExecutor(1, thread_name_prefix="reader") as reader:
        world, fast = _World(server, _key_of_systems(), killer, reader), wish.speed > 1
        crew = None if cases is None else cases.seat(url, world.wait, killer, reader)
        colleagues = [*wish.desk, *(cases.colleagues() if cases else ())]
        plan = Plan(
            at_once=1 if wish.kills else wish.at_once,
            watched=watched or killer.watched,
            careful=bool(wish.kills),
            in_browsers=wish.in_browsers,
            desk=Desk(colleagues, url, world.wait, clock.now, fast) if colleagues else None,
            crew=crew,
            pass_days=_days() if fast and crew is None else None,
            spread=cases.spread() if cases and fast else None,
            met=cases.met if cases else nobody,
        )
        return rehearse(people or _people(wish), world, url, steps, plan)


def _days() -> Callable[[float], None]:
    """Waits until so many days of the service's have passed since the first time it was asked."""
    from equipoise.service.platform import clock

    began: list[datetime] = []

    def wait(days: float) -> None:
        if not began:
            began.append(clock.now())
        left = clock.lasting(began[0] + timedelta(days=days) - clock.now())
        time.sleep(max(0.0, left.total_seconds()))

    return wait


def _check(wish: Wish) -> None:
    if wish.underwriters and wish.speed > FASTEST_DESK:
        raise BadInput(
            f"underwriters have a case for {15 * 60 / wish.speed:.2g} seconds there",
            field="--speed",
            mend=f"run it {FASTEST_DESK} times as fast at the most, or seat none",
        )
    if wish.kills and wish.speed > 1:
        raise BadInput(
            "a server is not killed while days pass: until it is back days go by unserved, and "
            "what is late by them cannot be told from what was forgotten",
            field="--kills",
            mend="rehearse twice: with --kills, and with --speed",
        )


@contextmanager
def folder_of(keep: Path | None) -> Iterator[Path]:
    """The folder of the rehearsal's service."""
    if keep is not None:
        if keep.exists() and any(keep.iterdir()):
            raise BadInput(
                "the folder is not empty",
                where=Span(str(keep)),
                field="--keep",
                mend="name a new one: a rehearsal is a service of its own",
            )
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="rehearsal-", ignore_cleanup_errors=True) as place:
        yield Path(place)


def settings_of() -> Mapping[str, str]:
    """Those of the service's processes: as this one has them."""
    return {name: os.environ[name] for name in (*SETTINGS, *DAYS, _LAW) if name in os.environ}


def begin_service(
    place: Path, nature: str, speed: int = 1, more: Mapping[str, str] | None = None
) -> Prepared:
    """A new service of that nature in the folder, and this process ready to look into it. Nothing
    that is set for the lender's own service holds for it; where its time runs fast there are days
    for everything that has days. `more` are settings of its own, such as its database."""
    for name in set(os.environ) - set(environment()):
        del os.environ[name]
    os.environ.update({**SETTINGS, **(DAYS if speed > 1 else {}), **(more or {})})
    make_ready(place)
    from equipoise.service.commands.first_start import prepare
    from equipoise.service.platform.custody.fitting import use_kept_secrets
    from equipoise.service.platform.record.nature import Nature

    prepared = prepare(Nature(nature), speed)
    use_kept_secrets()
    return prepared


def _key_of_systems() -> str:
    """An API key of the programs by which results of checks come."""
    from django.contrib.auth import get_user_model

    from equipoise.service.commands.first_start import ADMIN
    from equipoise.service.platform.accounts.keys import make_program

    admin: Any = get_user_model().objects.get(username=ADMIN)
    return make_program("the lender's own systems", ("checks.record",), admin).token


def _people(wish: Wish) -> list[Person]:
    """As many as wished, spread over the products that are offered."""
    from equipoise.service.contexts.drafts.reading import products
    from equipoise.service.platform import clock

    offered, today = products(), clock.now().date()
    contracts = {each.name: each.contract for each in offered}
    people: list[Person] = []
    for at, product in enumerate(offered):
        share = len(range(at, wish.applicants, len(offered)))
        first = len(people)
        if share:
            theirs = people_of(
                product.name, product.contract, share, wish.seed, first=first, on=today
            )
            others = {name: each for name, each in contracts.items() if name != product.name}
            people += moving(theirs, others, wish.seed, today)
    return people


@dataclass(frozen=True)
class _World:
    """What people have besides their browser: their post, and a bureau that knows them.

    The database is read by a thread of its own: Django refuses in one where Playwright runs.
    """

    server: Server
    key: str
    killer: Killer
    reader: ThreadPoolExecutor
    seen: dict[int, int] = field(default_factory=dict)  # by thread: how often it was back

    def _read(self, what: Callable[[str], T], of: str) -> T:
        return self.reader.submit(what, of).result()

    def code(self, draft: str, after: int) -> str:
        kept = self._read(_codes, draft)
        return kept[0] if len(kept) > after else ""

    def codes(self, draft: str) -> int:
        return len(self._read(_codes, draft))

    def letters(self, draft: str, text: str) -> Sequence[str]:
        return self._read(lambda of: _letters(of, text), draft)

    def known_of(self, reference: str, facts: Mapping[str, Any]) -> None:
        from equipoise.service.contexts.drafts.services import lay_down

        lay_down(reference, facts)

    def checked(self, draft: str, passes: bool) -> bool:
        from equipoise.service.commands.told import owed

        application, checks = self._read(owed, draft)
        if checks:
            results = dict.fromkeys(checks, "passed" if passes else "stopped")
            return bring(self.server.url, self.key, application, results)
        return False

    def wait(self) -> None:
        back, me = self.killer.revive(), threading.get_ident()
        if back == self.seen.get(me, 0):
            raise NoAnswer("the server did not answer", mend=f"see {self.server.log}")
        self.seen[me] = back


def _codes(draft: str) -> Sequence[str]:
    """The codes that were sent for a draft, the newest first."""
    from equipoise.service.platform.messages.reading import kept_for

    matches = (_CODE.search(each.said) for each in kept_for(draft, "code"))
    return [each.group() for each in matches if each]


def _letters(draft: str, text: str) -> Sequence[str]:
    """What messages of a text about a draft said, the newest first."""
    from equipoise.service.platform.messages.reading import kept_for

    kept = kept_for(draft, _PURPOSES[text])
    return [each.said for each in kept if each.text.partition("@")[0] == text]


def _take_along(lender: Path, place: Path) -> None:
    """What says who writes letters, where the lender has it."""
    from equipoise.service.contexts.notices.reading import FILE

    if (lender / FILE).is_file():
        shutil.copy2(lender / FILE, place)

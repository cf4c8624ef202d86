"""A year in a day: a service that runs while a lender's months come in one by one, its watch
measures, officers answer alerts, and staff does what plans say.

Months, tapes and what is true of the end stand in `rehearsal.year`; who does what, in `year_staff`.
"""

from __future__ import annotations

import json
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from equipoise.errors import EquipoiseError
from equipoise.progress import Progress
from equipoise.rehearsal import NotServing, Server, sealed_of
from equipoise.rehearsal.year import Months, YearAccount
from equipoise.rehearsal.year.months import CURRENCY
from equipoise.service.commands.rehearsal import begin_service, folder_of, settings_of
from equipoise.service.commands.two_people import (
    APPROVER,
    AUTHOR,
    invite,
    newest_of_each,
    publish_all,
)
from equipoise.service.commands.year_staff import OFFICERS, PEOPLE, Staff
from equipoise.service.platform.accounts.permissions import Role

SPEED = 20_000  # times as fast as ours, the most there is: a month takes some two minutes
_PATIENCE = 300.0  # seconds in which a worker measures a month
_LOOK = 0.3  # seconds


@dataclass(frozen=True, slots=True)
class YearWish:
    """How many months, each delivered so many days of the service's clock after the one before;
    how many apply in all, and where the service is kept, None for a folder that goes away."""

    months: int
    applicants: int = 120
    seed: int = 7
    days: float = 365 / 12
    keep: Path | None = None


def rehearse_year(lender: Path, wish: YearWish, steps: Progress) -> YearAccount:
    """Rehearse the months. Raises as `rehearse_lender`."""
    begun = time.monotonic()
    sealed = newest_of_each(sealed_of(lender)).values()
    with folder_of(wish.keep) as place:
        (place / "sealed").mkdir()
        for each in sealed:
            shutil.copy2(each, place / "sealed")
        months = Months(wish.months, wish.seed)
        months.begin(place)
        begin_service(place, "rehearsal", SPEED)
        with steps.step("strategies are put in force"):
            for name, role in ((AUTHOR, Role.ANALYST), (APPROVER, Role.APPROVER)):
                invite(name, role, secrets.token_urlsafe(12))
            for name in PEOPLE:
                role = Role.RISK_OFFICER if name in OFFICERS else Role.SERVICE_OWNER
                invite(name, role, secrets.token_urlsafe(12))
            publish_all([*sealed])
        return _Year(place, wish, months, steps).lived(begun)


class _Year:
    def __init__(self, place: Path, wish: YearWish, months: Months, steps: Progress) -> None:
        self.place, self.wish, self.months, self.steps = place, wish, months, steps
        self.staff = Staff()
        self.decided = 0

    def lived(self, begun: float) -> YearAccount:
        server = Server(self.place, settings_of(), workers=1).start()
        trouble = ""
        try:
            self.staff.begin()
            self._live(server)
        except (EquipoiseError, OSError) as error:
            trouble = f"{type(error).__name__}: {error}"
        finally:
            server.stop()
        return self._account(begun, trouble)

    def _live(self, server: Server) -> None:
        from equipoise.service.platform import clock

        bodies, key = _bodies(self.wish), _key()
        first = clock.now()
        with self.steps.step("months come") as step:
            for at in range(self.months.count):
                self._deliver(at)
                share = len(range(at, self.wish.applicants, self.months.count))
                for body in islice(bodies, share):
                    self.decided += _decided(server.url, key, self.decided, body)
                self._measured(server, at)
                self.staff.work()
                until = first + timedelta(days=self.wish.days * (at + 1))
                while (left := clock.lasting(until - clock.now()).total_seconds()) > 0:
                    self.staff.work()
                    time.sleep(min(left, _LOOK))
                step.advance(at + 1, self.months.count)
        with self.steps.step("what is open is closed"):
            self.staff.finish(server.runs)

    def _deliver(self, at: int) -> None:
        from equipoise.workspace.tapes import draft_portfolio

        file = self.months.deliver(self.place, at)
        month = file.stem
        draft_portfolio(self.place, file, parts={}, currency="" if at else CURRENCY, as_of=month)

    def _measured(self, server: Server, at: int) -> None:
        """Have the month measured by the service's worker, and wait until it was."""
        from equipoise.service.contexts.watch import reading, services

        services.ask_measuring()
        day, patience = self.months.days[at], time.monotonic() + _PATIENCE
        while not any(each.period >= day for each in reading.history("applications_received")):
            if not server.runs or time.monotonic() > patience:
                raise NotServing(f"nobody measured {day:%Y-%m}", mend=f"see {server.log}")
            time.sleep(_LOOK)

    def _account(self, begun: float, trouble: str) -> YearAccount:
        from equipoise.service.platform.record.proving import verify_record, verify_rows
        from equipoise.workspace.tapes import read_portfolio

        with self.steps.step("the record is proved"):
            verdict, rows = verify_record(), verify_rows()
        with self.steps.step("exposures are held against the truth"):
            book = {} if trouble else _by_month(read_portfolio(self.place).book)
        return YearAccount(
            months=self.months.count,
            seed=self.wish.seed,
            seconds=time.monotonic() - begun,
            decided=self.decided,
            alerts=self.staff.alerts(),
            runs=self.staff.runs(),
            deeds=self.staff.deeds,
            events=verdict.events,
            faults=[*(each.what for each in verdict.faults), *map(str, rows.differences)],
            book=book,
            truth=self.months.truth(),
            trouble=trouble,
        )


def _by_month(book: Any) -> Mapping[str, int]:
    """What is owed at each month's end, in minor units."""
    from equipoise.portfolio.tape.document import month_text

    months = range(book.first_month, book.last_month + 1)
    return {month_text(month): int(book.balance[book.at(month)].sum()) for month in months}


def _bodies(wish: YearWish) -> Iterator[dict[str, Any]]:
    """Who applies, as the API is sent it: of each strategy in force in turn. Who and when stands in
    it once they do."""
    from equipoise.rehearsal.facts import drawn
    from equipoise.service.contexts.registry.reading import champions, loaded

    asked = [(each.strategy, loaded(each.digest).content.contract) for each in champions()]
    share = -(-wish.applicants // max(len(asked), 1))
    drawn_by = [(name, contract, drawn(contract, share, wish.seed)) for name, contract in asked]
    for number in range(share):
        for name, contract, people in drawn_by:
            facts = {n: v for n, v in next(people).items() if v is not None}
            own = {contract.id: f"year-{name}-{number}"} if contract.id else {}
            day = {contract.date: ""} if contract.date else {}
            yield {"strategy": name, "application": {**_plain(facts), **own, **day}}


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {n: v.isoformat() if hasattr(v, "isoformat") else v for n, v in facts.items()}


def _key() -> str:
    """An API key of the lender's shop."""
    from django.contrib.auth import get_user_model

    from equipoise.service.commands.first_start import ADMIN
    from equipoise.service.platform.accounts.keys import make_program

    admin: Any = get_user_model().objects.get(username=ADMIN)
    return make_program("the lender's shop", ("decisions.create",), admin).token


def _decided(url: str, key: str, number: int, body: Mapping[str, Any]) -> int:
    """Have an application decided over the API; 1. Raises OSError where it is refused."""
    from equipoise.service.platform import clock

    today = clock.now().date().isoformat()
    dated = {n: today if v == "" else v for n, v in body["application"].items()}
    sent = {**body, "application": dated}
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/json",
        "Idempotency-Key": f"year-{number}",
    }
    request = Request(f"{url}/v1/decisions", json.dumps(sent).encode(), headers)  # noqa: S310
    with build_opener(ProxyHandler({})).open(request, timeout=60) as answer:
        answer.read()
    return 1

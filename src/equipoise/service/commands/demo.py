"""A demonstration: a service in the lender's folder that says so in its first entry, with people of
every role whose log-ins are printed, and simulated applicants in every state.

Nothing of it can be had in a lender's own service: accounts come with passwords and factors that
somebody else knows.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from equipoise.errors import BadInput, Span
from equipoise.progress import Progress
from equipoise.rehearsal import Colleague, Report, sealed_of
from equipoise.service.commands.demo_watch import FIRST, SECOND, begin_watch
from equipoise.service.commands.rehearsal import applied, begin_service
from equipoise.service.commands.rehearsal_wish import Wish
from equipoise.service.commands.seating import BRANCH, authorised, with_app
from equipoise.service.commands.two_people import (
    APPROVER,
    AUTHOR,
    invite,
    named,
    newest_of_each,
    publish_all,
)
from equipoise.service.platform.accounts.permissions import Role

PEOPLE: Mapping[str, Role] = {
    AUTHOR: Role.ANALYST,
    APPROVER: Role.APPROVER,
    "uma": Role.UNDERWRITER,
    "cleo": Role.CLERK,
    FIRST: Role.RISK_OFFICER,
    SECOND: Role.RISK_OFFICER,
    "oskar": Role.SERVICE_OWNER,
    "ada": Role.AUDITOR,
}
"""Who works there, by the name they log in with. Analyst and approver come first: they are the two
people whom every other role needs."""
_KEPT = "demo-people.json"
_CODES = 3  # of each person's recovery codes are printed: each is good once


@dataclass(frozen=True, slots=True)
class LogIn:
    """How somebody of the demonstration logs in. `factor` is what an authenticator app is given;
    each of `codes` takes its place once."""

    name: str
    role: str
    password: str
    factor: str
    codes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Demo:
    """What was made: who logs in how, and what the applicants' rehearsal found."""

    people: Sequence[LogIn]
    report: Report

    def as_dict(self) -> dict[str, Any]:
        """As plain data, for `--json`."""
        return {
            "people": [asdict(each) for each in self.people],
            "rehearsal": self.report.as_dict(),
        }


def make_demo(folder: Path, wish: Wish, steps: Progress) -> Demo:
    """Make the demonstration in a folder with a sealed strategy and no service yet.

    Raises BadInput where it holds one or has nothing sealed, NotServing where it does not start.
    """
    sealed = newest_of_each(sealed_of(folder))
    if (folder / "service").exists() and any((folder / "service").iterdir()):
        raise BadInput(
            "this folder has a service already",
            where=Span(str(folder / "service")),
            mend="a demonstration is made anew: give a folder without `service/`",
        )
    begun = begin_service(folder, "demo")
    with steps.step("people of every role"):
        people = list(demo_people(begun.first.password if begun.first else ""))
        _keep(folder, people)
    with steps.step("strategies are put in force"):
        publish_all([*sealed.values()])
    with steps.step("a book is watched"):
        begin_watch(folder, wish.seed, _of_its_applications(folder, sealed))
    return Demo(people, applied(folder, replace(wish, desk=_at_their_desk(people)), steps))


def _of_its_applications(folder: Path, sealed: Mapping[str, Path]) -> str:
    """The strategy that answers the folder's own applications; the first where none does."""
    from equipoise.strategy.sealing import unsealed
    from equipoise.workspace.folder import CONTRACT, Workspace

    if not (folder / CONTRACT).is_file():
        return next(iter(sealed))
    program = Workspace.open(folder).contract().value.name
    for name, file in sealed.items():
        if unsealed(file.read_bytes()).content.contract.name == program:
            return name
    return next(iter(sealed))


def _at_their_desk(people: Sequence[LogIn]) -> list[Colleague]:
    """The underwriter among them, who answers some of what applicants ask people for."""
    return [
        Colleague(each.name, each.password, each.factor, authorised(each.name))
        for each in people
        if each.role == Role.UNDERWRITER
    ]


def log_ins(folder: Path) -> list[LogIn]:
    """Those that were printed when the demonstration was made; none where it is no such service."""
    file = folder / "service" / _KEPT
    if not file.is_file():
        return []
    return [LogIn(**each) for each in json.loads(file.read_text(encoding="utf-8"))]


def demo_people(password: str) -> Iterator[LogIn]:
    """The administrator of the first start, who has that password, and somebody of every other
    role, with second factors. Only for a service in which nobody is real: raises ValueError."""
    from equipoise.service.platform.record.nature import Nature, nature

    if nature() is Nature.REAL:
        raise ValueError("nobody else may know how people log in to a lender's own service")
    from equipoise.service.commands.first_start import ADMIN

    yield _with_factors(ADMIN, Role.ADMINISTRATOR, password)
    for name, role in PEOPLE.items():
        password = secrets.token_urlsafe(12)
        invite(name, role, password, BRANCH if role is Role.UNDERWRITER else "")
        yield _with_factors(name, role, password)


def _with_factors(name: str, role: Role, password: str) -> LogIn:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    user, secret = named(name), with_app(name)
    codes = RecoveryCodes.activate(user).generate_codes()[:_CODES]
    return LogIn(name, role.value, password, secret, codes)


def _keep(folder: Path, people: Sequence[LogIn]) -> None:
    """For whoever serves it again: in a file that is the owner's alone."""
    from equipoise.service.platform.keyfiles import keep_secret

    text = json.dumps([asdict(each) for each in people], indent=2)
    keep_secret(folder / "service" / _KEPT, text)

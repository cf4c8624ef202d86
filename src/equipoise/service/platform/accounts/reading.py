"""What others may know of people: who they are, what they may do, and what waits for a second one.

A person is named `user.7`, as in the record.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from equipoise.errors import BadInput
from equipoise.service.platform.accounts.inviting import open_invitations
from equipoise.service.platform.accounts.key_ends import ends_soon
from equipoise.service.platform.accounts.models import (
    ApiKey,
    Program,
    RoleRequest,
    RoleRequestState,
    User,
)
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.accounts.services import principal_of

_PERSON = "user."


@dataclass(frozen=True, slots=True)
class Person:
    """A person. `handed_over_at` is when they took the account over; `invited_until`, until when
    they may, where they have not (None: by no invitation there is)."""

    person: str
    number: int
    username: str
    role: str
    branch: str
    region: str
    is_active: bool
    invited_by: str
    handed_over_at: datetime | None
    awaits_redemption: bool
    invited_until: datetime | None


@dataclass(frozen=True, slots=True)
class AskedRole:
    """A role that one person asked for another (`person`, who has the role `former`), and that
    waits for a second one."""

    id: int
    person: str
    username: str
    former: str
    role: str
    branch: str
    region: str
    asked_by: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Key:
    """An API key without its secret. `ends_soon`: within 30 days."""

    prefix: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    ends_soon: bool
    over: bool
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProgramView:
    """A program: who answers for it, what it may do, where and how often, and its keys."""

    id: str
    name: str
    owner: str
    scopes: Sequence[str]
    branch: str
    region: str
    rate: float
    burst: int
    test: bool
    made_at: datetime
    keys: Sequence[Key]


def programs(most: int) -> list[ProgramView]:
    """Programs with their keys, the newest first, so many at most."""
    rows = list(Program.objects.order_by("-made_at", "id")[:most])
    keys = ApiKey.objects.filter(program__in=rows).order_by("-made_at")
    by_program: dict[str, list[Key]] = {row.pk: [] for row in rows}
    for key in keys:
        by_program[key.program_id].append(_key(key))
    return [_program(row, by_program[row.pk]) for row in rows]


def anybody() -> bool:
    """Whether there is any person."""
    return User.objects.exists()


def principal(person: str) -> Principal | None:
    """The person as whoever acts, be it that they may not log in; None where there is none."""
    user = User.objects.filter(pk=number_of(person)).first()
    return principal_of(user) if user else None


def acting(people: Collection[str]) -> list[Principal]:
    """Those of these people who may log in, as whoever acts."""
    users = User.objects.filter(pk__in=[number_of(each) for each in people], is_active=True)
    return [principal_of(user) for user in users]


def usernames(people: Collection[str]) -> Mapping[str, str]:
    """The names that these people log in with, by person; of those that there are."""
    users = User.objects.filter(pk__in=[number_of(each) for each in people])
    return {f"{_PERSON}{user.pk}": user.username for user in users}


def person_called(username: str) -> str:
    """Whoever logs in with that name and may act here (`user.7`). Raises BadInput for nobody."""
    user = User.objects.filter(username=username.strip(), is_active=True).only("pk").first()
    if user is None:
        raise BadInput(
            f"nobody here is called '{username.strip()}'",
            field="person",
            mend="give the name that they log in with",
        )
    return f"{_PERSON}{user.pk}"


def persons(usernames: Collection[str]) -> Mapping[str, str]:
    """Whom these names are, as the record knows them; those that may act here."""
    users = User.objects.filter(username__in=list(usernames), is_active=True)
    return {user.username: f"{_PERSON}{user.pk}" for user in users.only("username")}


def address_of(username: str) -> str:
    """Where somebody who may act here is written to; empty where nobody knows."""
    user = User.objects.filter(username=username, is_active=True).only("email").first()
    return user.email if user else ""


def language_of(person: str) -> str:
    """The language in which somebody (`user.7`, or the name they log in with) last looked at a
    page; empty where nobody knows."""
    if not person or "@" in person:
        return ""
    who: dict[str, Any] = (
        {"pk": number_of(person)} if person.startswith(_PERSON) else {"username": person}
    )
    user = User.objects.filter(**who, is_active=True).only("language").first()
    return user.language if user else ""


def has_taken_over(person: str) -> bool:
    """Whether the person has set a password that nobody else chose."""
    return User.objects.filter(pk=number_of(person), handed_over_at__isnull=False).exists()


def still_opens(number: int, password_hash: str) -> bool:
    """Whether that person may log in, and by the password of this hash."""
    return User.objects.filter(pk=number, is_active=True, password=password_hash).exists()


def everybody(most: int) -> list[Person]:
    """People by name, so many at most."""
    users = list(User.objects.order_by("username")[:most])
    invitations = open_invitations().filter(user__in=users)
    until = {each.user_id: each.expires_at for each in invitations}
    return [_person(user, until.get(user.pk)) for user in users]


def branches() -> list[str]:
    """Those that a person or a program works at, by name."""
    named = (kind.objects.exclude(branch="") for kind in (User, Program))
    return sorted({each for rows in named for each in rows.values_list("branch", flat=True)})


def callers() -> list[str]:
    """Every person and program there is or was, by the names they have in the record."""
    people = User.objects.values_list("pk", flat=True)
    programs = Program.objects.values_list("pk", flat=True)
    return [*(f"{_PERSON}{each}" for each in people), *(f"program.{each}" for each in programs)]


def asked_roles(most: int) -> list[AskedRole]:
    """Roles that wait for a second person, the first asked for first."""
    rows = RoleRequest.objects.select_related("user").filter(state=RoleRequestState.OPEN)
    return [
        AskedRole(
            id=row.pk,
            person=f"{_PERSON}{row.user_id}",
            username=row.user.username,
            former=row.user.role,
            role=row.role,
            branch=row.branch,
            region=row.region,
            asked_by=row.asked_by,
            asked_at=row.asked_at,
        )
        for row in rows.order_by("id")[:most]
    ]


def awaits_role(number: int) -> bool:
    """Whether a role was asked for that person, and waits."""
    return RoleRequest.objects.filter(user=number, state=RoleRequestState.OPEN).exists()


def number_of(person: str) -> int:
    """The number in `user.7`; nobody's where it names no person."""
    digits = person.removeprefix(_PERSON)
    fits = person.startswith(_PERSON) and digits.isascii() and digits.isdigit()
    return int(digits) if fits and len(digits) < 10 else 0


def _person(user: User, invited_until: datetime | None) -> Person:
    return Person(
        person=f"{_PERSON}{user.pk}",
        number=user.pk,
        username=user.username,
        role=user.role,
        branch=user.branch,
        region=user.region,
        is_active=user.is_active,
        invited_by=user.invited_by,
        handed_over_at=user.handed_over_at,
        awaits_redemption=user.awaits_redemption,
        invited_until=invited_until,
    )


def _program(row: Program, keys: Sequence[Key]) -> ProgramView:
    return ProgramView(
        row.pk, row.name, row.owner, row.scopes, row.branch, row.region, row.rate, row.burst,
        row.test, row.made_at, keys,
    )  # fmt: skip


def _key(row: ApiKey) -> Key:
    now = timezone.now()
    return Key(
        prefix=row.prefix,
        made_by=f"{_PERSON}{row.made_by_id}",
        made_at=row.made_at,
        expires_at=row.expires_at,
        ends_soon=row.revoked_at is None and ends_soon(row.expires_at, now),
        over=row.revoked_at is not None or row.expires_at <= now,
        revoked_at=row.revoked_at,
    )

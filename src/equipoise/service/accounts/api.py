"""Endpoints about people and keys."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status
from ninja import Query as QueryOf
from pydantic import StringConstraints

from equipoise.service.accounts import keys, services
from equipoise.service.accounts.access import May, caller
from equipoise.service.accounts.models import ApiKey, User
from equipoise.service.accounts.permissions import Action, Role
from equipoise.service.bodies import Moment, Refusing
from equipoise.service.paging import (
    Order,
    Page,
    Paging,
    page_of,
    read_moment,
    read_name,
    read_number,
    told,
)

router = Router(tags=["accounts"])
_PEOPLE = Order("users", ("id",), (read_number,))
_KEYS = Order("keys", ("made_at", "prefix"), (read_moment, read_name))
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00]*$")]
Place = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00]*$")]
Level = Annotated[int, Field(ge=0, le=9, strict=True)]
UserName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9@.+_-]{1,80}$")]


class Caller(Schema):
    """Whoever asks, a person or a program by one of its keys, and what they may do over which
    rows."""

    id: str
    key: str
    test: bool
    role: str
    level: int
    may: dict[str, str]


class UserOut(Schema):
    """A person."""

    id: int
    username: str
    role: str
    level: int
    branch: str
    region: str
    is_active: bool


class UserIn(Refusing):
    """A person to be."""

    username: UserName = Field(examples=["maria"])
    password: str = Field(max_length=200, examples=["four plain words here"])
    role: Role = Field(examples=["analyst"])
    level: Level = 0


class UserChange(Refusing):
    """What to change; what is left out stays."""

    role: Role | None = Field(None, examples=["underwriter"])
    level: Level | None = None
    branch: Place | None = None
    region: Place | None = None
    active: bool | None = Field(None, strict=True)


class ProgramOut(Schema):
    """A program: what it may do, where and how often. What it began is its own, by whichever key
    it asks. One that is a `test` is answered as if, and nothing of it is recorded."""

    id: str
    name: str
    scopes: list[str]
    branch: str
    region: str
    rate: float
    burst: int
    test: bool
    made_at: datetime


class KeyOut(Schema):
    """An API key, without its secret."""

    prefix: str
    program: ProgramOut
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class KeyMade(KeyOut):
    """An API key just made; the token is shown this once."""

    token: str


class KeyIn(Refusing):
    """A program to be, with its first key. `test`: it tries out only, with test keys, and nothing
    that it asks is recorded."""

    name: Name = Field(examples=["web shop"])
    scopes: list[Name] = Field(max_length=20, examples=[["decisions.create", "decisions.read"]])
    expires_at: Moment | None = None
    branch: Place = ""
    region: Place = ""
    rate: float | None = Field(None, gt=0, le=100_000, strict=True)
    burst: int | None = Field(None, gt=0, le=100_000, strict=True)
    test: bool = Field(False, strict=True)


class MoreIn(Refusing):
    """When one more key ends."""

    expires_at: Moment | None = Field(None, examples=["2099-12-31T00:00:00Z"])


class Renewal(Refusing):
    """For how long the former key is still taken beside the new one, and when the new one ends."""

    overlap_hours: float = Field(1, ge=0, le=720, strict=True, examples=[24])
    expires_at: Moment | None = None


@router.get("/me", auth=May(Action.SEE_SELF), response=Caller)
def me(request: HttpRequest) -> dict[str, Any]:
    """Who am I, and what may I do?"""
    principal = caller(request)
    reaches = {action.value: principal.reach(action) for action in Action}
    may = {name: reach.value for name, reach in reaches.items() if reach is not None}
    return {
        "id": principal.id,
        "key": principal.key,
        "test": principal.test,
        "role": principal.role,
        "level": principal.level,
        "may": may,
    }


@router.get("/users", auth=May(Action.MANAGE_USERS), response=Page[UserOut])
def list_users(request: HttpRequest, response: HttpResponse, asked: QueryOf[Paging]) -> Any:
    """All people."""
    return told(request, response, page_of(User.objects.all(), _PEOPLE, asked))


@router.post("/users", auth=May(Action.MANAGE_USERS), response={201: UserOut})
def make_user(request: HttpRequest, body: UserIn) -> Any:
    """Make a person's account."""
    made = services.make_user(
        body.username, body.password, body.role, caller(request).id, level=body.level
    )
    return Status(201, made)


@router.patch("/users/{int:user_id}", auth=May(Action.MANAGE_USERS), response=UserOut)
def change_user(request: HttpRequest, user_id: int, body: UserChange) -> Any:
    """Change a person's role, level, area, or whether they may log in."""
    return services.change_user(user_id, caller(request), **body.dict())


@router.get("/keys", auth=May(Action.MANAGE_KEYS), response=Page[KeyOut])
def list_keys(request: HttpRequest, response: HttpResponse, asked: QueryOf[Paging]) -> Any:
    """All API keys, without their secrets."""
    rows = ApiKey.objects.select_related("program")
    return told(request, response, page_of(rows, _KEYS, asked))


@router.post("/keys", auth=May(Action.MANAGE_KEYS), response={201: KeyMade})
def make_program(request: HttpRequest, body: KeyIn) -> Any:
    """Make a program and its first API key; the answer holds the key's token, this once."""
    asked = body.dict()
    return _made(
        keys.make_program(asked.pop("name"), asked.pop("scopes"), _person(request), **asked)
    )


@router.post("/programs/{program_id}/keys", auth=May(Action.MANAGE_KEYS), response={201: KeyMade})
def add_key(request: HttpRequest, program_id: str, body: MoreIn) -> Any:
    """Make one more key of a program; the answer holds its token, this once."""
    return _made(keys.add_key(program_id, _person(request), expires_at=body.expires_at))


@router.post("/keys/{prefix}/renew", auth=May(Action.MANAGE_KEYS), response={201: KeyMade})
def renew_key(request: HttpRequest, prefix: str, body: Renewal) -> Any:
    """Make a new key of the same program, which goes on with all that the program began.

    Both keys are taken until the overlap is over; then the former one ends by itself. The answer
    holds the new key's token, this once.
    """
    overlap = timedelta(hours=body.overlap_hours)
    return _made(
        keys.renew_key(prefix, _person(request), overlap=overlap, expires_at=body.expires_at)
    )


@router.post("/keys/{prefix}/revoke", auth=May(Action.MANAGE_KEYS), response=KeyOut)
def revoke_key(request: HttpRequest, prefix: str) -> Any:
    """Withdraw an API key."""
    return keys.revoke_key(prefix, caller(request))


def _made(new: keys.NewKey) -> Any:
    return Status(201, {**KeyOut.from_orm(new.key).dict(), "token": new.token})


def _person(request: HttpRequest) -> User:
    return User.objects.get(pk=int(caller(request).person.removeprefix("user.")))

"""Endpoints about people and keys."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from pydantic import StringConstraints

from equipoise.service.accounts import services
from equipoise.service.accounts.access import May, caller
from equipoise.service.accounts.models import ApiKey, User
from equipoise.service.accounts.permissions import Action, Role
from equipoise.service.bodies import Moment, Refusing

router = Router(tags=["accounts"])
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00]*$")]
Place = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00]*$")]
Level = Annotated[int, Field(ge=0, le=9, strict=True)]
UserName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9@.+_-]{1,80}$")]


class Caller(Schema):
    """Whoever asks, and what they may do over which rows."""

    id: str
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


class KeyOut(Schema):
    """An API key, without its secret."""

    prefix: str
    name: str
    scopes: list[str]
    branch: str
    region: str
    rate: float
    burst: int
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class KeyMade(KeyOut):
    """An API key just made; the token is shown this once."""

    token: str


class KeyIn(Refusing):
    """An API key to be."""

    name: Name = Field(examples=["web shop"])
    scopes: list[Name] = Field(max_length=20, examples=[["decisions.create", "decisions.read"]])
    expires_at: Moment | None = None
    branch: Place = ""
    region: Place = ""
    rate: float | None = Field(None, gt=0, le=100_000, strict=True)
    burst: int | None = Field(None, gt=0, le=100_000, strict=True)


@router.get("/me", auth=May(Action.SEE_SELF), response=Caller)
def me(request: HttpRequest) -> dict[str, Any]:
    """Who am I, and what may I do?"""
    principal = caller(request)
    reaches = {action.value: principal.reach(action) for action in Action}
    may = {name: reach.value for name, reach in reaches.items() if reach is not None}
    return {"id": principal.id, "role": principal.role, "level": principal.level, "may": may}


@router.get("/users", auth=May(Action.MANAGE_USERS), response=list[UserOut])
def list_users(request: HttpRequest) -> Any:
    """All people."""
    return User.objects.order_by("id")


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


@router.get("/keys", auth=May(Action.MANAGE_KEYS), response=list[KeyOut])
def list_keys(request: HttpRequest) -> Any:
    """All API keys, without their secrets."""
    return ApiKey.objects.order_by("made_at")


@router.post("/keys", auth=May(Action.MANAGE_KEYS), response={201: KeyMade})
def make_key(request: HttpRequest, body: KeyIn) -> Any:
    """Make an API key; the answer holds its token, this once."""
    given = body.dict()
    by = User.objects.get(pk=int(caller(request).person.removeprefix("user.")))
    made = services.make_key(given.pop("name"), given.pop("scopes"), by, **given)
    shown = KeyOut.from_orm(made.key).dict()
    return Status(201, {**shown, "token": made.token})


@router.post("/keys/{prefix}/revoke", auth=May(Action.MANAGE_KEYS), response=KeyOut)
def revoke_key(request: HttpRequest, prefix: str) -> Any:
    """Withdraw an API key."""
    return services.revoke_key(prefix, caller(request))

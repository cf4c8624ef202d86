"""Endpoints about oneself, programs and their keys."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema, Status
from ninja import Query as QueryOf
from pydantic import StringConstraints

from equipoise.service.platform.accounts import keys, owners
from equipoise.service.platform.accounts.access import May, caller
from equipoise.service.platform.accounts.key_ends import ends_soon
from equipoise.service.platform.accounts.models import ApiKey, User
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.bodies import Moment, Refusing
from equipoise.service.platform.api.paging import (
    Order,
    Page,
    Paging,
    page_of,
    page_out,
    read_moment,
    read_name,
)
from equipoise.service.platform.api.short_text import Name, Place

router = Router(tags=["accounts"])
_KEYS = Order("keys", ("made_at", "prefix"), (read_moment, read_name))
Owner = Annotated[str, StringConstraints(max_length=40, pattern=r"^(user|role)\.[a-z0-9_]{1,30}$")]


class Caller(Schema):
    """Whoever asks, a person or a program by one of its keys, and what they may do over which
    rows."""

    id: str
    key: str
    test: bool
    role: str
    may: dict[str, str]


class ProgramOut(Schema):
    """A program: what it may do, where and how often. What it began is its own, by whichever key
    it asks. `owner` answers for it: a person or everyone of a role. One that is a `test` is
    answered as if, and nothing of it is recorded."""

    id: str
    name: str
    owner: str
    scopes: list[str]
    branch: str
    region: str
    rate: float
    burst: int
    test: bool
    made_at: datetime


class KeyOut(Schema):
    """An API key, without its secret. `ends_soon`: within 30 days. `maker_left`: whoever made it,
    and has seen its token, is not here any more, so that it is time to renew it."""

    prefix: str
    program: ProgramOut
    made_by: str
    made_at: datetime
    expires_at: datetime
    ends_soon: bool
    maker_left: bool
    revoked_at: datetime | None


class KeyMade(KeyOut):
    """An API key just made; the token is shown this once."""

    token: str


class KeyIn(Refusing):
    """A program to be, with its first key. Whoever makes it owns it unless `owner` says otherwise;
    a program that writes strategies is owned by an author. The key ends after the longest span that
    the operator allows unless `expires_at` is sooner. `test`: it tries out only, with test keys,
    and nothing that it asks is recorded."""

    name: Name = Field(examples=["web shop"])
    scopes: list[Name] = Field(max_length=20, examples=[["decisions.create", "decisions.read"]])
    owner: Owner = Field("", examples=["role.administrator"])
    expires_at: Moment | None = None
    branch: Place = ""
    region: Place = ""
    rate: float | None = Field(None, gt=0, le=100_000, strict=True)
    burst: int | None = Field(None, gt=0, le=100_000, strict=True)
    test: bool = Field(False, strict=True)


class MoreIn(Refusing):
    """When one more key ends."""

    expires_at: Moment | None = Field(None, examples=[None])


class OwnerIn(Refusing):
    """Who owns a program from now on."""

    owner: Owner = Field(examples=["role.administrator"])


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
        "may": may,
    }


@router.get("/keys", auth=May(Action.MANAGE_KEYS), response=Page[KeyOut])
def list_keys(request: HttpRequest, response: HttpResponse, asked: QueryOf[Paging]) -> Any:
    """All API keys, without their secrets."""
    rows = ApiKey.objects.select_related("program", "made_by")
    page = page_of(rows, _KEYS, asked)
    return page_out(request, response, page, [_shown(key) for key in page.rows])


@router.post("/keys", auth=May(Action.MANAGE_KEYS), response={201: KeyMade})
def make_program(request: HttpRequest, body: KeyIn) -> Any:
    """Make a program and its first API key; the answer holds the key's token, this once."""
    asked = body.model_dump()
    return _made(
        keys.make_program(asked.pop("name"), asked.pop("scopes"), _person(request), **asked)
    )


@router.post("/programs/{program_id}/owner", auth=May(Action.MANAGE_KEYS), response=ProgramOut)
def change_owner(request: HttpRequest, program_id: str, body: OwnerIn) -> Any:
    """Have another person, or everyone of a role, own the program. Its keys go on."""
    return owners.transfer(program_id, body.owner, caller(request))


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
    return _shown(keys.revoke_key(prefix, caller(request)))


def _made(new: keys.NewKey) -> Any:
    return Status(201, {**_shown(new.key), "token": new.token})


def _shown(key: ApiKey) -> dict[str, Any]:
    return {
        "prefix": key.prefix,
        "program": key.program,
        "made_by": f"user.{key.made_by_id}",
        "made_at": key.made_at,
        "expires_at": key.expires_at,
        "ends_soon": key.revoked_at is None and ends_soon(key.expires_at, timezone.now()),
        "maker_left": not key.made_by.is_active,
        "revoked_at": key.revoked_at,
    }


def _person(request: HttpRequest) -> User:
    return User.objects.get(pk=int(caller(request).person.removeprefix("user.")))

"""Endpoints about people: invited, given roles by two, and whether they may log in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status
from ninja import Query as QueryOf
from pydantic import StringConstraints

from equipoise.service.platform.accounts import inviting, roles
from equipoise.service.platform.accounts.access import May, caller
from equipoise.service.platform.accounts.models import RoleRequest, RoleRequestState, User
from equipoise.service.platform.accounts.origins import origin_of
from equipoise.service.platform.accounts.permissions import Action, Role
from equipoise.service.platform.accounts.rights import USERNAME, Rights
from equipoise.service.platform.api.bodies import Refusing
from equipoise.service.platform.api.paging import (
    Order,
    Page,
    Paging,
    page_of,
    page_out,
    read_number,
)
from equipoise.service.platform.api.short_text import Place
from equipoise.service.platform.operations.catalogue import STATE, TWO_PEOPLE, gives

router = Router(tags=["accounts"])
_PEOPLE = Order("users", ("id",), (read_number,))
_REQUESTS = Order("role-requests", ("-id",), (read_number,))
UserName = Annotated[str, StringConstraints(pattern=USERNAME)]


class RightsOut(Schema):
    """What a person may do, or is to do: their role, how far, where, and whether at all."""

    role: str
    branch: str
    region: str
    is_active: bool


class RoleRequestOut(RightsOut):
    """Rights that one person asks for another: they are given once a second person confirms."""

    id: int
    user_id: int
    state: str
    asked_by: str
    asked_at: datetime
    settled_by: str
    settled_at: datetime | None


class UserOut(RightsOut):
    """A person. `handed_over_at` is when they took the account over with a password of their own:
    before, nothing that takes two people counts from them. `asked` waits for a second person."""

    id: int
    username: str
    invited_by: str
    handed_over_at: datetime | None
    role_asked_by: str
    role_confirmed_by: str
    asked: RoleRequestOut | None = None


class InvitationOut(Schema):
    """How the person takes the account over: the link, and the code that it asks for. The code is
    shown this once; hand both to that person, and to nobody else."""

    link: str
    code: str
    expires_at: datetime


class UserInvited(UserOut):
    """A person just invited."""

    invitation: InvitationOut


class UserIn(Refusing):
    """A person to be. They choose their password themselves."""

    username: UserName = Field(examples=["maria"])
    role: Role = Field(Role.NONE, examples=["analyst"])
    branch: Place = ""
    region: Place = ""


class UserChange(Refusing):
    """What to change; what is left out stays."""

    role: Role | None = Field(None, examples=["underwriter"])
    branch: Place | None = None
    region: Place | None = None
    active: bool | None = Field(None, strict=True)


@router.get("/users", auth=May(Action.MANAGE_USERS), response=Page[UserOut])
def list_users(request: HttpRequest, response: HttpResponse, asked: QueryOf[Paging]) -> Any:
    """All people."""
    page = page_of(User.objects.all(), _PEOPLE, asked)
    return page_out(request, response, page, _shown(page.rows))


@router.post("/users", auth=May(Action.MANAGE_USERS), response={201: UserInvited})
@gives(TWO_PEOPLE)
def invite(request: HttpRequest, body: UserIn) -> Any:
    """Invite a person. Only they can take the account over, and until then it can do nothing.

    A role by which one may do what matters is asked for, and given once a second person confirms.
    """
    wanted = Rights(body.role, body.branch, body.region)
    made = inviting.invite(body.username, wanted, caller(request).id, origin_of(request))
    return Status(201, {**_one(made.user), "invitation": _invitation_out(request, made)})


@router.patch("/users/{int:user_id}", auth=May(Action.MANAGE_USERS), response=UserOut)
@gives(TWO_PEOPLE)
def change_user(request: HttpRequest, user_id: int, body: UserChange) -> Any:
    """Change a person's role, area, or whether they may log in.

    What takes something away counts at once. What gives something that takes two people stands
    under `asked`, until another confirms it.
    """
    changes = body.model_dump()
    by, origin = caller(request), origin_of(request)
    return _one(roles.change_user(_number(user_id), by, **changes, origin=origin))


@router.post(
    "/users/{int:user_id}/invitation", auth=May(Action.MANAGE_USERS), response={201: InvitationOut}
)
@gives(STATE)
def renew_invitation(request: HttpRequest, user_id: int) -> Any:
    """Invite a person anew who has not taken the account over: the former code ends."""
    made = inviting.renew(_number(user_id), caller(request).id, origin_of(request))
    return Status(201, _invitation_out(request, made))


@router.delete("/users/{int:user_id}/invitation", auth=May(Action.MANAGE_USERS), response=UserOut)
@gives(STATE)
def withdraw_invitation(request: HttpRequest, user_id: int) -> Any:
    """Withdraw a person's invitation: it can be redeemed no more."""
    return _one(inviting.withdraw(_number(user_id), caller(request).id))


@router.get("/role-requests", auth=May(Action.CONFIRM_ROLES), response=Page[RoleRequestOut])
def list_requests(
    request: HttpRequest,
    response: HttpResponse,
    asked: QueryOf[Paging],
    state: RoleRequestState | None = None,
) -> Any:
    """Roles that were asked for, newest first; only those of a `state` where it is named."""
    rows = RoleRequest.objects.filter(state=state) if state else RoleRequest.objects.all()
    return page_out(request, response, page_of(rows, _REQUESTS, asked))


@router.post(
    "/role-requests/{int:request_id}/confirm", auth=May(Action.CONFIRM_ROLES), response=UserOut
)
@gives(STATE, TWO_PEOPLE)
def confirm(request: HttpRequest, request_id: int) -> Any:
    """Give the role that another asked for: as the second person, and never to oneself."""
    return _one(roles.confirm(_number(request_id), caller(request), origin_of(request)))


@router.post(
    "/role-requests/{int:request_id}/refuse",
    auth=May(Action.CONFIRM_ROLES),
    response=RoleRequestOut,
)
@gives(STATE)
def refuse(request: HttpRequest, request_id: int) -> Any:
    """Do not give it."""
    return roles.refuse(_number(request_id), caller(request), origin_of(request))


def _one(user: User) -> dict[str, Any]:
    return _shown([user])[0]


def _shown(users: Sequence[User]) -> list[dict[str, Any]]:
    asked = roles.open_requests(list(users))
    return [{**UserOut.from_orm(user).dict(), "asked": asked.get(user.pk)} for user in users]


def _invitation_out(request: HttpRequest, made: inviting.Invited) -> dict[str, Any]:
    link = request.build_absolute_uri(made.path)
    return {"link": link, "code": made.code, "expires_at": made.expires_at}


def _number(given: int) -> int:
    # Larger numbers than the database can hold name nobody either.
    if not 0 < given < 2**31:
        raise Http404
    return given

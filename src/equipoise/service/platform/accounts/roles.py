"""Roles asked for, confirmed, refused; taken away at once. Each step is an event.

What gives a right that takes two people waits as a request that does not change: whoever confirms
it confirms what they saw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from equipoise.errors import GateRefused
from equipoise.service.platform.accounts.events import (
    RoleAsked,
    RoleConfirmed,
    RoleRefused,
    RoleRequestWithdrawn,
    UserChanged,
)
from equipoise.service.platform.accounts.models import (
    Invitation,
    RoleRequest,
    RoleRequestState,
    User,
)
from equipoise.service.platform.accounts.origins import as_kept, from_kept
from equipoise.service.platform.accounts.permissions import Principal, Role
from equipoise.service.platform.accounts.rights import (
    Rights,
    TwoPeople,
    check_confirmer,
    in_force_at_once,
)
from equipoise.service.platform.accounts.standing import Origin
from equipoise.service.platform.login.sessions import end_sessions
from equipoise.service.platform.record import services as record

State = RoleRequestState


class Overtaken(GateRefused):
    """Somebody changed the person since a page showed them: who it was, and when."""

    def __init__(self, user: User) -> None:
        changes = record.in_chains([f"user.{user.pk}"], UserChanged, RoleConfirmed)
        last = max(changes, key=lambda each: each.sequence, default=None)
        self.by = last.event.by if last is not None else ""
        super().__init__(
            f"{_name(self.by)} changed '{user.username}' since you read it",
            mend="look at what is so now, then change it once more",
        )


def change_user(
    user_id: int,
    by: Principal,
    *,
    role: Role | None = None,
    branch: str | None = None,
    region: str | None = None,
    active: bool | None = None,
    seen: str = "",
    origin: Origin = Origin(),  # noqa: B008 - frozen
) -> User:
    """Change what someone may do: at once where it only takes away, else once another confirms it.
    `seen` is the mark of the rights as whoever changes them read them, if they did.
    Raises TwoPeople where someone changes themselves, Overtaken where others are seen by now."""
    if by.person == f"user.{user_id}":
        raise TwoPeople("nobody changes their own rights", mend="ask another administrator")
    given = {"role": role, "branch": branch, "region": region, "is_active": active}
    changed: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        if seen and seen != user.rights.mark:
            raise Overtaken(user)
        ask(user, replace(user.rights, **changed), by.id, origin)
    return user


def ask(user: User, wanted: Rights, by: str, origin: Origin) -> RoleRequest | None:
    """Give the person these rights, or ask for them where that takes two people: the open request.

    A request that was open is withdrawn: the last word counts. Within the caller's transaction.
    """
    _withdraw_open(user, by)
    before = user.rights
    if wanted == before:
        return None
    redeemed = Invitation.objects.exclude(redeemed_at=None).values("user").distinct().count()
    if in_force_at_once(before, wanted, by, redeemed):
        _give(user, wanted, asked_by=by, confirmed_by="")
        was: Mapping[str, Any] = before.as_dict()
        changed: Any = {name: now for name, now in wanted.as_dict().items() if now != was[name]}
        event = UserChanged(**changed, by=by)
        record.append(record.event(f"user.{user.pk}", event, rows=(user,)))
        return None
    request = RoleRequest.objects.create(
        user=user, asked_by=by, asked_at=timezone.now(), asked_from=as_kept(origin),
        **wanted.as_dict(),
    )  # fmt: skip
    asked = RoleAsked(request=request.pk, asked=wanted.as_dict(), by=by)
    record.append(record.event(f"user.{user.pk}", asked, rows=(request,)))
    return request


def confirm(request_id: int, by: Principal, origin: Origin = Origin()) -> User:  # noqa: B008
    """Give what was asked for. Raises TwoPeople where `by` is no second person, GateRefused where
    the request is settled."""
    with transaction.atomic():
        request, user = _open(request_id)
        confirmer = User.objects.get(pk=int(by.person.removeprefix("user.")))
        check_confirmer(
            by.person,
            person=f"user.{user.pk}",
            asked_by=request.asked_by,
            handed_over=confirmer.handed_over_at is not None,
        )
        _settle(request, State.CONFIRMED, by.id, origin)
        _give(user, request.rights, asked_by=request.asked_by, confirmed_by=by.id)
        asked_from = from_kept(request.asked_from)
        confirmed = RoleConfirmed(
            **request.rights.as_dict(),
            request=request.pk,
            asked_by=request.asked_by,
            same_browser=origin.same_browser(asked_from),
            same_address=origin.same_address(asked_from),
            by=by.id,
            key=by.key or None,
        )
        record.append(record.event(f"user.{user.pk}", confirmed, rows=(user, request)))
    return user


def refuse(request_id: int, by: Principal, origin: Origin = Origin()) -> RoleRequest:  # noqa: B008
    """Do not give what was asked for; whoever asked may take it back by this too."""
    with transaction.atomic():
        request, user = _open(request_id)
        _settle(request, State.REFUSED, by.id, origin)
        refused = RoleRefused(request=request.pk, by=by.id, key=by.key or None)
        record.append(record.event(f"user.{user.pk}", refused, rows=(request,)))
    return request


def open_requests(users: list[User]) -> dict[int, RoleRequest]:
    """What is asked for each of these people now, by the person's number."""
    rows = RoleRequest.objects.filter(user__in=users, state=State.OPEN)
    return {row.user_id: row for row in rows}


def _give(user: User, rights: Rights, *, asked_by: str, confirmed_by: str) -> None:
    """Also ends the person's sessions where their role changes or they may log in no more."""
    renamed = rights.role is not user.rights.role
    for name, value in rights.as_dict().items():
        setattr(user, name, value)
    if renamed or confirmed_by:
        user.role_asked_by, user.role_confirmed_by = asked_by, confirmed_by
    user.save(
        update_fields=[*rights.as_dict(), "role_asked_by", "role_confirmed_by"],
    )
    if renamed or not rights.is_active:
        end_sessions(user.pk)


def _withdraw_open(user: User, by: str) -> None:
    for request in RoleRequest.objects.filter(user=user, state=State.OPEN):
        _settle(request, State.WITHDRAWN, by, Origin())
        withdrawn = RoleRequestWithdrawn(request=request.pk, by=by)
        record.append(record.event(f"user.{user.pk}", withdrawn, rows=(request,)))


def _settle(request: RoleRequest, state: RoleRequestState, by: str, origin: Origin) -> None:
    request.state, request.settled_by, request.settled_at = state, by, timezone.now()
    request.settled_from = as_kept(origin)
    request.save(update_fields=["state", "settled_by", "settled_at", "settled_from"])


def _open(request_id: int) -> tuple[RoleRequest, User]:
    """The request and its person, both locked. Raises GateRefused where it is settled."""
    person = RoleRequest.objects.values_list("user_id", flat=True).get(pk=request_id)
    user = User.objects.select_for_update().get(pk=person)
    request = RoleRequest.objects.select_for_update().get(pk=request_id)
    if request.state != State.OPEN:
        raise GateRefused(
            f"the request is {request.state} already, by {_name(request.settled_by)}",
            field="state",
            mend="look at what is asked for now: /v1/role-requests",
        )
    return request, user


def _name(person: str) -> str:
    """What a person is called; the id of whoever is none."""
    number = person.removeprefix("user.")
    known = User.objects.filter(pk=int(number)) if number.isdigit() else User.objects.none()
    return known.values_list("username", flat=True).first() or person

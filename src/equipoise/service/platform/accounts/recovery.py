"""What whoever owns the machine may do about people: see them, and give one their way in again.

Nobody in the service asks for this: it is done by command, by whoever can read the folder and its
keys anyway. Each act is an event, signed by `system.owner`.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from equipoise.errors import BadInput, GateRefused, did_you_mean
from equipoise.service.platform.accounts.events import UserChanged, UserReset
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.accounts.rights import OWNER
from equipoise.service.platform.login.devices import forget_devices
from equipoise.service.platform.login.sessions import end_sessions
from equipoise.service.platform.record import services as record


@dataclass(frozen=True, slots=True)
class Reset:
    """What a reset did; `password` is shown this once. `active` and `administrator` say that the
    person was made so by it."""

    username: str
    password: str
    second_factors: int
    sessions: int
    active: bool
    administrator: bool

    def as_dict(self) -> dict[str, Any]:
        """As plain data, for `--json`."""
        return asdict(self)


def list_people() -> list[dict[str, Any]]:
    """Every person, by name: what they may do, whether they can log in and how."""
    with_factor = set(Authenticator.objects.values_list("user_id", flat=True))
    return [
        {
            "username": user.username,
            "role": user.role,
            "branch": user.branch,
            "region": user.region,
            "active": user.is_active,
            "second_factor": user.pk in with_factor,
            "handed_over": user.handed_over_at.isoformat() if user.handed_over_at else None,
            "last_login": user.last_login.isoformat() if user.last_login else None,
        }
        for user in User.objects.order_by("username")
    ]


def reset_person(username: str, *, administrator: bool = False) -> Reset:
    """A new password, no second factor, no session. Where nobody active is an administrator, one
    who was is made active again, and `administrator` makes this person one.

    Raises BadInput where there is nobody of that name, GateRefused where an administrator must
    decide instead.
    """
    with transaction.atomic():
        user = _person(username)
        changed = _recovered(user, administrator=administrator)
        password = secrets.token_urlsafe(18)
        user.set_password(password)
        user.handed_over_at, user.reset_at = None, timezone.now()
        given = ["role_asked_by", "role_confirmed_by", *changed]
        user.save(update_fields=["password", "handed_over_at", "reset_at", *given])
        factors = Authenticator.objects.filter(user=user).delete()[0]
        sessions = end_sessions(user.pk)
        forget_devices(user.pk)
        chain = f"user.{user.pk}"
        if changed:
            given_back = UserChanged(**changed, by=OWNER)
            record.append(record.event(chain, given_back, rows=(user,)))
        reset = UserReset(second_factors=factors, sessions=sessions, by=OWNER)
        record.append(record.event(chain, reset, rows=(user,)))
    return Reset(username, password, factors, sessions, "is_active" in changed, "role" in changed)


def _person(username: str) -> User:
    user = User.objects.select_for_update().filter(username=username).first()
    if user is None:
        names = User.objects.values_list("username", flat=True)
        raise BadInput(
            f"there is nobody of the name '{username}'",
            field="NAME",
            mend=did_you_mean(username, names),
        )
    return user


def _recovered(user: User, *, administrator: bool) -> dict[str, Any]:
    """Changes that bring back an administrator where there is none; made on the person too."""
    active = User.objects.filter(role=Role.ADMINISTRATOR.value, is_active=True)
    others = active.exclude(pk=user.pk).exists()
    if administrator and user.role != Role.ADMINISTRATOR and active.exists():
        raise GateRefused(
            "there is an administrator, who gives roles",
            field="--administrator",
            mend="leave it out, or reset the administrator",
        )
    changed: dict[str, Any] = {}
    if administrator and user.role != Role.ADMINISTRATOR:
        changed["role"] = user.role = Role.ADMINISTRATOR.value
        user.role_asked_by, user.role_confirmed_by = OWNER, ""
    if not user.is_active:
        if others or user.role != Role.ADMINISTRATOR:
            raise GateRefused(
                f"'{user.username}' was made inactive, and an administrator decides about that",
                field="NAME",
                mend="have an administrator make them active again; where there is none, reset "
                "one, or add --administrator",
            )
        changed["is_active"] = user.is_active = True
    return changed

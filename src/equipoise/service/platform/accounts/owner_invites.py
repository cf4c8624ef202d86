"""Invitations by whoever owns the machine: the first author and approver, and whom nobody else can
invite."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from equipoise.errors import BadInput, did_you_mean
from equipoise.service.platform.accounts import inviting
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.owners import TEAMS
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.accounts.rights import OWNER, USERNAME, Rights
from equipoise.service.platform.accounts.roles import open_requests


@dataclass(frozen=True, slots=True)
class OwnerInvited:
    """An invitation by command. `role` is in force already, `role_asked` waits for a person."""

    username: str
    role: str
    role_asked: str
    link: str
    code: str
    expires_at: datetime

    def as_dict(self) -> dict[str, Any]:
        """As plain data, for `--json`."""
        return {
            "username": self.username,
            "role": self.role,
            "role_asked": self.role_asked,
            "link": self.link,
            "code": self.code,
            "expires_at": self.expires_at.isoformat(),
        }


def invite_by_owner(username: str, role: str) -> OwnerInvited:
    """Invite someone, or anew who has not redeemed yet. Raises BadInput where name or role cannot
    be, GateRefused where the person has taken the account over."""
    if not re.fullmatch(USERNAME, username):
        raise BadInput(
            "this can be nobody's name",
            field="NAME",
            mend="use letters, digits and @ . + - _, 80 at most",
        )
    if role and role not in TEAMS:
        raise BadInput(f"there is no role '{role}'", field="--role", mend=did_you_mean(role, TEAMS))
    there = User.objects.filter(username=username).first()
    if there is None:
        made = inviting.invite(username, Rights(Role(role)), OWNER)
    else:
        _same_role(there, role)
        made = inviting.renew(there.pk, OWNER)
    user = made.user
    asked = open_requests([user]).get(user.pk)
    link = f"{_address()}{made.path}"
    return OwnerInvited(
        user.username, user.role, asked.role if asked else "", link, made.code, made.expires_at
    )


def _same_role(user: User, role: str) -> None:
    """An invitation anew changes no role."""
    asked = open_requests([user]).get(user.pk)
    if role and role not in (user.role, asked.role if asked else ""):
        raise BadInput(
            f"'{user.username}' was invited already, for another role",
            field="--role",
            mend="leave it out to invite them anew, and let an administrator change the role",
        )


def _address() -> str:
    """Where people reach the service, as far as its settings tell."""
    origins = settings.CONFIGURATION.origins
    return str(origins[0]).rstrip("/") if origins else ""

"""People, keys and requests for the service's tests."""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from unittest.mock import patch

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from through_door import Client

from equipoise.service.platform.accounts import inviting, roles
from equipoise.service.platform.accounts.keys import make_program
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Principal, Role
from equipoise.service.platform.accounts.rights import OWNER, Rights
from equipoise.service.platform.accounts.services import principal_of
from equipoise.service.platform.accounts.standing import Origin

PASSWORD = "four plain words here"  # noqa: S105 - of every person here
_COLLEAGUE = "colleague"


def person(
    role: Role = Role.NONE,
    name: str = "",
    *,
    factor: bool = True,
    is_active: bool = True,
    **more: Any,
) -> User:
    """Someone of that role who was invited, redeemed the invitation and has a second factor; a
    colleague confirmed the role, and took it back where they are not active."""
    username = name or f"{role or 'nobody'}-{User.objects.count()}"
    with transaction.atomic():
        made = inviting.invite(username, Rights(role, **more), OWNER)
        user = redeemed(made)
        confirmed(user)
        if factor:
            Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
        if not is_active:
            roles.change_user(user.pk, principal_of(colleague()), active=False)
    return User.objects.get(pk=user.pk)


def redeemed(made: inviting.Invited, origin: Origin = Origin()) -> User:  # noqa: B008 - frozen
    """Whoever was invited, once they took the account over."""
    with patch.object(User, "set_password", _set_password):  # hashing it anew takes long
        return inviting.redeem(made.id, made.code, PASSWORD, origin)


def confirmed(user: User) -> User:
    """The person, once what is asked for them is confirmed."""
    for request in roles.open_requests([user]).values():
        roles.confirm(request.pk, principal_of(colleague()))
    return User.objects.get(pk=user.pk)


def given(user: User, role: Role, **more: Any) -> User:
    """The person with another role, which an administrator asked for and a colleague confirmed."""
    roles.change_user(user.pk, acting(person(Role.ADMINISTRATOR)), role=role, **more)
    return confirmed(user)


def colleague() -> User:
    """Somebody who confirms what others ask for."""
    values = {"role": Role.RISK_OFFICER.value, "handed_over_at": timezone.now()}
    return User.objects.get_or_create(username=_COLLEAGUE, defaults=values)[0]


def acting(user: User) -> Principal:
    """The person as whoever acts, as they are in the database now."""
    return principal_of(User.objects.get(pk=user.pk))


def logged_in(user: User, *, csrf: bool = False) -> Client:
    """A browser in which that person is logged in."""
    client = Client(enforce_csrf_checks=csrf)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def with_key(by: User, *scopes: str, **more: Any) -> tuple[Client, str]:
    """A program with a key of those scopes, and its token."""
    if "strategies.write" in scopes and not more.get("test") and "owner" not in more:
        more["owner"] = f"user.{person(Role.ANALYST).pk}"
    token = make_program("test", scopes, by, **more).token
    return Client(headers={"Authorization": f"Bearer {token}"}), token


def send(client: Client, method: str, path: str, body: Any = None) -> Any:
    """Send JSON and return the response."""
    data = body if isinstance(body, bytes) else json.dumps(body or {})
    return client.generic(method, path, data, content_type="application/json")


@cache
def _hashed() -> str:
    return make_password(PASSWORD)


def _set_password(user: User, raw: str) -> None:
    assert raw == PASSWORD
    user.password = _hashed()

"""People, keys and requests for the service's tests."""

from __future__ import annotations

import json
from typing import Any

from allauth.mfa.models import Authenticator
from through_door import Client

from equipoise.service.accounts.keys import make_program
from equipoise.service.accounts.models import User
from equipoise.service.accounts.permissions import Principal, Role
from equipoise.service.accounts.services import principal_of


def person(role: Role = Role.NONE, name: str = "", **more: Any) -> User:
    """Someone of that role, with a second factor."""
    user = User.objects.create(
        username=name or f"{role or 'nobody'}-{User.objects.count()}", role=role.value, **more
    )
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    return user


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
    token = make_program("test", scopes, by, **more).token
    return Client(headers={"Authorization": f"Bearer {token}"}), token


def send(client: Client, method: str, path: str, body: Any = None) -> Any:
    """Send JSON and return the response."""
    data = body if isinstance(body, bytes) else json.dumps(body or {})
    return client.generic(method, path, data, content_type="application/json")

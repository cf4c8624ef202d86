"""The credentials of a first start: told again at each start until the administrator has come in.

They are written with the account and the key that they open, in one transaction, wrapped under a
master key. So a first start that is killed at any moment has either made nothing, or made what the
next one can tell.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from equipoise.record.personal import WrappedKey
from equipoise.service.platform.accounts.reading import still_opens
from equipoise.service.platform.custody.models import FirstCredentials
from equipoise.service.platform.record.subjects import keyring

_BOUND, _VERSION = "first credentials", 1


def keep(user: AbstractBaseUser, credentials: Mapping[str, str]) -> None:
    """Keep what lets the person in until they were. Inside the transaction that makes them."""
    text = json.dumps({"told": dict(credentials), "opens": user.password})
    kept = keyring().wrap(_BOUND, _VERSION, text.encode())
    FirstCredentials.objects.create(user=user.pk, master=kept.master, wrapped=kept.wrapped)


def not_handed_over() -> dict[str, str] | None:
    """The credentials of an administrator who has never logged in; None where there are none, or
    they have been given others since."""
    row = FirstCredentials.objects.first()
    if row is None:
        return None
    kept = WrappedKey(_VERSION, row.master, bytes(row.wrapped))
    bound = json.loads(keyring().unwrap(_BOUND, kept))
    credentials: dict[str, str] = bound["told"]
    return credentials if still_opens(row.user, bound["opens"]) else None


def on_log_in(user: AbstractBaseUser, **_: Any) -> None:
    """Whoever logs in has what they were given: it is forgotten."""
    FirstCredentials.objects.filter(user=user.pk).delete()

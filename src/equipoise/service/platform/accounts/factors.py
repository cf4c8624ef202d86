"""Second factors: sealed where they are kept, each for its person, and sealed anew with the master
keys.

What makes codes (the authenticator app's secret, the seed of the recovery codes) is sealed, bound
to whose it is: a row that is given to another person by whoever writes the database is a factor of
nobody. What is kept of a security key is its public part, which logs nobody in.

allauth seals a text before it says whose it is. So a text that was just sealed is bound to nobody,
and to its person once its row is saved; one that comes from the database is opened as its row's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models.signals import post_init, pre_save

from equipoise.record.personal import Unreadable
from equipoise.service.platform.operations.logs import log
from equipoise.service.platform.record.sealing import open_text, seal_text, sealed_anew

_NOBODY = "second factor of nobody yet"
_SEALED = ("secret", "seed")  # members of what allauth keeps of an authenticator
_log = log("accounts")


class _Sealed(str):
    """A sealed text that knows what it is about."""

    about: str

    @classmethod
    def of(cls, about: str, text: str) -> _Sealed:
        factor = cls(text)
        factor.about = about
        return factor


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps second factors sealed. One that cannot be opened is no factor: its code is refused."""

    error_messages = {  # noqa: RUF012 - as allauth has it
        **DefaultMFAAdapter.error_messages,
        "unreadable": "This second factor cannot be read. Ask whoever runs the service.",
    }

    def encrypt(self, text: str) -> str:
        return _Sealed.of(_NOBODY, seal_text(_NOBODY, text))

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return open_text(getattr(encrypted_text, "about", _NOBODY), encrypted_text)
        except Unreadable as error:
            _log.error("a second factor cannot be read: %s", error.message)
            raise self.validation_error("unreadable") from None


def connect() -> None:
    """Have rows say whose factor is opened, and bind what is new when they are saved."""
    post_init.connect(_name_person, sender=Authenticator, dispatch_uid="factors.name_person")
    pre_save.connect(_bind, sender=Authenticator, dispatch_uid="factors.bind")


def seal_factors_anew() -> int:
    """Seal second factors under the newest master key that an older one seals; how many were.

    Raises Unreadable where a master key is missing.
    """
    changed = 0
    for number in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():  # each alone: nobody waits to log in, and no used code returns
            row = Authenticator.objects.select_for_update().filter(pk=number).first()
            new = _anew(row) if row else {}
            if row and new:
                row.data = {**row.data, **new}
                row.save(update_fields=["data"])
                changed += 1
    return changed


def _anew(row: Authenticator) -> dict[str, str]:
    about = _about(row)
    sealed = {name: sealed_anew(about, text) for name, text in _texts(row)}
    return {name: _Sealed.of(about, text) for name, text in sealed.items() if text is not None}


def _about(row: Authenticator) -> str:
    return f"second factor of user {row.user_id}: {row.type}"


def _texts(row: Authenticator) -> Iterator[tuple[str, str]]:
    data: Any = row.__dict__.get("data")  # not asked for where the row came without it
    for name in _SEALED if isinstance(data, dict) else ():
        if isinstance(data.get(name), str):
            yield name, data[name]


def _name_person(instance: Authenticator, **_: Any) -> None:
    for name, text in _texts(instance):
        if not isinstance(text, _Sealed):  # else it was sealed just now
            instance.data[name] = _Sealed.of(_about(instance), text)


def _bind(instance: Authenticator, **_: Any) -> None:
    for name, text in _texts(instance):
        if getattr(text, "about", "") == _NOBODY:
            about = _about(instance)
            sealed = seal_text(about, open_text(_NOBODY, text))
            instance.data[name] = _Sealed.of(about, sealed)

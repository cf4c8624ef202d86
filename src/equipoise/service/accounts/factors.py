"""Second factors: sealed where they are kept, and sealed anew with the master keys.

What makes codes (the authenticator app's secret, the seed of the recovery codes) is sealed. What is
kept of a security key is its public part, which logs nobody in.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db import transaction

from equipoise.service.ledger.personal import Unreadable
from equipoise.service.ledger.sealing import open_text, seal_text, sealed_anew
from equipoise.service.operations.logs import log

_ABOUT = "second factor"
_SEALED = ("secret", "seed")  # members of what allauth keeps of an authenticator
_log = log("accounts")


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps second factors sealed. One that cannot be opened is no factor: its code is refused."""

    error_messages = {  # noqa: RUF012 - as allauth has it
        **DefaultMFAAdapter.error_messages,
        "unreadable": "This second factor cannot be read. Ask whoever runs the service.",
    }

    def encrypt(self, text: str) -> str:
        return seal_text(_ABOUT, text)

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return open_text(_ABOUT, encrypted_text)
        except Unreadable as error:
            _log.error("a second factor cannot be read: %s", error.message)
            raise self.validation_error("unreadable") from None


def seal_factors_anew() -> int:
    """Seal second factors under the newest master key that an older one seals; how many were.

    Raises Unreadable where a master key is missing.
    """
    changed = 0
    for number in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():  # each alone: nobody waits to log in, and no used code returns
            row = Authenticator.objects.select_for_update().filter(pk=number).first()
            new = _anew(row.data) if row else {}
            if row and new:
                row.data = {**row.data, **new}
                row.save(update_fields=["data"])
                changed += 1
    return changed


def _anew(data: dict[str, Any]) -> dict[str, str]:
    found = {name: sealed_anew(_ABOUT, data[name]) for name in _SEALED if name in data}
    return {name: sealed for name, sealed in found.items() if sealed is not None}

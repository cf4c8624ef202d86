"""Second factors where they are kept: sealed, and sealed anew when the master key is exchanged."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from authenticator import code
from django.test import Client

from equipoise.service.accounts.factors import seal_factors_anew
from equipoise.service.accounts.permissions import Role
from equipoise.service.accounts.services import make_user
from equipoise.service.ledger import subjects
from equipoise.service.ledger.personal import Keyring, Unreadable
from equipoise.service.ledger.sealing import open_text, seal_text

PASSWORD = "four plain words here"  # noqa: S105 - a test account


def log_in(given: str) -> bool:
    """Whether that second factor lets maria in."""
    client = Client()
    client.post("/accounts/login/", {"login": "maria", "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": given})
    return client.get("/").status_code == 200


@pytest.mark.usefixtures("database")
def test_second_factors_are_sealed_and_work_after_the_master_key_was_exchanged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user = make_user("maria", PASSWORD, Role.ANALYST, by="user.1")
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user).get_unused_codes()
    held = str([row.data for row in Authenticator.objects.all()])
    assert secret not in held
    assert all(each not in held for each in codes)
    assert log_in(code(secret))
    assert log_in(codes[0])

    old = subjects.keyring()
    both = Keyring({**old.keys, 2: b"\7" * 32})
    monkeypatch.setattr(subjects, "keyring", lambda: both)
    assert seal_factors_anew() == 2
    assert seal_factors_anew() == 0
    monkeypatch.setattr(subjects, "keyring", lambda: Keyring({2: both.keys[2]}))
    assert log_in(codes[1])
    assert not log_in(codes[0])  # what was used stays used

    monkeypatch.setattr(subjects, "keyring", lambda: Keyring({3: b"\3" * 32}))
    assert not log_in(codes[2])  # and what cannot be read lets nobody in


@pytest.mark.usefixtures("sqlite_database")
def test_a_sealed_text_opens_only_as_what_it_is() -> None:
    sealed = seal_text("webhook-1", "https://hooks.example.com/?token=planted")
    assert open_text("webhook-1", sealed).endswith("planted")
    for about, text in [
        ("webhook-2", sealed),
        ("webhook-1", sealed[:-4] + "AAAA"),
        ("webhook-1", "https://hooks.example.com/"),
        ("webhook-1", "sealed:x:y"),
        ("webhook-1", "sealed:1:"),
        ("webhook-1", ""),
    ]:
        with pytest.raises(Unreadable):
            open_text(about, text)

"""Second factors where they are kept: sealed, and sealed anew when the master key is exchanged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from authenticator import code
from django.test import Client
from processes import Server, begun, workspace
from test_guesses import Browser

from equipoise.record.personal import Keyring, Unreadable
from equipoise.service.platform.accounts.factors import seal_factors_anew
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.accounts.services import make_user
from equipoise.service.platform.record import subjects
from equipoise.service.platform.record.sealing import open_text, seal_text
from equipoise.service.platform.webhooks.keys import keys_in_force, new_secret
from equipoise.service.platform.webhooks.models import Secret, Webhook

PASSWORD = "four plain words here"  # noqa: S105 - a test account


def log_in(given: str, name: str = "maria") -> bool:
    """Whether that second factor lets them in."""
    client = Client()
    client.post("/accounts/login/", {"login": name, "password": PASSWORD})
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


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("how", ["data", "user"])
def test_a_factor_that_is_given_to_another_in_the_database_lets_nobody_in(how: str) -> None:
    """As whoever can write the database, and knows a password, would take the other's place."""
    codes, seeds = dict[str, list[str]](), dict[str, str]()
    for name in ("maria", "viktor"):
        user = make_user(name, PASSWORD, Role.ANALYST, by="user.1")
        TOTP.activate(user, seeds.setdefault(name, generate_totp_secret()))
        codes[name] = RecoveryCodes.activate(user).get_unused_codes()
    assert log_in(code(seeds["viktor"]), "viktor")
    for kind in ("totp", "recovery_codes"):
        rows = Authenticator.objects.filter(type=kind).order_by("user__username")
        (one, her), (two, his) = rows.values_list("pk", "data" if how == "data" else "user_id")
        if how == "data":
            Authenticator.objects.filter(pk=one).update(data=his)
            Authenticator.objects.filter(pk=two).update(data=her)
        else:  # there is one of a kind for each: by way of a third
            spare = make_user(f"spare-{kind}", PASSWORD, Role.ANALYST, by="user.1").pk
            for row, person in ((one, spare), (two, her), (one, his)):
                Authenticator.objects.filter(pk=row).update(user_id=person)
    for name, other in (("maria", "viktor"), ("viktor", "maria")):
        assert not log_in(code(seeds[other]), name)
        assert not log_in(codes[other][0], name)


def test_two_processes_take_one_code_once(
    postgresql_database: Any, tmp_path: Path, in_threads: Any
) -> None:
    folder = workspace(tmp_path / "lender")
    (folder / "service").mkdir(mode=0o700)
    begun(folder)
    user, secret = make_user("maria", PASSWORD, Role.ANALYST, by="user.1"), generate_totp_secret()
    TOTP.activate(user, secret)
    server = Server(folder, postgresql_database.url, 2, background=False).start()
    try:
        browsers = [Browser(server) for _ in range(4)]
        for each in browsers:
            each.send("/accounts/login/", login="maria", password=PASSWORD)
        shown = code(secret)
        said = in_threads(
            4, lambda n: browsers[n].send("/accounts/2fa/authenticate/", code=shown)[1]
        )
        assert sum("authenticate" not in where for where in said) == 1, said
    finally:
        server.kill()


@pytest.mark.usefixtures("sqlite_database")
def test_a_webhooks_address_and_secret_open_in_their_own_row_only() -> None:
    hooks = [Webhook(id=f"webhook-{n}") for n in (1, 2)]
    for hook in hooks:
        hook.url = f"https://hooks.example.com/?token={hook.id}"
        hook.save()
        new_secret(hook)
    one, two = Secret.objects.order_by("webhook_id")
    (one.wrapped, two.wrapped) = (two.wrapped, one.wrapped)
    hooks[0].sealed_url, hooks[1].sealed_url = hooks[1].sealed_url, hooks[0].sealed_url
    for row in (one, two):
        row.save()
    for hook in hooks:
        with pytest.raises(Unreadable):
            assert hook.url
        with pytest.raises(Unreadable):
            keys_in_force(hook)


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

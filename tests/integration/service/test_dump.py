"""Whoever reads the database is nobody: every value in it is tried as whatever lets somebody in.

The service has been lived in: people have logged in, half logged in and set up second factors,
programs have keys, addresses hold tokens. Values are taken apart as a reader of a dump would (JSON,
base64, parts between signs), and each reading is tried.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, hotp_value
from authenticator import code
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from lender import SCOPES, anew, ask, publish
from people import person, send, with_key

from equipoise.service.platform.accounts.models import ApiKey, User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.accounts.services import make_user
from equipoise.service.platform.login import devices, store
from equipoise.service.platform.login.models import Device, Session
from equipoise.service.platform.record.sealing import open_text
from equipoise.service.platform.webhooks import keys as webhook_keys
from equipoise.service.platform.webhooks.models import Webhook
from equipoise.service.platform.webhooks.signing import secret_text

PASSWORD, LATER = "four plain words here", "other four words here"
ADDRESS = "https://hooks.example.com/in?token=planted-token-77"
_SIGNS = re.compile(rb"[^A-Za-z0-9_+/=-]+")


@pytest.fixture
def lived_in(database: Any) -> Iterator[dict[str, str]]:
    """What lets somebody in, by name, of a service that has been used."""
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with anew(), override_settings(PASSWORD_HASHERS=quick):
        publish()
        yield {**_programs(), **_people()}


def _programs() -> dict[str, str]:
    client, token = with_key(person(Role.ADMINISTRATOR), *SCOPES, "webhooks.manage")
    ask(client)
    body = {"url": ADDRESS, "events": ["decision.made"]}
    made = send(client, "POST", "/v1/webhooks", body).json()
    again = send(client, "POST", f"/v1/webhooks/{made['id']}/rotate", {"overlap_hours": 1}).json()
    return {
        "an address": ADDRESS,
        "an address's token": "planted-token-77",
        "a webhook's secret": made["secret"],
        "a webhook's next secret": again["secret"],
        "a key": token,
        "a key's secret": token.split("_")[2],
    }


def _people() -> dict[str, str]:
    user = make_user("maria", PASSWORD, Role.ADMINISTRATOR, by="user.1")
    make_user("pavel", LATER, Role.AUDITOR, by="user.1")
    first, half, pending = Client(), Client(), Client()
    _logs_in(first, "maria", PASSWORD)
    first.post("/accounts/reauthenticate/", {"password": PASSWORD})
    first.get("/accounts/2fa/totp/activate/")
    secret = str(first.session[SECRET_SESSION_KEY])
    assert first.post("/accounts/2fa/totp/activate/", {"code": code(secret)}).status_code == 302
    _logs_in(half, "maria", PASSWORD)
    _logs_in(pending, "pavel", LATER)
    pending.post("/accounts/reauthenticate/", {"password": LATER})
    pending.get("/accounts/2fa/totp/activate/")
    recovery = RecoveryCodes(Authenticator.objects.get(user=user, type="recovery_codes"))
    names = (settings.SESSION_COOKIE_NAME, settings.DEVICE_COOKIE_NAME)
    cookies = {
        f"{name} of {n}": client.cookies[name].value
        for n, client in enumerate((first, half, pending))
        for name in names
        if name in client.cookies
    }
    assert len(cookies) == 5
    codes = {f"code {n}": each for n, each in enumerate(recovery.get_unused_codes())}
    return {
        "a password": PASSWORD,
        "another": LATER,
        "an authenticator's secret": secret,
        "one that is not confirmed yet": str(pending.session[SECRET_SESSION_KEY]),
        "the seed of codes": opened(recovery.instance, "seed"),
        **cookies,
        **codes,
    }


def _logs_in(client: Client, name: str, password: str) -> None:
    client.post("/accounts/login/", {"login": name, "password": password})


def dumped() -> Iterator[tuple[str, Any]]:
    """Every value of every table, with where it stands."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    yield f"{table}.{name}", value


def readings(value: Any, depth: int = 0) -> Iterator[bytes]:
    """What can be read out of a value."""
    plain = _plain(value)
    if not plain:
        return
    yield plain
    if depth == 3:
        return
    for inner in _members(plain):
        yield from readings(inner, depth + 1)
    for part in set(_SIGNS.split(plain)):
        if part != plain and len(part) >= 4:
            yield part
        for decode in (b64decode, urlsafe_b64decode):
            try:
                inner = decode(part + b"=" * (-len(part) % 4)) if len(part) >= 8 else b""
            except ValueError:
                continue
            if inner and inner.isascii():
                yield from readings(inner, depth + 1)


def _plain(value: Any) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    if isinstance(value, dict | list):
        return json.dumps(value).encode()
    return b"" if value is None or isinstance(value, bool) else str(value).encode()


def _members(plain: bytes) -> Iterator[Any]:
    try:
        document = json.loads(plain)
    except ValueError:
        return
    yield from (
        document.values()
        if isinstance(document, dict)
        else document
        if isinstance(document, list)
        else ()
    )


def test_no_value_in_the_database_lets_anybody_in(lived_in: dict[str, str], database: Any) -> None:
    tables = set()
    secrets = {name: secret.encode() for name, secret in lived_in.items()}
    tried: set[bytes] = set()
    for where, value in dumped():
        tables.add(where.split(".")[0])
        for reading in readings(value):
            held = [name for name, secret in secrets.items() if secret in reading]
            assert not held, f"{where} holds {held}"
            tried.add(reading)
    assert {"accounts_user", "mfa_authenticator", "login_session", "webhooks_webhook"} <= tables
    assert len(tried) > 500
    assert _let_somebody_in(sorted(reading.decode("latin-1") for reading in tried)) == []
    if database.file:
        held = b"".join(each.read_bytes() for each in database.file.parent.glob("service.sqlite3*"))
        assert not [name for name, secret in secrets.items() if secret in held]


def _let_somebody_in(texts: list[str]) -> list[tuple[str, str]]:
    """What is a session's cookie, a known browser's, a key, a password, a code or what makes codes,
    or a webhook's secret; each is tried as the service does, of many at once where it asks."""
    tries: dict[str, Callable[[str], bool]] = {
        "key": _is_key(),
        "password": _is_password(),
        "code": _is_code(),
        "webhook's secret": _is_webhook_secret(),
    }
    worked = [(what, text) for what, try_ in tries.items() for text in texts if try_(text)]
    for n in range(0, len(texts), 500):
        some = texts[n : n + 500]
        digests = [store.digest_of(key) for text in some for key in (text, text[:32])]
        cookies = [devices._digest_of(text, name) for text in some for name in ("maria", "pavel")]
        worked += [("session", row.id) for row in Session.objects.filter(digest__in=digests)]
        worked += [("device", row.pk) for row in Device.objects.filter(digest__in=cookies)]
    return worked


def _is_key() -> Callable[[str], bool]:
    prefixes = list(ApiKey.objects.values_list("pk", flat=True))
    digests = {bytes(each) for each in ApiKey.objects.values_list("digest", flat=True)}

    def try_(text: str) -> bool:
        tokens = (text, *(f"eqp_{prefix}_{text}" for prefix in prefixes))
        return any(sha256(token.encode()).digest() in digests for token in tokens)

    return try_


def opened(factor: Authenticator, name: str) -> str:
    """What is sealed for its person."""
    about = f"second factor of user {factor.user_id}: {factor.type}"
    return open_text(about, factor.data[name])


def _is_password() -> Callable[[str], bool]:
    people = list(User.objects.filter(username__in=["maria", "pavel"]))
    return lambda text: len(text) <= 200 and any(user.check_password(text) for user in people)


def _is_code() -> Callable[[str], bool]:
    rows = [row for row in Authenticator.objects.all() if row.data]
    [recovery] = [RecoveryCodes(row) for row in rows if row.type == "recovery_codes"]
    [secret] = [opened(row, "secret") for row in rows if row.type == "totp"]
    unused, shown = recovery.get_unused_codes(), [hotp_value(secret, n) for n in range(2)]

    def try_(text: str) -> bool:
        try:
            return text in unused or [hotp_value(text, n) for n in range(2)] == shown
        except (ValueError, UnicodeEncodeError):
            return False

    return try_


def _is_webhook_secret() -> Callable[[str], bool]:
    keys = [key for hook in Webhook.objects.all() for key in webhook_keys.keys_in_force(hook)]
    return {secret_text(key) for key in keys}.__contains__


def test_each_try_would_be_seen_to_work(lived_in: dict[str, str]) -> None:
    """The tries themselves: what does let somebody in, lets them in."""
    named = {name: value for name, value in lived_in.items() if "address" not in name}
    unconfirmed = {"one that is not confirmed yet", "the seed of codes"}
    texts = sorted({value for name, value in named.items() if name not in unconfirmed})
    worked = _let_somebody_in(texts)
    assert len(worked) == len(texts)

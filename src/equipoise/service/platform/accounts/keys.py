"""Programs and their API keys: made, renewed, found, withdrawn; each change is an event.

A key is how a program shows itself, and ends by itself, within the span that the operator allows.
What the program began is the program's: a renewed key reads, explains and goes on with what the
former one began. A program has an owner, who may change; a key goes on when whoever made it leaves.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from equipoise.errors import BadInput, did_you_mean
from equipoise.record.events import Event
from equipoise.service.platform.accounts.events import KeyMade, KeyRenewed, KeyRevoked, ProgramMade
from equipoise.service.platform.accounts.key_ends import as_moment, end_of
from equipoise.service.platform.accounts.models import ApiKey, Program, User
from equipoise.service.platform.accounts.owners import check_owner, persons_of
from equipoise.service.platform.accounts.permissions import Action, Principal, Role, key_scopes
from equipoise.service.platform.accounts.services import principal_of
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.lookups import LookUp

OVERLAP = timedelta(hours=1)  # in which a renewed key is still taken, unless said
_PREFIX = 12  # characters of a key that name it
# Written out, as every request asks it: to build the statement takes longer than to run it.
_KEYS = LookUp(
    "SELECT k.prefix, k.digest, k.made_by_id, p.id, p.scopes, p.branch, p.region, p.rate, p.burst, "
    "p.test, k.expires_at "
    "FROM accounts_apikey k JOIN accounts_program p ON p.id = k.program_id "
    "WHERE k.revoked_at IS NULL AND k.expires_at > {common} AND k.prefix = {0}",
    ("text",),
)


@dataclass(frozen=True, slots=True)
class Limit:
    """How often a program may ask, by all its keys together: `rate` per second, `burst` at once;
    and until when by this key."""

    program: str
    rate: float
    burst: int
    ends: datetime


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made: `token` is shown once and kept nowhere."""

    key: ApiKey
    token: str


def principal_by_token(token: str) -> tuple[Principal, Limit] | None:
    """The program that holds this token, if it is a key in force, and how often it may ask."""
    return principals_by_tokens((token,)).get(token)


def principals_by_tokens(tokens: Iterable[str]) -> dict[str, tuple[Principal, Limit]]:
    """The same of many tokens by one look at the database; who is nobody is left out."""
    prefixes = {token: parts[1] for token in tokens if len(parts := _parts(token)) == 3}
    if not prefixes:
        return {}
    rows = _rows(tuple({*prefixes.values()}))
    principals = {}
    for token, prefix in prefixes.items():
        row = rows.get(prefix)
        digest = hashlib.sha256(token.encode()).digest()
        if row is not None and hmac.compare_digest(bytes(row[1]), digest):
            principals[token] = _principal(row)
    return principals


def _parts(token: str) -> list[str]:
    """`eqp`, the prefix and the secret; nothing where it has not that form."""
    parts = token.split("_") if token.isascii() else []
    return parts if len(parts) == 3 and parts[0] == "eqp" and len(parts[1]) == _PREFIX else []


def _rows(prefixes: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    rows = _KEYS.of(connection, [(prefix,) for prefix in prefixes], now)
    return {row[0]: row for row in rows if row is not None}


def _principal(row: tuple[Any, ...]) -> tuple[Principal, Limit]:
    prefix, _, maker, program, scopes, branch, region, rate, burst, test, ends = row
    principal = Principal(
        id=f"program.{program}",
        person=f"user.{maker}",
        role=Role.API_CLIENT,
        branch=branch,
        region=region,
        scopes=_scopes(scopes),
        key=f"key.{prefix}",
        test=bool(test),
    )
    return principal, Limit(program, rate, burst, as_moment(ends))


def principal_named(name: str) -> Principal | None:
    """Whoever `program.…` or `user.…` names, with the rights they have now; None: they have gone.

    A program is there while one of its keys is in force.
    """
    kind, _, rest = name.partition(".")
    if kind == "user":
        user = User.objects.filter(pk=int(rest), is_active=True).first()
        return principal_of(user) if user else None
    key = (
        ApiKey.objects.filter(program=rest, revoked_at=None, expires_at__gt=timezone.now())
        .select_related("program")
        .order_by("-made_at")
        .first()
    )
    if key is None:
        return None
    return Principal(
        id=name,
        person=f"user.{key.made_by_id}",
        role=Role.API_CLIENT,
        branch=key.program.branch,
        region=key.program.region,
        scopes=_scopes(json.dumps(key.program.scopes)),
    )


@lru_cache(maxsize=1000)
def _scopes(text: str) -> frozenset[Action]:
    return frozenset(Action(scope) for scope in json.loads(text)) | {Action.SEE_SELF}


def make_program(
    name: str,
    scopes: Iterable[str],
    by: User,
    *,
    owner: str = "",
    expires_at: datetime | None = None,
    branch: str = "",
    region: str = "",
    rate: float | None = None,
    burst: int | None = None,
    test: bool = False,
) -> NewKey:
    """A new program, and its first key; whoever makes it owns it unless said. Raises BadInput where
    a scope is none of a program, or the owner or the end cannot be."""
    asked = _checked_scopes(scopes)
    owner = owner or f"user.{by.pk}"
    with transaction.atomic():
        check_owner(owner, asked, test=test)
        program = Program.objects.create(
            id=secrets.token_hex(6),
            name=name,
            owner=owner,
            owners=persons_of(owner),
            scopes=asked,
            branch=branch,
            region=region,
            rate=rate or settings.CONFIGURATION.rate,
            burst=burst or settings.CONFIGURATION.burst,
            test=test,
        )
        event = ProgramMade(scopes=asked, test=test, owner=owner, by=principal_of(by).id)
        chain = f"program.{program.pk}"
        record.append(record.event(chain, event, begins=True, rows=(program,)))
        return _new_key(program, by, expires_at)


def add_key(program_id: str, by: User, *, expires_at: datetime | None = None) -> NewKey:
    """One more key of a program that there is. Raises DoesNotExist where there is none."""
    with transaction.atomic():
        return _new_key(Program.objects.get(pk=program_id), by, expires_at)


def renew_key(
    prefix: str, by: User, *, overlap: timedelta = OVERLAP, expires_at: datetime | None = None
) -> NewKey:
    """A new key of the same program; the former one ends when `overlap` is over, or before where
    it would have ended or was withdrawn."""
    with transaction.atomic():
        former = ApiKey.objects.select_for_update().select_related("program").get(prefix=prefix)
        made = _new_key(former.program, by, expires_at)
        former.expires_at = min(former.expires_at, timezone.now() + overlap)
        former.save(update_fields=["expires_at"])
        ends = former.expires_at.isoformat()
        renewed = KeyRenewed(renewed_by=f"key.{made.key.prefix}", ends=ends, by=principal_of(by).id)
        _tell(former, renewed)
    return made


def revoke_key(prefix: str, by: Principal) -> ApiKey:
    """Withdraw a key, from its next request on. Doing it again changes nothing."""
    with transaction.atomic():
        key = ApiKey.objects.select_for_update().get(prefix=prefix)
        if key.revoked_at is None:
            key.revoked_at = timezone.now()
            key.save(update_fields=["revoked_at"])
            _tell(key, KeyRevoked(by=by.id, key=by.key or None))
    return key


def _new_key(program: Program, by: User, expires_at: datetime | None) -> NewKey:
    prefix = secrets.token_hex(_PREFIX // 2)
    token = f"eqp_{prefix}_{secrets.token_hex(24)}"
    key = ApiKey.objects.create(
        prefix=prefix,
        digest=hashlib.sha256(token.encode()).digest(),
        program=program,
        made_by=by,
        expires_at=end_of(expires_at, timezone.now(), settings.CONFIGURATION.key_days),
    )
    expires = key.expires_at.isoformat()
    event = KeyMade(program=f"program.{program.pk}", expires=expires, by=principal_of(by).id)
    _tell(key, event, begins=True)
    return NewKey(key, token)


def _checked_scopes(scopes: Iterable[str]) -> list[str]:
    allowed = {scope.value for scope in key_scopes()}
    asked = sorted(set(scopes))
    for scope in asked:
        if scope not in allowed:
            raise BadInput(
                f"'{scope}' is no scope of a program",
                field="scopes",
                mend=did_you_mean(scope, allowed),
            )
    return asked


def _tell(key: ApiKey, event: Event, *, begins: bool = False) -> None:
    record.append(record.event(f"key.{key.prefix}", event, begins=begins, rows=(key,)))

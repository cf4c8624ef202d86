"""People and keys: made, changed, found, withdrawn; each change is an event."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from equipoise.errors import BadInput, did_you_mean
from equipoise.service.accounts.models import ApiKey, User
from equipoise.service.accounts.permissions import Action, Principal, Reach, Role, key_scopes
from equipoise.service.ledger import services as ledger

_LIFE = timedelta(days=365)
# Written out, as every request asks it: to build the statement takes longer than to run it.
_KEY = (
    "SELECT k.digest, k.scopes, k.branch, k.region, k.rate, k.burst, k.made_by_id "
    "FROM accounts_apikey k JOIN accounts_user u ON u.id = k.made_by_id "
    "WHERE k.prefix = %s AND k.revoked_at IS NULL AND k.expires_at > %s AND u.is_active = %s"
)


@dataclass(frozen=True, slots=True)
class Limit:
    """How often a key may ask: `rate` per second, `burst` at once."""

    prefix: str
    rate: float
    burst: int


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made: `token` is shown once and kept nowhere."""

    key: ApiKey
    token: str


def principal_of(user: User) -> Principal:
    """A person as whoever acts."""
    name = f"user.{user.pk}"
    return Principal(name, name, Role(user.role), user.level, user.branch, user.region)


def principal_by_token(token: str) -> tuple[Principal, Limit] | None:
    """Whoever holds this token, if it is a key in force made by someone still here, and how often
    they may ask."""
    parts = token.split("_")
    if len(parts) != 3 or parts[0] != "eqp":
        return None
    with connection.cursor() as cursor:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        cursor.execute(_KEY, [parts[1], now, True])
        row = cursor.fetchone()
    given = hashlib.sha256(token.encode()).digest()
    if row is None or not hmac.compare_digest(bytes(row[0]), given):
        return None
    _, scopes, branch, region, rate, burst, maker = row
    principal = Principal(
        id=f"key.{parts[1]}",
        person=f"user.{maker}",
        role=Role.API_CLIENT,
        branch=branch,
        region=region,
        scopes=_scopes(scopes),
    )
    return principal, Limit(parts[1], rate, burst)


def principal_named(name: str) -> Principal | None:
    """Whoever `key.…` or `user.…` names, with the rights they have now; None: they have gone."""
    kind, _, rest = name.partition(".")
    if kind == "user":
        user = User.objects.filter(pk=int(rest), is_active=True).first()
        return principal_of(user) if user else None
    key = ApiKey.objects.filter(
        prefix=rest, revoked_at=None, expires_at__gt=timezone.now(), made_by__is_active=True
    ).first()
    if key is None:
        return None
    return Principal(
        id=name,
        person=f"user.{key.made_by_id}",
        role=Role.API_CLIENT,
        branch=key.branch,
        region=key.region,
        scopes=_scopes(json.dumps(key.scopes)),
    )


@lru_cache(maxsize=1000)
def _scopes(text: str) -> frozenset[Action]:
    return frozenset(Action(scope) for scope in json.loads(text)) | {Action.SEE_SELF}


def make_key(
    name: str,
    scopes: Iterable[str],
    by: User,
    *,
    expires_at: datetime | None = None,
    branch: str = "",
    region: str = "",
    rate: float | None = None,
    burst: int | None = None,
) -> NewKey:
    """A new key. Raises BadInput where a scope is none that keys may have."""
    allowed = {scope.value for scope in key_scopes()}
    asked = sorted(set(scopes))
    for scope in asked:
        if scope not in allowed:
            raise BadInput(
                f"'{scope}' is no scope of a key", field="scopes", mend=did_you_mean(scope, allowed)
            )
    prefix = secrets.token_hex(6)
    token = f"eqp_{prefix}_{secrets.token_hex(24)}"
    with transaction.atomic():
        key = ApiKey.objects.create(
            prefix=prefix,
            digest=hashlib.sha256(token.encode()).digest(),
            name=name,
            scopes=asked,
            branch=branch,
            region=region,
            rate=rate or settings.CONFIGURATION.rate,
            burst=burst or settings.CONFIGURATION.burst,
            made_by=by,
            expires_at=expires_at or timezone.now() + _LIFE,
        )
        told = {"scopes": asked, "by": principal_of(by).id, "expires": key.expires_at.isoformat()}
        ledger.append(ledger.event(f"key.{prefix}", "key.made", told, begins=True))
    return NewKey(key, token)


def revoke_key(prefix: str, by: Principal) -> ApiKey:
    """Withdraw a key, from its next request on. Doing it again changes nothing."""
    with transaction.atomic():
        key = ApiKey.objects.select_for_update().get(prefix=prefix)
        if key.revoked_at is None:
            key.revoked_at = timezone.now()
            key.save(update_fields=["revoked_at"])
            ledger.append(ledger.event(f"key.{prefix}", "key.revoked", {"by": by.id}))
    return key


def make_user(username: str, password: str, role: Role, by: str, *, level: int = 0) -> User:
    """A new person. Raises BadInput where the name is taken or the password is weak."""
    try:
        validate_password(password, User(username=username))
    except ValidationError as error:
        raise BadInput(
            "the password is too weak", field="password", mend=" ".join(error.messages)
        ) from None
    with transaction.atomic():
        if User.objects.filter(username=username).exists():
            raise BadInput("there is a person of that name", field="username")
        user = User.objects.create_user(username, None, password, role=role.value, level=level)
        told = {"role": role.value, "level": level, "by": by}
        ledger.append(ledger.event(f"user.{user.pk}", "user.made", told, begins=True))
    return user


def change_user(
    user_id: int,
    by: Principal,
    *,
    role: Role | None = None,
    level: int | None = None,
    branch: str | None = None,
    region: str | None = None,
    active: bool | None = None,
) -> User:
    """Change what someone may do. Raises BadInput where someone changes themselves."""
    if by.person == f"user.{user_id}":
        raise BadInput("nobody changes their own rights", mend="ask another administrator")
    given = {"role": role, "level": level, "branch": branch, "region": region, "is_active": active}
    changed = {name: value for name, value in given.items() if value is not None}
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        for name, value in changed.items():
            setattr(user, name, value)
        user.save(update_fields=list(changed))
        ledger.append(ledger.event(f"user.{user_id}", "user.changed", {**changed, "by": by.id}))
    return user


def rows_for(principal: Principal, reach: Reach) -> Q:
    """Which rows: for models with the fields `branch`, `region` and `begun_by`.

    Someone of a branch sees that branch, someone of a region only that region, and someone of
    neither nothing: an empty field is no wildcard.
    """
    if reach is Reach.ALL:
        return Q()
    own = Q(begun_by=principal.id)
    if reach is Reach.OWN:
        return own
    if principal.branch:
        return own | Q(branch=principal.branch)
    return own | Q(region=principal.region) if principal.region else own

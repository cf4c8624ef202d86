"""Who can open a draft: browsers that hold one of its secrets, of which we keep digests alone."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.utils import timezone

from equipoise.service.contexts.drafts.hands import Hands
from equipoise.service.contexts.drafts.models import Access, Draft

# No character that is taken for another one when it is read out or typed.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


IDLE = timedelta(minutes=30)
"""How long somebody may help who does nothing."""
_SEEN = timedelta(minutes=1)  # use is written down no more often
_PERSON = "user."  # of ours: what they hold ends, where an applicant's and a program's stays


def admit(draft: str, hands: Hands, at: datetime) -> str:
    """Another browser's secret."""
    secret = secrets.token_urlsafe(32)
    Access.objects.create(
        draft_id=draft,
        digest=_digest(secret),
        channel=hands.channel,
        by=hands.by,
        made_at=at,
        used_at=timezone.now() if hands.by.startswith(_PERSON) else None,
    )
    return secret


def opened_by(draft: str, secret: str) -> tuple[Draft, Hands] | None:
    """The draft that the secret opens, and whose hands hold it. An unknown draft takes the same
    look-up as another's."""
    row = Access.objects.select_related("draft").filter(digest=_digest(secret)).first()
    if row is None or row.draft_id != draft or not _in_use(row):
        return None
    return row.draft, Hands(row.channel, row.by)


def begun_by(draft: str, program: str) -> tuple[Draft, Hands] | None:
    """The draft that the program began for its applicant, and its hands."""
    row = Access.objects.select_related("draft").filter(draft=draft, by=program).first()
    return None if row is None else (row.draft, Hands(row.channel, row.by))


def helping(draft: str) -> tuple[Hands, ...]:
    """Who helps with it now."""
    rows = Access.objects.filter(draft=draft, used_at__gt=timezone.now() - IDLE).order_by("pk")
    return tuple(Hands(each.channel, each.by) for each in rows)


def _in_use(row: Access) -> bool:
    if row.used_at is None:
        return True
    now = timezone.now()
    idle = now - row.used_at
    if idle >= IDLE:
        return False
    if idle > _SEEN:
        Access.objects.filter(pk=row.pk).update(used_at=now)
    return True


def new_reference() -> str:
    """What a person can read out: 40 bits of chance, in two groups."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _digest(secret: str) -> bytes:
    return sha256(secret.encode()).digest()

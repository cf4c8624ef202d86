"""Who can open a draft: browsers that hold one of its secrets, of which we keep digests alone."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256

from equipoise.service.contexts.drafts.models import Access, Draft

# No character that is taken for another one when it is read out or typed.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def admit(draft: str, channel: str, at: datetime) -> str:
    """Another browser's secret."""
    secret = secrets.token_urlsafe(32)
    Access.objects.create(draft_id=draft, digest=_digest(secret), channel=channel, made_at=at)
    return secret


def opened_by(draft: str, secret: str) -> tuple[Draft, str] | None:
    """The draft that the secret opens, and the channel that holds it. An unknown draft takes the
    same look-up as another's."""
    row = Access.objects.select_related("draft").filter(digest=_digest(secret)).first()
    if row is None or row.draft_id != draft:
        return None
    return row.draft, row.channel


def new_reference() -> str:
    """What a person can read out: 40 bits of chance, in two groups."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _digest(secret: str) -> bytes:
    return sha256(secret.encode()).digest()

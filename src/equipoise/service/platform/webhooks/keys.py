"""An address's secrets: kept wrapped under the master keys, shown once, exchanged gently; and the
address itself, sealed under them too."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from equipoise.record.personal import WrappedKey
from equipoise.service.platform.record.sealing import sealed_anew
from equipoise.service.platform.record.subjects import keyring
from equipoise.service.platform.webhooks.models import Secret, Webhook
from equipoise.service.platform.webhooks.signing import secret_text


def new_secret(webhook: Webhook, overlap: timedelta = timedelta()) -> str:
    """A new secret for the address, as it is shown this once; former ones end after `overlap`.

    Inside the caller's transaction.
    """
    now = timezone.now()
    former = Secret.objects.filter(webhook=webhook)
    last = former.order_by("-version").first()
    former.filter(Q(ends_at=None) | Q(ends_at__gt=now + overlap)).update(ends_at=now + overlap)
    key, kept = keyring().new_key(webhook.id, last.version + 1 if last else 1)
    Secret.objects.create(
        webhook=webhook, version=kept.version, master=kept.master, wrapped=kept.wrapped
    )
    return secret_text(key)


def keys_in_force(webhook: Webhook) -> list[bytes]:
    """The keys that sign now, newest first. Raises Unreadable where a master key is missing."""
    now = timezone.now()
    rows = Secret.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), webhook=webhook)
    return [_key(row) for row in rows.order_by("-version")]


def forget_ended() -> int:
    """Remove secrets whose time is over; how many were."""
    return Secret.objects.filter(ends_at__lte=timezone.now()).delete()[0]


def seal_addresses_anew() -> int:
    """Seal addresses under the newest master key that older ones seal; how many were."""
    count = 0
    for row in Webhook.objects.only("sealed_url"):
        sealed = sealed_anew(row.id, row.sealed_url)
        if sealed is not None:  # where it was changed meanwhile, it is under the newest key
            same = Webhook.objects.filter(pk=row.pk, sealed_url=row.sealed_url)
            count += same.update(sealed_url=sealed)
    return count


def rewrap(limit: int = 1000) -> int:
    """Wrap secrets under the newest master key that older ones wrap; how many were."""
    ring = keyring()
    rows = list(Secret.objects.filter(master__lt=ring.newest)[:limit])
    for row in rows:
        kept = ring.wrap(row.webhook_id, row.version, _key(row))
        row.master, row.wrapped = kept.master, kept.wrapped
        row.save(update_fields=["master", "wrapped"])
    return len(rows)


def _key(row: Secret) -> bytes:
    kept = WrappedKey(row.version, row.master, bytes(row.wrapped))
    return keyring().unwrap(row.webhook_id, kept)

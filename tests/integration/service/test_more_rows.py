"""Invitations, webhooks and batches are held against the record as people and decisions are."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from people import acting, person
from test_batches import as_file, cancel, client, decided, people, post, work

from equipoise.service.contexts.batches.models import Batch
from equipoise.service.platform.accounts.inviting import invite, redeem, renew, withdraw
from equipoise.service.platform.accounts.models import Invitation
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.accounts.rights import OWNER, Rights
from equipoise.service.platform.accounts.standing import Origin
from equipoise.service.platform.record.proving import verify_rows
from equipoise.service.platform.webhooks import keys, services
from equipoise.service.platform.webhooks.models import Webhook

__all__ = ["client"]  # the fixture: a program that may run batches


def wrong() -> set[str]:
    differences = (str(each) for each in verify_rows().differences)
    return {each.split(" in ")[0] + " in " + each.split(" in ")[-1] for each in differences}


@pytest.mark.usefixtures("database")
def test_an_invitation_that_is_changed_in_the_database_is_named() -> None:
    person(Role.ADMINISTRATOR)
    before = wrong()
    made = [invite(name, Rights(Role.NONE), OWNER) for name in ("maria", "juan", "ida")]
    redeem(made[0].id, made[0].code, "four plain words here", Origin())
    again = renew(made[1].user.pk, OWNER)
    withdraw(made[2].user.pk, OWNER)
    assert wrong() == before
    rows = Invitation.objects
    rows.filter(pk=made[2].id).update(withdrawn_at=None)  # it can be redeemed again
    rows.filter(pk=again.id).update(digest=b"another code")
    rows.filter(pk=made[0].id).update(redeemed_at=None)
    table = "accounts_invitation"
    assert wrong() - before == {
        f"{table} {made[2].id}: differs in withdrawn_at",
        f"{table} {again.id}: differs in digest",
        f"{table} {made[0].id}: differs in redeemed_at",
    }


@pytest.mark.usefixtures("database")
def test_a_webhook_that_is_led_elsewhere_in_the_database_is_named() -> None:
    by = acting(person(Role.AUDITOR))
    before = wrong()
    made = [
        services.make(f"https://93.184.216.34/{n}", ["decision.made"], by).webhook for n in range(4)
    ]
    services.change(made[0].id, by, active=False)
    services.remove(made[3].id, by)
    services.ping(made[1].id, by)
    keys.seal_addresses_anew()
    assert wrong() == before
    made[1].url = "https://93.184.216.34/mine"
    Webhook.objects.filter(pk=made[1].pk).update(sealed_url=made[1].sealed_url)
    Webhook.objects.filter(pk=made[2].pk).update(sealed_url=made[1].sealed_url, begun_by="user.9")
    Webhook.objects.filter(pk=made[0].pk).update(switched_off="")
    assert wrong() - before == {
        f"webhooks_webhook {made[0].id}: differs in switched_off",
        f"webhooks_webhook {made[1].id}: differs in address",
        f"webhooks_webhook {made[2].id}: differs in address, begun_by",
    }


def test_a_batch_that_is_changed_in_the_database_is_named(client: Client) -> None:
    before = wrong()
    done = decided(client, as_file(people(), "csv"))
    ended = post(client, as_file(people(), "jsonl"), "jsonl").json()
    cancel(client, ended)
    failed = post(client, b"no,such,columns\n1,2,3\n").json()
    waiting = post(client, as_file(people(9), "csv")).json()
    assert wrong() == before
    work()
    assert wrong() == before
    rows = Batch.objects
    rows.filter(pk=done["id"]).update(rows=1, sha256="0" * 64)
    rows.filter(pk=ended["id"]).update(state="queued")
    rows.filter(pk=failed["id"]).update(state="cancelled")
    rows.filter(pk=waiting["id"]).delete()
    copy = rows.get(pk=done["id"])
    copy.pk, copy.made_at = "batch-forged", timezone.now()
    copy.save(force_insert=True)
    table = "batches_batch"
    assert wrong() - before >= {
        f"{table} {done['id']}: differs in sha256",
        f"{table} {done['id']}: differs in rows",
        f"{table} {ended['id']}: differs in state",
        f"{table} {failed['id']}: differs in state",
    }
    named = " ".join(str(each) for each in verify_rows().differences)
    assert f"{waiting['id']}: is missing" in named
    assert "batch-forged: is there without an entry" in named

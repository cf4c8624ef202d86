"""Webhooks as a receiver meets them: over a real connection, signed, at least once."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from lender import SCOPES, anew, ask, facts, publish
from people import acting, logged_in, person, send, with_key
from receiver import Receiver, documented_check, receiving
from test_batches import as_file, decided, people

from equipoise.service.platform.accounts.keys import revoke_key
from equipoise.service.platform.accounts.models import ApiKey, User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.jobs.registering import Again
from equipoise.service.platform.operations.metrics import exposition
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.service.platform.webhooks import backoff, delivering, outbox, services, tasks
from equipoise.service.platform.webhooks.models import Attempt, Delivery, Secret, State, Webhook
from equipoise.service.platform.webhooks.postman import Postman, deliver_due
from equipoise.service.platform.webhooks.tidying import tidy

ALL = ["decision.made", "decision.outcome"]
KEY = (*SCOPES, "webhooks.manage")


@pytest.fixture(autouse=True)
def _this_machine_is_allowed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    here = dataclasses.replace(settings.CONFIGURATION, webhook_private=("127.0.0.1", "localhost"))
    monkeypatch.setattr(settings, "CONFIGURATION", here)
    services.allowed.cache_clear()
    yield
    services.allowed.cache_clear()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as there:
        yield there


@pytest.fixture
def open_for_business(of_a_lender: None, database: Any) -> Iterator[None]:
    with anew():
        yield


@pytest.fixture
def open_on_sqlite(of_a_lender: None, sqlite_database: Any) -> Iterator[None]:
    with anew():
        yield


def shop() -> Client:
    owner = User.objects.filter(role=Role.ADMINISTRATOR.value).first()
    return with_key(owner or person(Role.ADMINISTRATOR), *KEY, rate=1e4, burst=10_000)[0]


def subscribed(client: Client, url: str, events: list[str] | None = None, **more: Any) -> Any:
    made = send(client, "POST", "/v1/webhooks", {"url": url, "events": events or ALL, **more})
    assert made.status_code == 201, made.content
    return made.json()


def carried() -> int:
    """Everything that has happened is noted and tried once."""
    outbox.gather()
    return deliver_due()


def let_time_pass() -> None:
    """Whatever waits is due now."""
    now = timezone.now()
    Delivery.objects.update(next_at=now)
    Webhook.objects.update(rests_until=now)


def log_of(client: Client, webhook: str, **query: Any) -> Any:
    return client.get(f"/v1/webhooks/{webhook}/deliveries", query).json()["items"]


@pytest.mark.usefixtures("open_for_business")
def test_a_decision_is_told_signed_and_the_log_says_so(receiver: Receiver) -> None:
    client = shop()
    hook = subscribed(client, receiver.url)
    decided = ask(client, facts(amount=12000.0)).json()
    outcome = {"outcome": "booked", "on": timezone.now().date().isoformat()}
    send(client, "POST", f"/v1/decisions/{decided['id']}/outcome", outcome)
    assert carried() == 2
    is_genuine = documented_check()
    assert all(is_genuine(hook["secret"], each.headers, each.body) for each in receiver.got)
    assert not is_genuine(hook["secret"], receiver.got[0].headers, receiver.got[0].body + b" ")
    made, booked = sorted(receiver.got, key=lambda each: each.told["data"]["sequence"])
    assert made.told["type"] == "decision.made"
    for name in ("id", "application", "outcome", "strategy", "digest"):
        assert made.told["data"][name] == decided[name]
    assert made.told["data"]["conditions"] == ["income", "call"]
    [entry, _] = record.entries(decided["application"])
    assert made.told["data"]["entry"] == entry.hash.hex()
    assert booked.told["type"] == "decision.outcome"
    assert booked.told["data"]["outcome"] == "booked"
    deliveries = log_of(client, hook["id"])
    assert [each["kind"] for each in deliveries] == ["decision.outcome", "decision.made"]
    assert {each["state"] for each in deliveries} == {"delivered"}
    assert {each["id"] for each in deliveries} == set(receiver.ids())
    assert [each["attempts"][0]["status"] for each in deliveries] == [200, 200]
    where = f"/v1/webhooks/{hook['id']}/deliveries?limit=1"
    first = client.get(where).json()
    assert first["items"] == deliveries[:1]
    assert log_of(client, hook["id"], after=first["next"]) == deliveries[1:]
    assert carried() == 0


@pytest.mark.usefixtures("open_on_sqlite")
def test_nothing_about_a_person_is_told(receiver: Receiver) -> None:
    client = shop()
    subscribed(client, receiver.url)
    ask(client, facts(application_id="PlantedValue", income=43_217.0))
    assert carried() == 1
    everything = receiver.got[0].body + json.dumps(receiver.got[0].headers).encode()
    assert not re.search(rb"PlantedValue|\b43217\b", everything)  # as a word: a digest may spell it
    known = {
        "id",
        "application",
        "outcome",
        "conditions",
        "strategy",
        "digest",
        "entry",
        "sequence",
    }
    assert set(receiver.got[0].told["data"]) == known


@pytest.mark.usefixtures("open_on_sqlite")
def test_an_address_hears_only_what_it_may_read(receiver: Receiver) -> None:
    admin = logged_in(person(Role.ADMINISTRATOR))
    mine, other = shop(), with_key(person(Role.ADMINISTRATOR), *SCOPES)[0]
    owner = logged_in(person(Role.SERVICE_OWNER))
    theirs = ApiKey.objects.order_by("-made_at").first()
    assert theirs is not None
    own = subscribed(mine, receiver.url)["id"]
    given = subscribed(admin, receiver.url, program=theirs.program_id)["id"]
    every = subscribed(owner, receiver.url, [*ALL, "strategy.published"])["id"]
    first, second = ask(mine).json()["id"], ask(other).json()["id"]
    publish(2)
    carried()

    def heard(webhook: str) -> list[Any]:
        rows = Delivery.objects.filter(webhook=webhook, state=State.DELIVERED)
        by_id = {each.id: each.told["data"] for each in receiver.got}
        return [by_id[pk].get("id", "strategy") for pk in rows.values_list("pk", flat=True)]

    assert heard(own) == [first]
    assert heard(given) == [second]
    assert sorted(heard(every)) == sorted([first, second, "strategy"])
    assert [each["id"] for each in mine.get("/v1/webhooks").json()["items"]] == [own]
    assert other.get("/v1/webhooks").status_code == 403  # its administrator manages it
    assert [each["id"] for each in owner.get("/v1/webhooks").json()["items"]] == [every]
    seen = admin.get("/v1/webhooks").json()["items"]
    assert [each["id"] for each in seen] == [own, given, every]


@pytest.mark.usefixtures("sqlite_database")
def test_what_cannot_be_subscribed_to_is_refused_with_the_mend() -> None:
    client, admin = shop(), logged_in(person(Role.ADMINISTRATOR))
    good = {"url": "https://hooks.example.com/", "events": ALL}

    def refused(who: Client, **changed: Any) -> Any:
        answer = send(who, "POST", "/v1/webhooks", {**good, **changed})
        assert answer.status_code == 422, answer.content
        return answer.json()

    assert refused(client, events=["decision.mad"])["mend"] == "did you mean 'decision.made'?"
    assert "strategies.read" in refused(client, events=["strategy.published"])["mend"]
    assert refused(client, events=["webhook.ping"])["field"] == "events"
    assert refused(client, events=[])["field"] == "events"
    assert "decisions.read" in refused(admin)["mend"]  # administrators read no decisions
    assert refused(admin, program="0" * 12)["field"] == "program"
    assert refused(client, program="0" * 12)["field"] == "program"
    for url in ("http://hooks.example.com/", "https://10.0.0.1/", "https://[::ffff:7f00:1]/"):
        assert refused(client, url=url)["field"] == "url"
    for _ in range(services.MOST):
        subscribed(client, good["url"])
    assert send(client, "POST", "/v1/webhooks", good).status_code == 409


@pytest.mark.usefixtures("open_on_sqlite")
def test_a_name_that_leads_to_a_private_network_is_noted_and_not_connected_to(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = shop()
    hook = subscribed(client, receiver.url.replace("127.0.0.1", "localhost"))
    ask(client)
    nothing = dataclasses.replace(settings.CONFIGURATION, webhook_private=())
    monkeypatch.setattr(settings, "CONFIGURATION", nothing)
    services.allowed.cache_clear()
    row = Webhook.objects.get()
    row.url = "https://localhost/"
    row.save()
    assert carried() == 1
    [delivery] = log_of(client, hook["id"])
    assert delivery["attempts"][0]["problem"] == "forbidden address"
    assert receiver.got == []


@pytest.mark.usefixtures("open_for_business")
def test_what_fails_is_tried_again_under_the_same_id(receiver: Receiver) -> None:
    client = shop()
    hook = subscribed(client, receiver.url)
    ask(client)
    receiver.status = 503
    assert carried() == 1
    [delivery] = log_of(client, hook["id"])
    assert (delivery["state"], delivery["tries"]) == ("waiting", 1)
    assert delivery["next_at"] > delivery["attempts"][0]["at"]
    assert carried() == 0  # not yet
    let_time_pass()
    receiver.status = 200
    assert carried() == 1
    first, second = receiver.got
    assert (first.id, first.body) == (second.id, second.body)
    [delivery] = log_of(client, hook["id"])
    assert (delivery["state"], delivery["next_at"]) == ("delivered", None)
    assert [each["status"] for each in delivery["attempts"]] == [200, 503]
    assert Webhook.objects.get().failures == 0


@pytest.mark.usefixtures("open_on_sqlite")
def test_a_message_is_given_up_in_the_end_and_replayed_by_hand(receiver: Receiver) -> None:
    client = shop()
    hook = subscribed(client, receiver.url)
    ask(client)
    receiver.status = 500
    for _ in range(backoff.MOST_TRIES):
        assert carried() == 1
        let_time_pass()
    assert carried() == 0
    [delivery] = log_of(client, hook["id"], state="dead")
    receiver.status = 200
    again = send(client, "POST", f"/v1/webhooks/deliveries/{delivery['id']}/replay")
    assert (again.status_code, again.json()["state"]) == (200, "waiting")
    assert carried() == 1
    assert log_of(client, hook["id"])[0]["state"] == "delivered"
    assert len(set(receiver.ids())) == 1
    send(client, "POST", f"/v1/webhooks/deliveries/{delivery['id']}/replay")  # also what arrived
    assert carried() == 1
    kinds = [entry.kind for entry in record.entries(hook["id"])]
    assert kinds == ["webhook.made", "webhook.replayed", "webhook.replayed"]


@pytest.mark.usefixtures("open_on_sqlite")
def test_one_message_that_always_fails_does_not_hold_up_the_others(receiver: Receiver) -> None:
    client = shop()
    subscribed(client, receiver.url)
    poison = ask(client).json()["id"]
    for _ in range(9):
        ask(client)
    receiver.answers = lambda each: 500 if each.told["data"]["id"] == poison else 200
    for _ in range(12):
        carried()
        Webhook.objects.update(rests_until=timezone.now())
    states = list(Delivery.objects.order_by("event").values_list("state", flat=True))
    assert states == ["waiting", *["delivered"] * 9]


@pytest.mark.usefixtures("open_on_sqlite")
def test_an_address_that_is_down_is_tried_by_one_message_and_then_left_alone(
    receiver: Receiver,
) -> None:
    client = shop()
    subscribed(client, receiver.url)
    for _ in range(20):
        ask(client)
    receiver.status = 500
    assert 1 <= carried() <= delivering.LINES
    assert carried() == 0
    Webhook.objects.update(rests_until=timezone.now())
    assert carried() == 1
    receiver.status = 200
    let_time_pass()
    assert carried() == 1
    assert carried() == 19


@pytest.mark.usefixtures("open_on_sqlite")
def test_switched_off_it_keeps_its_place_and_is_told_what_it_missed(receiver: Receiver) -> None:
    client = shop()
    hook = subscribed(client, receiver.url)
    where = f"/v1/webhooks/{hook['id']}"
    assert send(client, "PATCH", where, {"active": False}).json()["active"] is False
    ask(client)
    ask(client)
    assert carried() == 0
    assert send(client, "POST", f"{where}/ping").status_code == 409
    assert send(client, "PATCH", where, {"active": True}).json()["switched_off"] == ""
    assert carried() == 2


@pytest.mark.usefixtures("open_on_sqlite")
def test_nothing_that_happened_before_is_told(receiver: Receiver) -> None:
    client = shop()
    ask(client)
    subscribed(client, receiver.url)
    assert carried() == 0


@pytest.mark.usefixtures("open_on_sqlite")
def test_an_address_that_says_it_is_gone_is_switched_off(receiver: Receiver) -> None:
    client = shop()
    hook = subscribed(client, receiver.url)
    ask(client)
    receiver.status = 410
    carried()
    now = send(client, "GET", f"/v1/webhooks/{hook['id']}").json()
    assert "410" in now["switched_off"]
    last = record.entries(hook["id"])[-1]
    assert (last.kind, last.data["by"]) == ("webhook.changed", "system.webhooks")


@pytest.mark.usefixtures("open_on_sqlite")
def test_an_address_that_has_failed_for_days_is_switched_off(receiver: Receiver) -> None:
    client = shop()
    hook = subscribed(client, receiver.url)
    ask(client)
    receiver.status = 500
    carried()
    long_ago = timezone.now() - delivering.PATIENCE - timedelta(minutes=1)
    Webhook.objects.update(failing_since=long_ago, failures=20)
    let_time_pass()
    carried()
    assert "days" in send(client, "GET", f"/v1/webhooks/{hook['id']}").json()["switched_off"]
    assert record.entries(hook["id"])[-1].data["active"] is False
    assert Delivery.objects.get().state == State.WAITING  # nothing is lost by it


@pytest.mark.usefixtures("open_on_sqlite")
def test_an_address_whose_key_is_withdrawn_hears_nothing_more(receiver: Receiver) -> None:
    client = shop()
    subscribed(client, receiver.url)
    ask(client)
    admin = acting(User.objects.get(role=Role.ADMINISTRATOR.value))
    outbox.gather()
    revoke_key(ApiKey.objects.get().prefix, admin)
    assert deliver_due() == 0
    assert receiver.got == []
    assert "gone" in Webhook.objects.get().switched_off


@pytest.mark.usefixtures("open_on_sqlite")
def test_a_ping_goes_the_way_of_all_others_to_the_one_who_asked(receiver: Receiver) -> None:
    client = shop()
    hook = subscribed(client, receiver.url)
    subscribed(client, receiver.url)
    assert send(client, "POST", f"/v1/webhooks/{hook['id']}/ping").status_code == 202
    assert carried() == 1
    assert receiver.got[0].told["type"] == "webhook.ping"
    assert receiver.got[0].told["data"]["webhook"] == hook["id"]
    assert documented_check()(hook["secret"], receiver.got[0].headers, receiver.got[0].body)


@pytest.mark.usefixtures("open_on_sqlite")
def test_a_secret_is_exchanged_with_an_overlap(receiver: Receiver) -> None:
    client = shop()
    hook = subscribed(client, receiver.url)
    where = f"/v1/webhooks/{hook['id']}"
    new = send(client, "POST", f"{where}/rotate", {"overlap_hours": 1}).json()["secret"]
    ask(client)
    carried()
    [both] = receiver.got
    is_genuine = documented_check()
    assert is_genuine(hook["secret"], both.headers, both.body)
    assert is_genuine(new, both.headers, both.body)
    Secret.objects.filter(version=1).update(ends_at=timezone.now())
    tidy()
    ask(client)
    carried()
    one = receiver.got[-1]
    assert not is_genuine(hook["secret"], one.headers, one.body)
    assert is_genuine(new, one.headers, one.body)
    assert Secret.objects.count() == 1


@pytest.mark.usefixtures("sqlite_database")
def test_a_secret_is_shown_once_and_kept_only_wrapped() -> None:
    client = shop()
    hook = subscribed(client, "https://hooks.example.com/")
    from equipoise.service.platform.webhooks.signing import secret_key

    key = secret_key(hook["secret"])
    assert len(key) == 32
    assert key not in bytes(Secret.objects.get().wrapped)
    for path in ("/v1/webhooks", f"/v1/webhooks/{hook['id']}"):
        assert "whsec_" not in send(client, "GET", path).content.decode()
    assert "whsec_" not in str([entry.body for entry in record.entries(hook["id"])])


@pytest.mark.usefixtures("sqlite_database")
def test_secrets_are_wrapped_anew_under_a_newer_master_key(monkeypatch: pytest.MonkeyPatch) -> None:
    from equipoise.record.personal import Keyring
    from equipoise.service.platform.webhooks import keys

    old = Keyring({1: b"a" * 32})
    for room in (keys, subjects):
        monkeypatch.setattr(room, "keyring", lambda: old)
    hook = subscribed(shop(), "https://hooks.example.com/?token=planted")
    row = Webhook.objects.get(pk=hook["id"])
    before = keys.keys_in_force(row)
    assert "hooks.example.com" not in row.sealed_url
    newer = Keyring({1: b"a" * 32, 2: b"b" * 32})
    for room in (keys, subjects):
        monkeypatch.setattr(room, "keyring", lambda: newer)
    tidy()
    row.refresh_from_db()
    assert Secret.objects.get().master == 2
    assert keys.keys_in_force(row) == before
    monkeypatch.setattr(subjects, "keyring", lambda: Keyring({2: b"b" * 32}))
    assert row.url == "https://hooks.example.com/?token=planted"


@pytest.mark.usefixtures("open_on_sqlite")
def test_a_removed_address_is_gone_with_its_log_but_not_from_the_record(
    receiver: Receiver,
) -> None:
    client = shop()
    hook = subscribed(client, receiver.url + "?token=PlantedToken")
    ask(client)
    carried()
    assert client.delete(f"/v1/webhooks/{hook['id']}").status_code == 204
    assert send(client, "GET", f"/v1/webhooks/{hook['id']}").status_code == 404
    assert (Delivery.objects.count(), Attempt.objects.count(), Secret.objects.count()) == (0, 0, 0)
    history = record.entries(hook["id"])
    assert [entry.kind for entry in history] == ["webhook.made", "webhook.removed"]
    assert "PlantedToken" not in str([entry.body for entry in history])


@pytest.mark.usefixtures("open_for_business")
def test_many_processes_at_once_note_and_send_everything_once(
    receiver: Receiver, in_threads: Callable[[int, Callable[[int], Any]], list[Any]]
) -> None:
    client = shop()
    subscribed(client, receiver.url)
    decided = {ask(client).json()["id"] for _ in range(30)}
    in_threads(6, lambda _: carried())
    while carried():
        pass
    assert sorted(each.told["data"]["id"] for each in receiver.got) == sorted(decided)


@pytest.mark.usefixtures("open_on_sqlite")
def test_what_a_dead_process_had_taken_is_sent_again(receiver: Receiver) -> None:
    client = shop()
    subscribed(client, receiver.url)
    ask(client)
    outbox.gather()
    [webhook] = delivering.due()
    batch = delivering.take(webhook)
    assert batch is not None
    batch.send()  # and the process dies before it can record that
    assert delivering.take(webhook) is None
    assert carried() == 0
    Webhook.objects.update(leased_until=timezone.now())  # half a minute later
    assert carried() == 1
    assert receiver.ids() == [receiver.got[0].id] * 2


@pytest.mark.usefixtures("open_on_sqlite")
def test_a_batch_is_told_to_whom_it_belongs_when_it_is_done(receiver: Receiver) -> None:
    scopes = ("batches.create", "batches.read", "results.read", "webhooks.manage")
    mine, other = (with_key(person(Role.ADMINISTRATOR), *scopes)[0] for _ in range(2))
    for client in (mine, other):
        subscribed(client, receiver.url, ["batch.finished"])
    batch = decided(mine, as_file(people(5), "csv"))
    assert carried() == 1
    result = receiver.got[0].told["data"]
    assert (result["id"], result["state"], result["rows"]) == (batch["id"], "done", 5)
    assert result["sha256"] == batch["result"]["sha256"]


@pytest.mark.usefixtures("open_on_sqlite")
def test_carrying_goes_on_after_a_fault_and_until_the_worker_is_told_to_stop(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = shop()
    subscribed(client, receiver.url)
    ask(client)
    monkeypatch.setattr(tasks, "stopping", lambda: bool(receiver.got))
    with monkeypatch.context() as broken, pytest.raises(Again) as later:
        broken.setattr(Postman, "round", lambda *_: (_ for _ in ()).throw(OperationalError))
        tasks.carry.call()
    assert later.value.after == timedelta(seconds=5)
    with pytest.raises(Again) as at_once:
        tasks.carry.call()
    assert at_once.value.after == timedelta(0)
    assert Delivery.objects.get().state == State.DELIVERED


@pytest.mark.usefixtures("open_on_sqlite")
def test_what_waits_and_what_was_given_up_is_in_the_metrics(receiver: Receiver) -> None:
    client = shop()
    subscribed(client, receiver.url)
    ask(client)
    ask(client)
    outbox.gather()
    Delivery.objects.filter(pk=Delivery.objects.all()[0].pk).update(state=State.DEAD)
    text = exposition().decode()
    assert "equipoise_webhooks_waiting 1.0" in text
    assert "equipoise_webhooks_dead 1.0" in text
    assert "equipoise_webhooks_switched_off 0.0" in text


@pytest.mark.usefixtures("open_on_sqlite")
def test_old_entries_of_the_log_are_removed(receiver: Receiver) -> None:
    client = shop()
    subscribed(client, receiver.url)
    for _ in range(3):
        ask(client)
    carried()
    ask(client)
    outbox.gather()
    Delivery.objects.update(made_at=timezone.now() - timedelta(days=31))
    assert tidy() == 3
    assert Delivery.objects.get().state == State.WAITING


@pytest.mark.usefixtures("postgresql_database")
def test_an_entry_that_becomes_visible_late_is_not_passed_over() -> None:
    """PostgreSQL hands out sequence numbers before the commit."""
    import psycopg

    from equipoise.service.platform.record.safe_upto import settled

    record_row = (
        "INSERT INTO record_event (chain, place, at, kind, body, prev, hash) "
        "VALUES ('{}', 0, 0, 'x', '', '', '') RETURNING sequence"
    )
    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    parameters.pop("context", None)
    with psycopg.connect(**parameters) as slow:
        [early] = slow.execute(record_row.format("slow")).fetchone() or [0]
        with connection.cursor() as cursor:
            cursor.execute(record_row.format("quick"))
            [late] = cursor.fetchone()
        assert late > early
        assert settled(patience=0.05) is None
        slow.commit()
        assert settled() == late
        slow.execute("SELECT 1 FROM record_event")  # who only reads holds nobody up
        assert settled() == late

"""From a delivery to an answer: an address is taken, what waits for it is sent, and what came back
is recorded. A process that is killed in between leaves the address to others once its lease has run
out, who send again what was not recorded: everything arrives at least once."""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from equipoise.errors import EquipoiseError
from equipoise.service.platform.jobs.clock import reached
from equipoise.service.platform.operations.logs import facts, log
from equipoise.service.platform.record import reading
from equipoise.service.platform.webhooks import backoff, signing
from equipoise.service.platform.webhooks.guard import Target, target
from equipoise.service.platform.webhooks.keys import keys_in_force
from equipoise.service.platform.webhooks.models import Attempt, Delivery, State, Webhook
from equipoise.service.platform.webhooks.public import message
from equipoise.service.platform.webhooks.sending import Answer, Line
from equipoise.service.platform.webhooks.services import allowed, served, switch_off

BATCH = 100  # messages of one address taken together
LINES = 4  # connections to one address at once
PATIENCE = timedelta(days=5)  # of nothing but failures, after which an address is switched off
_FEW = 10  # failures that days of trying exceed: with fewer, it was the clock that went on
_SENDING_SECONDS = 20.0  # after which no further message of a batch is begun
_GONE = 410
_log = log("webhooks")


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: `id` is the delivery's, the same at every try."""

    id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one message."""

    id: str
    at: datetime
    answer: Answer


@dataclass(slots=True)
class Batch:
    """What is sent to one address together; the network's part, without a database."""

    webhook: str
    to: Target
    keys: list[bytes]
    waiting: deque[Message]
    results: list[Result] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def send(self) -> Batch:
        """Send until all is sent, a message fails, or the time is up."""
        lines = min(LINES, len(self.waiting))
        end = time.monotonic() + _SENDING_SECONDS
        with ThreadPoolExecutor(lines) as pool:
            list(pool.map(lambda _: self._line(end), range(lines)))
        return self

    def _line(self, end: float) -> None:
        with Line(self.to, allowed()) as line:
            while not self.over.is_set() and time.monotonic() < end:
                try:
                    each = self.waiting.popleft()
                except IndexError:
                    return
                at = timezone.now()
                headers = signing.headers(self.keys, each.id, int(at.timestamp()), each.body)
                answer = line.post(each.body, headers)
                self.results.append(Result(each.id, at, answer))
                if answer.problem is not None:
                    self.over.set()


def due() -> list[Webhook]:
    """The addresses for which something waits that may be sent now."""
    now = timezone.now()
    waiting = _waiting(now).filter(webhook=OuterRef("pk"))
    rested = _free(now).filter(reached("rests_until", now, backoff.LONGEST_REST))
    return list(rested.filter(Exists(waiting)).order_by("pk"))


def take(webhook: Webhook) -> Batch | None:
    """Take an address, with what waits for it; None where another process has it.

    Of an address that failed last time one message is tried, not all.
    """
    now = timezone.now()
    if not _free(now).filter(pk=webhook.pk).update(leased_until=_lease_end()):
        return None
    try:
        batch = _batch(webhook, now) if served(webhook) else None
    except EquipoiseError as error:
        _log.error("address cannot be used", exc_info=error, extra=facts(webhook=webhook.pk))
        batch = None
        Webhook.objects.filter(pk=webhook.pk).update(
            rests_until=now + timedelta(seconds=backoff.rest(backoff.MOST_TRIES))
        )
    if batch is None:
        Webhook.objects.filter(pk=webhook.pk).update(leased_until=now)
    return batch


def hold(webhooks: Iterable[str]) -> None:
    """Say that these addresses are still being sent to."""
    Webhook.objects.filter(pk__in=list(webhooks)).update(leased_until=_lease_end())


def record(batch: Batch) -> None:
    """Write down what came of a batch, and give the address back."""
    with transaction.atomic():
        webhook = Webhook.objects.select_for_update().filter(pk=batch.webhook).first()
        if webhook is None:
            return  # removed meanwhile
        rows = Delivery.objects.in_bulk([result.id for result in batch.results])
        for result in sorted(batch.results, key=lambda each: each.at):
            if result.id in rows:
                _count(webhook, result)
                _settle(rows[result.id], result)
        Attempt.objects.bulk_create([_attempt(each) for each in batch.results if each.id in rows])
        Delivery.objects.bulk_update(rows.values(), ["state", "tries", "next_at"])
        webhook.leased_until = timezone.now()
        webhook.save(update_fields=["failures", "failing_since", "rests_until", "leased_until"])
    _judge(webhook, batch.results)


def _free(now: datetime) -> QuerySet[Webhook]:
    """Addresses that nobody sends to, whatever a clock that was set back left in their rows."""
    lease = timedelta(seconds=settings.CONFIGURATION.job_lease)
    return Webhook.objects.filter(reached("leased_until", now, 2 * lease), switched_off="")


def _waiting(now: datetime) -> QuerySet[Delivery]:
    """Messages that may be sent now."""
    return Delivery.objects.filter(
        reached("next_at", now, backoff.LONGEST_WAIT), state=State.WAITING
    )


def _batch(webhook: Webhook, now: datetime) -> Batch | None:
    waiting = _waiting(now).filter(webhook=webhook)
    most = 1 if webhook.failures else BATCH
    rows = list(waiting.order_by("event").values_list("pk", "event")[:most])
    events = reading.at([event for _, event in rows])
    messages = deque(Message(pk, message(events[event])) for pk, event in rows)
    if not messages:
        return None
    return Batch(webhook.pk, target(webhook.url, allowed()), keys_in_force(webhook), messages)


def _count(webhook: Webhook, result: Result) -> None:
    if result.answer.problem is None:
        webhook.failures, webhook.failing_since = 0, None
        return
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or result.at
    webhook.rests_until = result.at + _after(backoff.rest(webhook.failures))


def _settle(delivery: Delivery, result: Result) -> None:
    if result.answer.problem is None:
        delivery.state = State.DELIVERED
        return
    delivery.tries += 1
    wait = backoff.wait(delivery.tries)
    if wait is None:
        delivery.state = State.DEAD
    else:
        delivery.next_at = result.at + _after(wait)


def _attempt(result: Result) -> Attempt:
    answer = result.answer
    return Attempt(
        delivery_id=result.id,
        at=result.at,
        status=answer.status,
        problem=answer.problem or "",
        milliseconds=answer.milliseconds,
    )


def _judge(webhook: Webhook, results: Sequence[Result]) -> None:
    """Switch off an address that says it is gone, or has failed for days."""
    gone = any(each.answer.status == _GONE for each in results)
    since = webhook.failing_since
    if gone:
        switch_off(webhook.pk, "it answered 410: gone for good")
    elif since is not None and webhook.failures >= _FEW and timezone.now() - since > PATIENCE:
        switch_off(webhook.pk, f"nothing arrived for {PATIENCE.days} days")
    failed = next((each.answer for each in results if each.answer.problem), None)
    if failed is not None:
        details = facts(webhook=webhook.pk, status=failed.status, problem=str(failed.problem))
        _log.info("webhook failed", extra=details)


def _lease_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.CONFIGURATION.job_lease)


def _after(seconds: float) -> timedelta:
    chance = random.random()  # noqa: S311 - only spreads load
    return timedelta(seconds=backoff.jittered(seconds, chance))

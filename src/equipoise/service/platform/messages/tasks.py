"""Background work about messages and codes."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.utils import timezone

from equipoise.errors import EquipoiseError
from equipoise.service.platform import clock
from equipoise.service.platform.jobs.registering import Again, every, job, stopping
from equipoise.service.platform.messages import codes, delivering, retention
from equipoise.service.platform.messages.contacts import Channel
from equipoise.service.platform.messages.couriers import Hook, Mail, NoWay
from equipoise.service.platform.messages.transports import Transport, transport
from equipoise.service.platform.operations.logs import facts, log
from equipoise.service.platform.record import subscriptions

_AFTER_NO_WAY = timedelta(seconds=30)
_log = log("messages")


def _waits(channel: Channel) -> bool:
    return _sends(transport(), channel) and delivering.waits(channel)


def _sends(way: Transport | None, channel: Channel) -> bool:
    return way is not None and not way.keeps and channel in way.channels


@every(minutes=1, sooner=partial(_waits, Channel.EMAIL))
@job(attempts=1)
def carry_mail() -> int:
    """Send mail that is due; how many messages a server took."""
    return _carry(Channel.EMAIL)


@every(minutes=1, sooner=partial(_waits, Channel.PHONE))
@job(attempts=1)
def carry_to_telephones() -> int:
    """Post what is due to the provider for telephones; how many messages it took."""
    return _carry(Channel.PHONE)


@every(hours=1, by_age=True)
@job(attempts=1)
def empty_messages() -> int:
    """Empty what messages said whose time is over; how many."""
    return retention.empty_old(clock.now())


@every(hours=1, by_age=True)
@job(attempts=1)
def forget_codes() -> int:
    """Forget codes that nobody can use any more; how many."""
    return codes.forget_over(timezone.now())


@every(minutes=1)
@job(attempts=1)
def forget_messages() -> int:
    """Empty what was written to whoever was erased; how many events were looked at."""
    return subscriptions.forward([_ERASED])


_ERASED = subscriptions.of_erased("messages.erased", retention.forget)


def _carry(channel: Channel) -> int:
    if not _sends(transport(), channel):
        return 0
    courier = Mail if channel is Channel.EMAIL else Hook
    try:
        return delivering.carry(channel, courier, stopping)
    except NoWay as error:
        _log.warning("messages wait", extra=facts(channel=channel, problem=error.problem))
        raise Again(_AFTER_NO_WAY) from error
    except EquipoiseError as error:  # a setting that cannot be used: a start says which
        _log.error("messages cannot be carried", exc_info=error, extra=facts(channel=channel))
        raise Again(_AFTER_NO_WAY) from error

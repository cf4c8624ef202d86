"""Many notices, few messages: what belongs together is told together."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from equipoise.watch.alerts.alert import Alert
from equipoise.watch.alerts.events import Notified

Address = tuple[tuple[str, ...], str]  # a group, and who is told


@dataclass(frozen=True, slots=True)
class Bundle:
    """Notices of one group to one person, as one message. `id` follows from theirs alone: whoever
    sends it again sends it under the same."""

    group: tuple[str, ...]
    to: str
    notices: tuple[Notified, ...]

    @property
    def id(self) -> str:
        """What its Message-ID and its webhook's event id are made of."""
        text = "\n".join(sorted(each.id for each in self.notices))
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def bundles(
    waiting: Iterable[tuple[Alert, Notified]],
    sent: Mapping[Address, datetime],
    at: datetime,
    *,
    wait: timedelta = timedelta(seconds=30),
    interval: timedelta = timedelta(minutes=5),
) -> list[Bundle]:
    """What is to be sent by `at` of notices that wait. A group's first message waits a little for
    its companions, the next ones for the interval since `sent`. A notice of an alert that is
    closed, or kept quiet, by now is not sent."""
    by_address: dict[Address, list[Notified]] = defaultdict(list)
    for alert, notice in waiting:
        if alert.is_open and not alert.is_quiet:
            by_address[alert.group, notice.to].append(notice)
    due = []
    for address, notices in sorted(by_address.items()):
        oldest = min(each.at for each in notices)
        last = sent.get(address)
        ready = oldest + wait if last is None else max(oldest, last + interval)
        if ready <= at:
            ordered = sorted(notices, key=lambda each: (each.at, each.id))
            due.append(Bundle(*address, tuple(ordered)))
    return due

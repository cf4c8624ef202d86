"""What a service would have recorded of people whose ways are drawn by a known law: one page that
some leave at and that changes nothing, and one channel in which a person takes three times as long.

The events are the service's own types, told with moments of our choosing; nobody in them is real.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from equipoise.record.chain import Entry
from equipoise.record.events import Event, Recorded, body_of

PAGES = ("amount", "income", "employer", "work")
USELESS, LEAVE_USELESS, LEAVE_OTHER = "employer", 0.25, 0.03
SLOW_CHANNEL, SLOWER = "branch", 3.0
REFERRED = 0.5
DAYS_WITH_A_PERSON, LEAVE_PER_DAY = 1.0, 0.08
TAKE = 0.8
BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Records:
    """Events in the order of time, as `Recorded` has them."""

    seed: int
    people: int
    over_days: float = 120.0
    version_at: float | None = None  # from this day on, the useless page is not asked any more

    def told(self) -> list[Recorded[Any]]:
        """All of them."""
        rng = np.random.default_rng(self.seed)
        result: list[tuple[datetime, str, Event]] = list(self._published())
        for number in range(self.people):
            result += self._person(rng, number)
        result.sort(key=lambda each: each[0])
        return [
            Recorded(at + 1, entry(chain, moment, event), event)
            for at, (moment, chain, event) in enumerate(result)
        ]

    def _published(self) -> Iterator[tuple[datetime, str, Event]]:
        yield BEGIN - timedelta(days=1), "strategy.loan", _published(1)
        if self.version_at is not None:
            yield BEGIN + timedelta(days=self.version_at), "strategy.loan", _published(2)

    def _person(
        self, rng: np.random.Generator, number: int
    ) -> Iterator[tuple[datetime, str, Event]]:
        from equipoise.service.contexts.drafts.events import (
            DraftAnswered,
            DraftBegun,
            DraftConsented,
            DraftSent,
        )

        day = float(rng.uniform(0, self.over_days))
        now = BEGIN + timedelta(days=day)
        channel = str(rng.choice(["web", SLOW_CHANNEL]))
        new = self.version_at is not None and day > self.version_at
        draft, application = f"draft-{number:07d}", f"application-{number:07d}"
        who = {"by": "applicant", "product": "loan", "channel": channel}
        leaves = rng.uniform(size=len(PAGES))
        minutes = rng.uniform(1, 5, size=len(PAGES) + 2)
        yield now, draft, DraftBegun(**who, at=now.isoformat(), language="en")
        for at, page in enumerate(PAGES):
            if page == USELESS and new:
                continue
            if leaves[at] < (LEAVE_USELESS if page == USELESS else LEAVE_OTHER):
                return
            now += timedelta(minutes=float(minutes[at]))
            yield now, draft, DraftAnswered(**who, at=now.isoformat(), page=page)
        now += timedelta(minutes=float(minutes[-2]))
        yield now, draft, DraftConsented(**who, at=now.isoformat(), purpose="decision", text=1)
        now += timedelta(minutes=float(minutes[-1]))
        asked, decision = rng.uniform() < REFERRED, f"decision-{number:07d}"
        yield now, application, decided(decision, "refer" if asked else "approve", new=new)
        later = now + timedelta(milliseconds=3)
        sent = {"application": application, "decision": decision}
        yield later, draft, DraftSent(**who, at=later.isoformat(), **sent)
        yield from _answered(rng, now, who, sent, asked=asked)


def _answered(
    rng: np.random.Generator,
    now: datetime,
    who: Mapping[str, str],
    sent: Mapping[str, str],
    *,
    asked: bool,
) -> Iterator[tuple[datetime, str, Event]]:
    """What comes after a first decision: a person where one was `asked`, the offer, the signature;
    or that they withdrew while they waited."""
    from equipoise.service.contexts.agreements.events import AgreementSigned, OfferAccepted
    from equipoise.service.contexts.decisions.events import OutcomeRecorded

    application, decision = sent["application"], sent["decision"]
    days = DAYS_WITH_A_PERSON * (SLOWER if who["channel"] == SLOW_CHANNEL else 1.0)
    waits = float(rng.gamma(4.0, days / 4.0))
    leaves, takes = float(rng.exponential(1 / LEAVE_PER_DAY)), rng.uniform() < TAKE
    if asked and leaves < waits:
        now += timedelta(days=leaves)
        gone = {"decision": decision, "outcome": "withdrawn", "on": str(now.date())}
        yield now, application, OutcomeRecorded(**gone, amount=None, by="user.1")
        return
    if asked:
        now += timedelta(days=waits)
        yield now, application, by_person(decision)
    if not takes:
        return
    offered = {
        "agreement": f"agreement-{application}", "decision": decision, "language": "en",
        "channel": who["channel"], "digest": "", "shown": {}, "by": "applicant",
    }  # fmt: skip
    now += timedelta(hours=1)
    yield now, application, OfferAccepted(**offered, at=now.isoformat())
    now += timedelta(hours=1)
    yield now, application, AgreementSigned(**offered, at=now.isoformat(), withdraw_until=None)


def _published(number: int) -> Event:
    from equipoise.service.contexts.registry.events import Published

    return Published(
        number=number, digest=_digest(number), person="user.1", by="user.1", move="publish",
        serial=number, former=None, reason="go", gates=[],
    )  # fmt: skip


def decided(decision: str, outcome: str, *, new: bool = False) -> Event:
    """The strategy's decision, by its second version where that is `new`."""
    from equipoise.service.contexts.decisions.events import DecisionMade

    made = {
        "outcome": outcome, "grade": "A", "journey": "standard", "conditions": [],
        "digest": _digest(2 if new else 1),
    }  # fmt: skip
    return DecisionMade(
        decision=decision, made=made, request="", strategy="loan", way="champion", propensity=1.0,
        facts={}, made_at="", by="applicant",
    )  # fmt: skip


def by_person(decision: str) -> Event:
    """A person's yes."""
    from equipoise.service.contexts.cases.events import OverrideMade

    return OverrideMade(
        decision=decision, machine="decline", answer="approve", reason="INCOME",
        level="junior", words={}, by="user.1",
    )  # fmt: skip


def _digest(number: int) -> str:
    return f"{number:064d}"


def entry(chain: str, moment: datetime, event: Event) -> Entry:
    at = int(moment.timestamp() * 1e6)
    return Entry(chain, 0, at, event.kind, body_of(event), b"", b"")

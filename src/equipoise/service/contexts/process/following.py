"""Following the record: each window of events becomes ways and what happened on them, once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from equipoise.record.events import Recorded
from equipoise.service.contexts.cases.events import CaseDecided, OverrideMade
from equipoise.service.contexts.decisions.events import DecisionMade
from equipoise.service.contexts.drafts.events import DraftBegun, DraftMoved, DraftSent
from equipoise.service.contexts.process.happening import ACTIVITIES, COMPLETE, ERASED, opened_by
from equipoise.service.contexts.process.models import Happening, Lost, Way
from equipoise.service.contexts.process.versions import VERSIONS, Versions
from equipoise.service.platform.record.events import SubjectErased
from equipoise.service.platform.record.subscriptions import Subscription

API = "api"
"""The channel of what a program sends by itself, with no draft."""
_BEFORE = 1  # microsecond: what was done just before the answer that it brought
_COLUMNS = (
    "draft", "application", "product", "version", "channel", "language", "region", "grade",
    "journey", "waits",
)  # fmt: skip
_OF_TIERS = ("tier", "price_kept", "judged_after")  # which `tiering` writes


def _take(events: Sequence[Recorded[Any]]) -> None:
    ways = _Ways(events)
    for each in events:
        ways.take(each.entry.chain, each.entry.at, each.event)
    ways.save()


FOLLOWED = Subscription("process.ways", (*ACTIVITIES, *VERSIONS, SubjectErased), _take)


class _Ways:
    """The ways that a window of events is about: read once, written once."""

    def __init__(self, events: Sequence[Recorded[Any]]) -> None:
        sent = {each.event.application for each in events if isinstance(each.event, DraftSent)}
        wanted = sent | {each.entry.chain for each in events}
        self._known: dict[str, Way] = {}
        for row in Way.objects.filter(Q(draft__in=wanted) | Q(application__in=wanted)):
            self._known |= {chain: row for chain in (row.draft, row.application) if chain}
        self._versions = Versions()
        self._touched: dict[int, Way] = {}
        self._joined: dict[int, tuple[Way, Way]] = {}
        self._happened: list[tuple[Way, str, str, int]] = []
        self._erased: set[str] = set()

    def take(self, chain: str, at: int, event: Any) -> None:
        """Take in one event, in the record's order."""
        if isinstance(event, VERSIONS):
            self._versions.take(chain, event)
            return
        way = self._known.get(chain) or self._begun(chain, at, event)
        if way is None:
            return
        self._touched[id(way)] = way
        if isinstance(event, SubjectErased):
            self._forget(way, chain, at)
            return
        if isinstance(event, DecisionMade):
            self._decided(way, at, event)
        elif isinstance(event, OverrideMade | CaseDecided):
            self._answered(way, at)
        elif isinstance(event, DraftMoved):
            way.product, way.version = event.product, self._versions.in_force(event.product)
        elif isinstance(event, DraftSent):
            at = self._sent(way, event.application, at)
        for activity, lifecycle in ACTIVITIES[type(event)](event):
            self._happened.append((way, activity, lifecycle, at))

    def _begun(self, chain: str, at: int, event: Any) -> Way | None:
        if isinstance(event, DraftBegun):
            version = self._versions.in_force(event.product)
            way = Way(
                draft=chain, product=event.product, version=version, channel=event.channel,
                language=event.language, began=at,
            )  # fmt: skip
        elif isinstance(event, DecisionMade):
            way = Way(application=chain, product=event.strategy, channel=API, began=at)
            way.language = event.language or ""
        else:
            return None  # of a way that was erased, or is none: a batch's, a strategy's
        self._known[chain] = way
        return way

    def _decided(self, way: Way, at: int, event: DecisionMade) -> None:
        self._answered(way, at)
        way.waits = opened_by(event)
        way.version = self._versions.named(event.made["digest"]) or way.version
        way.grade = event.made["grade"] or ""
        way.journey = event.made["journey"] or ""
        way.region = event.region or ""

    def _answered(self, way: Way, at: int) -> None:
        """What was asked for is done, just before the answer."""
        if way.waits:
            self._happened.append((way, way.waits, COMPLETE, at - _BEFORE))
            way.waits = ""

    def _sent(self, way: Way, application: str, at: int) -> int:
        """Its application's way becomes its own; when it was sent: before that was decided."""
        other = self._known.get(application)
        self._known[application] = way
        way.application = application
        if other is None or other is way:
            return at
        self._joined[id(other)] = (other, way)
        self._touched.pop(id(other), None)
        for name in ("version", "grade", "journey", "region", "waits", *_OF_TIERS):
            setattr(way, name, getattr(other, name))
        decided: int = other.began
        return min(at, decided - _BEFORE)

    def _forget(self, way: Way, chain: str, at: int) -> None:
        self._erased.add(chain)
        way.draft = None if way.draft == chain else way.draft
        way.application = None if way.application == chain else way.application
        self._happened.append((way, ERASED, COMPLETE, at))
        del self._known[chain]

    def save(self) -> None:
        """Write what was taken in."""
        gone = [other.pk for other, _ in self._joined.values() if other.pk is not None]
        Way.objects.filter(pk__in=gone).delete()
        ways = list(self._touched.values())
        old = [each for each in ways if each.pk is not None]
        Way.objects.bulk_update(old, _COLUMNS)
        joined_to = [way for _, way in self._joined.values() if way.pk is not None]
        Way.objects.bulk_update(joined_to, _OF_TIERS)
        Way.objects.bulk_create([each for each in ways if each.pk is None])
        for other, way in self._joined.values():
            if other.pk is not None:
                Happening.objects.filter(way=other.pk).update(way=way.pk)
        joined = {key: way for key, (_, way) in self._joined.items()}
        Happening.objects.bulk_create(
            Happening(way=joined.get(id(way), way).pk, activity=name, lifecycle=how, at=at)
            for way, name, how, at in self._happened
        )
        Lost.objects.filter(case__in=self._erased).delete()
        self._versions.save()

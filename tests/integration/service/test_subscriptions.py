"""Subscriptions: handed on in the record's order, once into the database, and never passed over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import transaction
from happened import happened

from equipoise.record.events import Event, Recorded
from equipoise.service.platform.accounts.events import KeyRevoked, PasswordChanged
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subscriptions
from equipoise.service.platform.record.models import Cursor
from equipoise.service.platform.record.models import Event as Row
from equipoise.service.platform.record.subscriptions import Subscription, begin, end, forward

pytestmark = pytest.mark.usefixtures("database")


class Taker:
    """Keeps what it is handed by whom it was done; raises while it is `broken`."""

    def __init__(self, name: str, *types: type[Event]) -> None:
        self.taken: list[str] = []
        self.broken = False
        self.subscription = Subscription(name, types, self.take)

    def take(self, events: Sequence[Recorded[Any]]) -> None:
        for each in events:  # a row of its own for each, in any table
            name = f"{self.subscription.name} took {each.sequence}"
            Cursor.objects.create(name=name, sequence=0)
        if self.broken:
            raise ValueError("broken")
        self.taken += [each.event.by for each in events]


def tell(*by: str, kind: type[Any] = KeyRevoked) -> None:
    with transaction.atomic():
        record.append(*(record.event(f"key.{each}", kind(by=each)) for each in by))


def test_each_is_handed_its_own_types_in_order_and_once() -> None:
    keys, both = Taker("keys", KeyRevoked), Taker("both", KeyRevoked, PasswordChanged)
    tell("a", "b")
    tell("c", kind=PasswordChanged)
    with transaction.atomic():
        record.append(happened("other"))  # of a kind that nobody reads
    assert forward([keys.subscription]) == 2
    tell("d")
    assert forward([keys.subscription, both.subscription]) == 1 + 4
    assert forward([keys.subscription, both.subscription]) == 0
    assert (keys.taken, both.taken) == (["a", "b", "d"], ["a", "b", "c", "d"])


def test_one_begins_where_it_is_told_and_forgets_with_its_end() -> None:
    tell("a", "b")
    last = Row.objects.order_by("-sequence").values_list("sequence", flat=True)[0]
    late = Taker("late", KeyRevoked)
    begin("late", last)
    tell("c")
    assert forward([late.subscription]) == 1
    end("late")
    Cursor.objects.filter(name__contains=" took ").delete()
    assert forward([late.subscription]) == 3
    assert late.taken == ["c", "a", "b", "c"]


def test_what_breaks_is_handed_the_same_again_and_holds_up_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(subscriptions, "WINDOW", 2)
    broken, whole = Taker("a broken one", KeyRevoked), Taker("whole", KeyRevoked)
    broken.broken = True
    tell(*"abcde")
    with pytest.raises(ValueError, match="broken"):
        forward([broken.subscription, whole.subscription])
    assert (broken.taken, whole.taken) == ([], list("abcde"))
    assert not Cursor.objects.filter(name__startswith="a broken one took").exists()
    broken.broken = False
    assert forward([broken.subscription, whole.subscription]) == 5
    assert broken.taken == list("abcde")


def test_of_two_processes_that_hand_on_the_same_one_is_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, other = Taker("same", KeyRevoked), Taker("same", KeyRevoked)
    tell("a", "b")
    read = subscriptions.read

    def overtaken(*given: Any) -> Any:
        monkeypatch.setattr(subscriptions, "read", read)
        assert forward([other.subscription]) == 2
        return read(*given)

    monkeypatch.setattr(subscriptions, "read", overtaken)
    assert forward([one.subscription]) == 0
    assert (one.taken, other.taken) == ([], ["a", "b"])


def test_as_many_windows_as_said_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "WINDOW", 2)
    taker = Taker("few", KeyRevoked)
    tell(*"abcde")
    assert [forward([taker.subscription], windows=1) for _ in range(4)] == [2, 2, 1, 0]
    assert Cursor.objects.get(name="few").sequence == Row.objects.order_by("-pk")[0].pk

"""How often a password or a code may be guessed: ever more slowly, by nobody shut out for good.

Each guess at a name counts, right or wrong, known name or not, before it is looked at; a right one
is given back. After a few the next must wait, each time twice as long, up to a longest wait. While
it waits nothing is looked at and nothing counts, so that to hammer makes it no longer.

Where guesses at a name must wait, each address that asks is given a turn of its own, which counts
and comes in the order of asking: who guesses from elsewhere without end does not take the turn of
the right person. All guesses of one address, at whatever names, are slowed as well. A browser in
which the person has logged in before counts by itself, and does not wait for what others guess;
see `devices`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from equipoise.service.platform.login.models import Guesses

FORGOTTEN = timedelta(hours=1)  # without a guess, after which one begins anew
_TURN = timedelta(minutes=10)  # for which a turn can be used once it has come
_AHEAD = timedelta(minutes=30)  # turns are given so far ahead; what lies further is another clock's


class TooManyGuesses(Exception):
    """The guess is not looked at; one is again in `wait`."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("too many guesses")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Pace:
    """So many guesses at once, then waits from a second on, doubled up to the longest."""

    free: int
    longest: timedelta

    def wait(self, count: int) -> timedelta:
        """How long the next guess waits after so many."""
        over = count - self.free
        if over < 0:
            return timedelta(0)
        return min(self.longest, timedelta(seconds=2 ** min(over, 20)))


PASSWORD = Pace(5, timedelta(minutes=1))  # 68 in the first hour, 60 in each that follows
CODE = Pace(5, timedelta(minutes=15))  # 17 in the first hour, 4 in each that follows
ADDRESS = Pace(30, timedelta(minutes=1))  # at whatever names


@dataclass(frozen=True, slots=True)
class Guess:
    """One that may be looked at now; `right` where it was no guess."""

    keys: tuple[str, ...]

    def right(self) -> None:
        """Give back what it counted: no more than it took, so that whoever can log in as one
        person gets no more guesses at another."""
        with transaction.atomic():
            for row in _locked(self.keys):
                row.count = max(0, row.count - 1)
                row.save(update_fields=["count"])


def take(pace: Pace, at: str, address: str) -> Guess:
    """Count a guess at something, from an address. Raises TooManyGuesses."""
    shared, caller, turn = (_key(each) for each in (at, f"from {address}", f"{at} from {address}"))
    _refuse_while_it_waits(caller, turn)
    with transaction.atomic():
        rows = {row.key: row for row in _locked((shared, caller, turn))}
        wait = _turn(pace, rows[shared], rows[caller], rows[turn])
    if wait:  # only now: the turn that was given must stand
        raise TooManyGuesses(wait)
    return Guess((shared, caller))


def take_alone(pace: Pace, at: str) -> Guess:
    """Count a guess at something that nobody else guesses at. Raises TooManyGuesses."""
    key = _key(at)
    with transaction.atomic():
        [row] = _locked([key])
        now = _now()  # only now: it may have waited for the row
        wait = _left(row.next_at, now)
        if not wait:
            _count(row, pace, now)
    if wait:
        raise TooManyGuesses(wait)
    return Guess((key,))


def name_of(text: str) -> str:
    """A name as it is counted: in whatever way it is written, it is the same person's."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _turn(pace: Pace, shared: Guesses, caller: Guesses, turn: Guesses) -> timedelta:
    """Count the guess and return no wait, or see that it has a turn and return how long until."""
    now = _now()
    wait = _left(caller.next_at, now)
    if wait:
        return wait
    if turn.count:  # one was given, and counted as it was
        wait = _left(turn.next_at, now)
        if wait:
            return wait
        turn.count = 0
        turn.save()
        if now - turn.next_at < _TURN:
            _count(caller, ADDRESS, now)
            return wait
    wait = _left(shared.next_at, now)
    if not wait:
        _count(shared, pace, now)
        _count(caller, ADDRESS, now)
    elif wait < _AHEAD - pace.longest:
        turn.count, turn.last_at, turn.next_at = 1, now, shared.next_at
        turn.save()
        _count(shared, pace, now)
    return wait


def _count(row: Guesses, pace: Pace, now: datetime) -> None:
    row.count = 1 if now - row.last_at > FORGOTTEN else row.count + 1
    due = now + _left(row.next_at, now)  # later than now where others were given turns
    row.last_at, row.next_at = now, due + pace.wait(row.count)
    row.save()


def _refuse_while_it_waits(*keys: str) -> None:
    """The same without a lock and without writing: whoever hammers costs little."""
    now = _now()
    waits = Guesses.objects.filter(key__in=keys, count__gt=0).values_list("next_at", flat=True)
    longest = max((_left(moment, now) for moment in waits), default=timedelta(0))
    if longest:
        raise TooManyGuesses(longest)


def _now() -> datetime:
    return timezone.now()


def _left(moment: datetime, now: datetime) -> timedelta:
    left = moment - now
    return left if timedelta(0) < left < _AHEAD else timedelta(0)


def _locked(keys: Iterable[str]) -> list[Guesses]:
    """The rows, made where absent; always in one order, so that no two wait for each other."""
    ordered, past = sorted(keys), _now() - _AHEAD
    absent = [Guesses(key=key, last_at=past, next_at=past) for key in ordered]
    Guesses.objects.bulk_create(absent, ignore_conflicts=True)
    return list(Guesses.objects.select_for_update().filter(key__in=ordered).order_by("key"))


def _key(text: str) -> str:
    return salted_hmac("equipoise.login.guesses", text, algorithm="sha256").hexdigest()

"""One-time codes: six digits that somebody was sent, and types.

A code holds for ten minutes, for five guesses and for one right one; only the newest counts. A new
one can be had after half a minute, and a few in an hour, so that all guesses together stay few:
25 an hour at one purpose. All of this stands in the database, whatever the number of processes.

Nothing tells whether a purpose is known: of an unknown one a row is made, and the same is done with
it as with any other. How many purposes one address may ask after is the caller's to limit
(`login.guesses`).
"""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

from allauth.core.internal.cryptokit import generate_user_code
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from equipoise.errors import GateRefused
from equipoise.service.platform.messages.models import Code

DIGITS = 6
LIFE = timedelta(minutes=10)
TRIES = 5
REST = timedelta(seconds=30)
MOST, IN = 5, timedelta(hours=1)
_SALT = "equipoise.messages.codes"
_COUNTED = 1000  # guesses; more need not be told apart
_NONE = "-" * 64  # the digest of no code, as long as any


class TooSoon(GateRefused):
    """No new code yet; one can be had in `wait`."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("a code was sent a moment ago", mend="use it, or ask again a little later")
        self.wait = wait


def issue(purpose: str, now: datetime | None = None) -> str:
    """A new code for a purpose, such as a draft's id; a former one ends. Raises TooSoon.

    May be called inside the transaction that sends it.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        row = _row(purpose, moment)
        wait = _wait(row, moment)
        if wait:
            raise TooSoon(wait)
        code: str = generate_user_code(length=DIGITS, numeric=True, dashed=False)
        row.digest, row.tries, row.made, row.made_at = (
            _digest(purpose, code),
            0,
            row.made + 1,
            moment,
        )
        row.save()
    return code


def check(purpose: str, typed: str, now: datetime | None = None) -> bool:
    """Whether this is the purpose's code. Each look counts, and a right one ends the code.

    Must be called outside any transaction: a guess that is rolled back would not be counted.
    """
    moment = now or timezone.now()
    with transaction.atomic(durable=True):
        row = _row(purpose, moment)
        holds = bool(row.digest) and row.tries < TRIES and _within(row.made_at, moment, LIFE)
        right = constant_time_compare(row.digest or _NONE, _digest(purpose, plain(typed)))
        row.tries = min(row.tries + 1, _COUNTED)
        if holds and right:
            row.digest = ""
        row.save()
    return holds and right


def plain(typed: str) -> str:
    """The digits as somebody typed them: full-width ones too, with spaces or dashes between."""
    text = unicodedata.normalize("NFKC", typed)
    return "".join(each for each in text if not each.isspace() and each not in "-‐‑–—")


def forget_over(now: datetime) -> int:
    """Forget the purposes for which nothing was asked of late; how many."""
    over = Code.objects.filter(made_at__lt=now - LIFE, counted_since__lt=now - IN)
    return over.delete()[0]


def _row(purpose: str, now: datetime) -> Code:
    """The purpose's row, locked, with what is over taken out of its count."""
    key = salted_hmac(f"{_SALT}.purpose", purpose, algorithm="sha256").hexdigest()
    absent = Code(key=key, made_at=now - IN, counted_since=now)
    Code.objects.bulk_create([absent], ignore_conflicts=True)
    row = Code.objects.select_for_update().get(pk=key)
    if not _within(row.counted_since, now, IN):
        row.made, row.counted_since = 0, now
    return row


def _wait(row: Code, now: datetime) -> timedelta:
    """How long until the next code may be made."""
    counted: datetime = row.counted_since
    made: datetime = row.made_at
    if row.made >= MOST:
        return counted + IN - now
    rests = row.made and _within(made, now, REST)
    return made + REST - now if rests else timedelta(0)


def _within(since: datetime, now: datetime, span: timedelta) -> bool:
    """Whether it was less than a span ago; what lies ahead is of a clock that was set back."""
    return timedelta(0) <= now - since < span


def _digest(purpose: str, code: str) -> str:
    return salted_hmac(f"{_SALT}.code", f"{purpose}\0{code}", algorithm="sha256").hexdigest()

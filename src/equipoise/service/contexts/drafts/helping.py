"""Somebody of the lender's helps an applicant who is present: at a branch, or over the telephone.

The applicant reads out a code, from their own page or as it was sent to them. Whoever types it sees
the same pages, in a browser in which they are logged in, until one of the two ends it or nothing is
done for a while. What they do is told as done by their hands, over their channel.
"""

from __future__ import annotations

from django.db import models, transaction
from django.utils import timezone

from equipoise.errors import BadInput
from equipoise.service.contexts.drafts.access import IDLE, admit
from equipoise.service.contexts.drafts.asked import at_first, digest_of
from equipoise.service.contexts.drafts.events import DraftHelpBegan, DraftHelpEnded
from equipoise.service.contexts.drafts.hands import Hands, append
from equipoise.service.contexts.drafts.models import Access, Draft, DraftState
from equipoise.service.contexts.drafts.sought import found_by, help_purpose, plain_reference
from equipoise.service.contexts.drafts.writing import written
from equipoise.service.platform import clock
from equipoise.service.platform.login import guesses
from equipoise.service.platform.messages.services import (
    Purpose,
    TooSoon,
    check_code,
    issue_code,
)
from equipoise.service.platform.record import subjects

CHANNELS = ("branch", "telephone")
_MINUTES = "10"
_CHANNEL = "channel"


def code_for_helper(reference: str) -> str:
    """A code to read out to whoever helps; a former one ends. Raises TooSoon."""
    return issue_code(help_purpose(reference))


def send_code_for_helper(known_by: str) -> bool:
    """Send it to the applicant of the draft whose reference has that digest; whether there is one,
    and a way to them."""
    row = _not_ended().filter(pk__in=found_by(known_by)).first()
    if row is None:
        return False
    try:
        with transaction.atomic():
            values = {"code": code_for_helper(row.reference), "minutes": _MINUTES}
            return written(row, "help_code", values, Purpose.CODE)
    except TooSoon:
        return False


def begin_help(reference: str, code: str, hands: Hands, address: str) -> tuple[str, str] | None:
    """The draft, and the secret that opens it for whoever helps; None where the code does not fit.
    Outside any transaction. Raises BadInput for what is no reference, TooManyGuesses."""
    plain = plain_reference(reference)
    guess = guesses.take(guesses.CODE, help_purpose(plain), address)
    fits = check_code(help_purpose(plain), code)
    row = _not_ended().filter(reference=plain).first() if fits else None
    if row is None:
        return None
    guess.right()
    now = clock.now()
    with transaction.atomic():
        subjects.held(row.id)
        append(row, DraftHelpBegan, hands, now)
        return row.id, admit(row.id, hands, now)


def end_help(draft: str, hands: Hands, helper: str = "") -> None:
    """Nobody helps with it any more, or that helper does not; done again it changes nothing."""
    rows = Access.objects.filter(draft=draft, used_at__isnull=False)
    with transaction.atomic():
        subjects.held(draft)
        row = Draft.objects.get(pk=draft)
        _end(row, rows.filter(by=helper) if helper else rows, hands, "over")


def end_idle() -> int:
    """End what nobody used for a while; how many."""
    idle = Access.objects.filter(used_at__lte=timezone.now() - IDLE)
    count = 0
    for draft in set(idle.values_list("draft_id", flat=True)[:1000]):
        with transaction.atomic():
            subjects.held(draft)
            row = Draft.objects.get(pk=draft)
            count += _end(row, idle.filter(draft=draft), Hands("service", "service"), "idle")
    return count


def refuse_channel(product: str, channel: str) -> None:
    """Raises BadInput where an application for the product cannot be begun over that channel, as
    its contract must have one and does not know it; LookupError where it is not in force."""
    contract = at_first(digest_of(product)).whole
    for field in contract.fields:
        needs = field.name == _CHANNEL and field.missing == "refuse" and field.values
        if needs and channel not in field.values:
            raise BadInput(
                f"the contract of '{product}' does not know the channel '{channel}'",
                field="channel",
                mend="add it to the values of its field `channel`",
            )


def _end(row: Draft, rows: models.QuerySet[Access], hands: Hands, why: str) -> int:
    ended = list(rows)
    for each in ended:
        append(row, DraftHelpEnded, hands, clock.now(), helper=each.by, why=why)
    Access.objects.filter(pk__in=[each.pk for each in ended]).delete()
    return len(ended)


def _not_ended() -> models.QuerySet[Draft]:
    return Draft.objects.exclude(state=DraftState.ENDED)

"""Opening a draft in another browser, with a code that its applicant is sent.

Whoever asks is told the same, in the same time, whether there is such a draft or not: what is asked
goes to a job, and only that looks for one. Codes are checked alike for what there is and what there
is not, and no code fits the latter.
"""

from __future__ import annotations

from django.db import transaction

from equipoise.service.contexts.drafts import access
from equipoise.service.contexts.drafts.events import DraftOpened
from equipoise.service.contexts.drafts.hands import Hands, append
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.drafts.sought import (
    Sought,
    help_purpose,
    known_by,
    named,
    plain_reference,
    row_of,
    searched,
)
from equipoise.service.contexts.drafts.tasks import send_code, send_help_code
from equipoise.service.platform import clock
from equipoise.service.platform.login import guesses
from equipoise.service.platform.login.guesses import TooManyGuesses
from equipoise.service.platform.messages.services import check_code
from equipoise.service.platform.record import subjects

__all__ = [
    "Sought",
    "TooManyGuesses",
    "ask_code",
    "ask_code_for_helper",
    "named",
    "open_by_code",
    "open_elsewhere",
    "searched",
]


def ask_code(sought: Sought, address: str) -> None:
    """Have a code sent, if there is such a draft. Raises TooManyGuesses."""
    guesses.take(guesses.CODE, f"ask to {sought.purpose}", address)
    send_code.enqueue(sought.draft, sought.reference, list(sought.digests))


def ask_code_for_helper(reference: str, address: str) -> None:
    """Have a code sent that the applicant reads out to whoever helps, if there is such a draft.
    Raises BadInput for what is no reference, TooManyGuesses."""
    plain = plain_reference(reference)
    guesses.take(guesses.CODE, f"ask to {help_purpose(plain)}", address)
    send_help_code.enqueue(known_by(plain))


def open_by_code(sought: Sought, typed: str, address: str) -> tuple[str, str] | None:
    """The draft, and a new secret that opens it, if that is the code. Outside any transaction.
    Raises TooManyGuesses."""
    guess = guesses.take(guesses.CODE, sought.purpose, address)
    row = row_of(sought) if check_code(sought.purpose, typed) else None
    if row is None:
        return None
    guess.right()
    return row.id, open_elsewhere(row.id, Hands())


def open_elsewhere(draft: str, hands: Hands) -> str:
    """The secret of another browser, for whoever has shown that the draft is theirs."""
    now = clock.now()
    with transaction.atomic():
        subjects.held(draft)
        row = Draft.objects.get(pk=draft)
        append(row, DraftOpened, hands, now)
        return access.admit(draft, hands, now)

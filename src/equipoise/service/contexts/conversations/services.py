"""What others may do in a conversation: ask, choose from a menu, want a person; and as a person of
the lender's, reply and give it back.

Each is one transaction, alone with the draft's chain. While a person has the conversation the
helper says nothing: what is asked then waits for them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from equipoise.errors import BadInput
from equipoise.service.contexts.conversations.events import (
    Answered,
    Asked,
    GivenBack,
    PersonAsked,
    Replied,
)
from equipoise.service.contexts.conversations.helping import helper
from equipoise.service.contexts.conversations.models import HandedOver
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import APPLICANT
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

if TYPE_CHECKING:
    from equipoise.helper import Reply

__all__ = [
    "APPLICANT",
    "HELPER",
    "MOST",
    "ask",
    "choose",
    "forget",
    "give_back",
    "reply",
    "want_a_person",
]
HELPER = "helper"
MOST = 2000  # characters of one turn
WANTED = "wanted"


class Speaker:
    """Which draft's applicant speaks: for which product, in which language, and by whose hands."""

    def __init__(self, draft: str, product: str, language: str, by: str = APPLICANT) -> None:
        self.draft, self.product, self.language, self.by = draft, product, language, by


def ask(speaker: Speaker, question: str, known: Mapping[str, str]) -> None:
    """Record a question and what the helper replies, out of approved texts and what is `known` of
    the application. Raises BadInput where nothing is asked, or more than is read."""
    question = _bounded(question)
    replied = (
        None if _has_a_person(speaker.draft) else helper().reply(question, known, speaker.language)
    )
    _turn(speaker, {"text": question}, "", replied)


def choose(speaker: Speaker, name: str, known: Mapping[str, str]) -> None:
    """Record what was chosen from a menu, and the text. Raises BadInput for a text there is not."""
    replied = helper().chosen(name, known, speaker.language)
    _turn(speaker, {}, name, None if _has_a_person(speaker.draft) else replied)


def want_a_person(speaker: Speaker) -> None:
    """Hand the conversation to a person, because the applicant wants that."""
    now = clock.now()
    with transaction.atomic():
        subjects.held(speaker.draft)
        _hand_over(speaker, WANTED, "", now)


def reply(draft: str, text: str, by: str) -> None:
    """A person's words. Raises DoesNotExist where nobody waits for a person, BadInput."""
    text = _bounded(text)
    with transaction.atomic():
        subject = subjects.held(draft)
        row = HandedOver.objects.get(pk=draft)
        words = subjects.seal_for(subject, {"text": text}).body
        at = clock.now().isoformat()
        said = Replied(by=by, language=row.language, at=at, words=words)
        record.append(record.event(draft, said))


def give_back(draft: str, by: str) -> None:
    """Have the helper answer again. Raises DoesNotExist where no person has the conversation."""
    with transaction.atomic():
        subjects.held(draft)
        row = HandedOver.objects.get(pk=draft)
        back = GivenBack(by=by, language=row.language, at=clock.now().isoformat())
        record.append(record.event(draft, back))
        row.delete()


def forget(drafts: Collection[str]) -> int:
    """Let nobody wait for a person whose key is gone; how many did."""
    return HandedOver.objects.filter(pk__in=subjects.unreadable(drafts)).delete()[0]


def _has_a_person(draft: str) -> bool:
    return HandedOver.objects.filter(pk=draft).exists()


def _bounded(text: str) -> str:
    text = text.replace("\x00", "").strip()
    if not text or len(text) > MOST:
        raise BadInput(
            "nothing was written" if not text else "that is more than is read at once",
            field="text",
            mend=f"write 1 to {MOST} characters",
        )
    return text


def _turn(speaker: Speaker, asked: Mapping[str, str], chosen: str, replied: Reply | None) -> None:
    now = clock.now()
    said: dict[str, Any] = {"language": speaker.language, "at": now.isoformat()}
    with transaction.atomic():
        subject = subjects.held(speaker.draft)
        words = subjects.seal_for(subject, asked).body
        event = Asked(by=speaker.by, text=chosen, words=words, **said)
        record.append(record.event(speaker.draft, event))
        if replied is None:
            return
        fields = _reply_fields(replied)
        sealed = subjects.seal_for(subject, fields.pop("words")).body
        record.append(
            record.event(speaker.draft, Answered(by=HELPER, words=sealed, **fields, **said))
        )
        if fields["reply"] in ("urgent", "hand_over"):
            why, topic = _reason(replied)
            _hand_over(speaker, why, topic, now)


def _reply_fields(replied: Reply) -> dict[str, Any]:
    """A reply as its event tells it, with its words to be sealed."""
    from equipoise.helper import Answer, Menu, Urgent

    fields: dict[str, Any] = {"text": "", "edition": 0, "digest": ""}
    words: dict[str, Any] = {"text": replied.text}
    if isinstance(replied, Answer):
        by = {"text": replied.name, "edition": replied.version, "digest": replied.digest}
        return {**fields, **by, "reply": "answer", "words": {**words, "title": replied.title}}
    if isinstance(replied, Menu):
        options = [[each.name, each.title] for each in replied.options]
        return {**fields, "reply": "menu", "words": {**words, "options": options}}
    kind = "urgent" if isinstance(replied, Urgent) else "hand_over"
    return {**fields, "reply": kind, "words": words}


def _reason(replied: Reply) -> tuple[str, str]:
    from equipoise.helper import HandOver, Urgent

    if isinstance(replied, Urgent):
        return "urgent", str(replied.topic)
    return (str(replied.why), "") if isinstance(replied, HandOver) else ("", "")


def _hand_over(speaker: Speaker, why: str, topic: str, at: datetime) -> None:
    waiting = {
        "product": speaker.product,
        "language": speaker.language,
        "why": why,
        "topic": topic,
        "since": at,
    }
    _, new = HandedOver.objects.get_or_create(pk=speaker.draft, defaults=waiting)
    if new or topic:
        HandedOver.objects.filter(pk=speaker.draft).update(why=why, topic=topic)
        event = PersonAsked(
            by=speaker.by, language=speaker.language, at=at.isoformat(), why=why, topic=topic
        )
        record.append(record.event(speaker.draft, event))

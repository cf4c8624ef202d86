"""The conversation of whoever applies with the helper, or with the person who took it over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from equipoise.service.contexts.conversations import services
from equipoise.service.contexts.conversations.reading import Spoken, turns, with_a_person
from equipoise.service.contexts.conversations.services import Speaker
from equipoise.service.contexts.drafts.reading import DraftView
from equipoise.service.pages.applicant.known import known


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that was said so far; `menu` can be chosen from now: names of texts, and their titles.
    `person`: a person has it."""

    turns: Sequence[Spoken]
    menu: Sequence[tuple[str, str]]
    person: bool


def conversation(draft: DraftView) -> Conversation:
    """As it stands. Raises Unreadable where the applicant was erased."""
    spoken, person = turns(draft.id), with_a_person(draft.id) is not None
    asked = spoken[-1].options if spoken and spoken[-1].kind == "menu" else ()
    return Conversation(spoken, () if person else asked, person)


def ask(draft: DraftView, question: str) -> None:
    """Ask in words. Raises BadInput where nothing is asked, or more than is read."""
    services.ask(_speaker(draft), question, known(draft))


def choose(draft: DraftView, name: str) -> None:
    """Choose from a menu. Raises BadInput for a text there is not."""
    services.choose(_speaker(draft), name, known(draft))


def want_a_person(draft: DraftView) -> None:
    """Have a person take over."""
    services.want_a_person(_speaker(draft))


def _speaker(draft: DraftView) -> Speaker:
    return Speaker(draft.id, draft.product.name, draft.language, draft.hands.by)

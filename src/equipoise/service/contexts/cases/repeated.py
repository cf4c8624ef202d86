"""What an applicant would read repeats nothing that was written for colleagues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from equipoise.errors import BadInput
from equipoise.service.contexts.cases.events import WorkAssigned, WorkSnoozed
from equipoise.service.contexts.cases.notebook import notes_at
from equipoise.service.contexts.cases.said import said_about
from equipoise.service.contexts.decisions.reading import DecisionView, opened_for
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record

LEAST = 24
"""Characters that are repeated on purpose: fewer are so by chance."""


class Repeated(BadInput):
    """Words for an applicant repeat what was written for colleagues."""


def refuse_repeated(decision: DecisionView, texts: Mapping[str, str], by: Principal) -> None:
    """Raises Repeated, by the field of `texts` whose words were written for colleagues: in notes,
    in answers that were signed or passed on, or as work was handed on. Raises Withheld, and
    Unreadable after an erasure."""
    inside = [_plain(each) for each in _for_colleagues(decision, by)]
    for field, text in texts.items():
        said = _plain(text)
        if any(part in said for words in inside for part in _parts(words)):
            raise Repeated(
                "it repeats a note for colleagues",
                field=field,
                mend="write it anew, for the applicant",
            )


def _for_colleagues(decision: DecisionView, by: Principal) -> Iterator[str]:
    of = decision.row
    yield from (each.words for each in notes_at(decision, by))
    yield from (each.words for each in said_about(of.application, of.id, of, by))
    for each in record.history(of.application, WorkAssigned, WorkSnoozed):
        if each.event.words is not None:
            yield str(opened_for(by, of, each.event.words)["words"])


def _parts(words: str) -> Iterator[str]:
    for at in range(len(words) - LEAST + 1):
        yield words[at : at + LEAST]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())

"""The draft that a program began, and the language and errors in which it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import Http404, HttpRequest

from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.drafts.reading import DraftState, DraftView, view_of_program
from equipoise.service.contexts.drafts.services import Closed, NotComplete
from equipoise.service.pages.applicant.standing import Standing, standing
from equipoise.service.platform.accounts.access import caller
from equipoise.texts.saying import our_languages, speaking


@contextmanager
def held(request: HttpRequest, draft: str) -> Iterator[DraftView]:
    """The draft, in its language; others' are not there. Raises GateRefused for what can be changed
    no more or is not complete."""
    opened = view_of_program(draft, caller(request).id)
    if opened is None:
        raise Http404
    with speaking(opened.language):
        try:
            yield opened
        except NotComplete as error:
            raise GateRefused(str(error), field=error.field) from None
        except Closed as error:
            raise GateRefused(str(error), mend="read the draft: its state says why") from None


def sent(draft: DraftView) -> Standing:
    """Where it stands. Raises GateRefused before it was sent."""
    if draft.state != DraftState.SENT:
        raise GateRefused("the draft has not been sent, or is on its way", field="state")
    return standing(draft)


def our_language(named: str) -> str:
    """The language that was named; our first where none was. Raises BadInput for one in which we
    have no words."""
    if named and named not in our_languages():
        raise BadInput(
            f"we have no words in '{named:.20}'",
            field="language",
            mend=f"give one of {', '.join(our_languages())}",
        )
    return named or our_languages()[0]

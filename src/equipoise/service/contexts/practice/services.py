"""What a person may do to practise: answer, share or not, forget, do a drill, and have the lender's
own past cases drawn. Everything is theirs alone and nothing of it is recorded: see the package."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from django.db import IntegrityError, transaction
from django.db.models import Q

from equipoise.errors import BadInput, GateRefused
from equipoise.review.practice import STEPS, Case, Drill, near
from equipoise.review.practice import Deck as Cases
from equipoise.service.contexts.practice import tasks
from equipoise.service.contexts.practice.models import DECKS, Answer, Deck, Drilled, Sharing, Source
from equipoise.service.contexts.practice.reading import lenders_today, next_in, rows_of
from equipoise.service.contexts.practice.sources import PATIENCE, edition_of
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal


class AnotherIsNext(GateRefused):
    """The case that was answered is not the one that is next: it was answered in another window, or
    the cases were drawn anew."""


def answer(by: Principal, source: Source, case: int, *, approves: bool, stated: float) -> int:
    """Keep what the person says of the case that is next for them; the answer's number.

    Raises BadInput for a chance that is no step, AnotherIsNext where another case is next.
    """
    if stated not in STEPS:
        raise BadInput("that is none of the chances", field="stated", mend="take one of the list")
    edition = edition_of(source, by)
    rows = rows_of(by.person, source)
    due = None if edition is None else next_in(edition, rows, by.person)
    if edition is None or due is None or due.case.number != case:
        raise AnotherIsNext("another case is next")
    row = Answer(
        person=by.person,
        source=source,
        place=due.place,
        edition=edition.name,
        case=case,
        approves=approves,
        stated=stated,
        answered_at=clock.now(),
        **_beside(due.case, edition.deck),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the same press twice
        raise AnotherIsNext("another case is next") from None
    return int(row.pk)


def share(by: Principal, *, shares: bool) -> None:
    """Let others see how well the person answers, or no longer."""
    if shares:
        Sharing.objects.get_or_create(person=by.person, defaults={"since": clock.now()})
    else:
        Sharing.objects.filter(person=by.person).delete()


def forget(by: Principal) -> None:
    """Forget all that the person answered, drilled and shares."""
    with transaction.atomic():
        for model in (Answer, Drilled, Sharing):
            model.objects.filter(person=by.person).delete()


def ask_for_cases(source: Source) -> None:
    """Have the lender's own past cases of that source drawn, or drawn anew; asked twice, it is done
    once."""
    with transaction.atomic():
        first = {"asked_at": clock.now()}
        row, _ = Deck.objects.get_or_create(pk=DECKS[source], defaults=first)
        now = clock.now()
        free = Q(waiting=False) | Q(asked_at__lt=now - PATIENCE)
        if not Deck.objects.filter(free, pk=row.pk).update(waiting=True, fault="", asked_at=now):
            return
        tasks.draw_cases.enqueue(source.value)


def finish(by: Principal, drill: Drill, chosen: Sequence[int]) -> int:
    """Keep that the person did the drill and what they chose; the number of that time. Raises
    BadInput where a step is left out or a choice is none of its own."""
    try:
        if any(at < 0 for at in chosen):
            raise IndexError
        score = drill.score(chosen)
    except (IndexError, ValueError):
        raise BadInput("that is no way through this drill", mend="begin it again") from None
    row = Drilled.objects.create(
        person=by.person,
        drill=drill.name,
        on=lenders_today(),
        chosen=list(chosen),
        score=score,
        done_at=clock.now(),
    )
    return int(row.pk)


def _beside(case: Case, deck: Cases) -> dict[str, object]:
    """What an answer is measured against, for when the deck is another."""
    said_no = case.outcome == "decline" and case.reasons
    return {
        "model": case.pd,
        "decides": case.decides,
        "lends": case.lends,
        "bad": case.bad,
        "if_good": case.if_good,
        "if_bad": case.if_bad,
        "grade": case.grade,
        "near": bool(near(np.array([case.pd]), deck.cut)[0]),
        "reason": case.reasons[0][:200] if said_no else "",
    }

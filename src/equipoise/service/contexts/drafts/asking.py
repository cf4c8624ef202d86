"""Whom one may ask how it went: who agreed to that, and by which way they are reached."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from equipoise.journey import page_of
from equipoise.record.personal import Unreadable
from equipoise.service.contexts.drafts.models import Draft, DraftState
from equipoise.service.contexts.drafts.products import offered
from equipoise.service.contexts.drafts.sending import unread
from equipoise.service.contexts.drafts.typed import Typed, opened_text
from equipoise.service.platform.record import subjects
from equipoise.texts.purposes import lacking

_AGREED = "asking_back"  # the purpose that they agree to


@dataclass(frozen=True, slots=True)
class Askable:
    """Somebody who agreed to be asked how it went. `step` is where they left off, empty once it was
    sent; `application` and `decision` are there since then."""

    draft: str
    product: str
    language: str
    channel: str
    step: str
    application: str
    decision: str


def left_off(since: datetime, until: datetime) -> list[Askable]:
    """Those who agreed, and last touched what they have not sent after `since` and not after
    `until`."""
    rows = Draft.objects.filter(
        state=DraftState.OPEN, changed_at__gt=since, changed_at__lte=until
    ).order_by("changed_at")
    return _askable(rows)


def answered(chains: Collection[str]) -> list[Askable]:
    """Those who agreed, of the sent drafts or applications of these chains."""
    sent = Draft.objects.filter(state=DraftState.SENT)
    return _askable(sent.filter(Q(pk__in=chains) | Q(application__in=chains)).order_by("pk"))


def _askable(rows: Iterable[Draft]) -> list[Askable]:
    rows = list(rows)
    known = subjects.several([row.id for row in rows])
    askable = []
    for row in rows:
        try:
            typed = opened_text(known.get(row.id), row.sealed)
        except Unreadable:  # erased
            continue
        if _AGREED in typed.consents:
            askable.append(_view(row, typed))
    return askable


def _view(row: Draft, typed: Typed) -> Askable:
    step = _step(row, typed) if row.state == DraftState.OPEN else ""
    return Askable(
        row.id, row.product, row.language, row.channel, step, row.application, row.decision
    )


def _step(row: Draft, typed: Typed) -> str:
    """The first page that is not done, by its address; of a product that is not in force any more,
    the list."""
    product = offered(row.product)
    if product is None:
        return "tasks"
    open_ones = set(unread(product.first, typed, row.language))
    following = next((each for each in product.first.fields if each.name in open_ones), None)
    if following is not None:
        return f"q/{page_of(following).slug}"
    return "consents" if lacking(dict(typed.consents)) else "check"

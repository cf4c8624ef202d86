"""A draft as whoever opened it sees it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from equipoise.record.events import Recorded
from equipoise.service.contexts.drafts.access import begun_by, helping, opened_by
from equipoise.service.contexts.drafts.asked import Asked, asked_of, at_first
from equipoise.service.contexts.drafts.asking import Askable, answered, left_off
from equipoise.service.contexts.drafts.contact import contacts_of, reachable
from equipoise.service.contexts.drafts.disclosure import Disclosure, disclosure
from equipoise.service.contexts.drafts.events import DraftSent, DraftTook, DraftWentOn
from equipoise.service.contexts.drafts.first_idea import asked_first, first_idea
from equipoise.service.contexts.drafts.hands import Hands
from equipoise.service.contexts.drafts.models import Draft, DraftState
from equipoise.service.contexts.drafts.needs import carried
from equipoise.service.contexts.drafts.products import Product, offered, products
from equipoise.service.contexts.drafts.sending import facts_of, unread
from equipoise.service.contexts.drafts.sought import led_to_by
from equipoise.service.contexts.drafts.taking import took_other_terms, ways_forward
from equipoise.service.contexts.drafts.typed import Typed, opened_text
from equipoise.service.contexts.drafts.visits import Visit, visits_of
from equipoise.service.platform.accounts.permissions import APPLICANT
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

__all__ = [
    "Askable",
    "Asked",
    "Disclosure",
    "DraftState",
    "DraftSummary",
    "DraftView",
    "ErasureAsked",
    "Product",
    "Typed",
    "Visit",
    "anew",
    "answered",
    "asked",
    "asked_first",
    "contacts_of",
    "disclosure",
    "draft_of",
    "erasures_asked",
    "facts_of",
    "first_idea",
    "language_of",
    "led_to_by",
    "left_off",
    "offered",
    "products",
    "reachable",
    "references",
    "sent_as",
    "sent_before",
    "summaries",
    "took_other_terms",
    "typed_for",
    "unread",
    "view",
    "view_of_program",
    "visits_of",
    "ways_forward",
    "with_drafts",
]


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft, opened; `hands` are those that hold it, and `helped_over` the channels over which
    somebody helps its applicant now. `typed` is empty once it has ended."""

    id: str
    reference: str
    product: Product
    language: str
    hands: Hands
    state: DraftState
    typed: Typed
    shown: int
    application: str
    decision: str
    begun_at: datetime
    sent_at: datetime | None
    helped_over: tuple[str, ...] = ()

    @property
    def channel(self) -> str:
        """Over which whoever holds it does."""
        return self.hands.channel

    @property
    def helper(self) -> bool:
        """Whether it is in the hands of somebody who helps."""
        return self.hands.by != APPLICANT


@dataclass(frozen=True, slots=True)
class DraftSummary:
    """A draft from outside: how it is known, for which product, where it stands and since when."""

    id: str
    reference: str
    product: str
    state: DraftState
    begun_at: datetime
    application: str


@dataclass(frozen=True, slots=True)
class ErasureAsked:
    """A person who asked to be erased: by what their application is found, and since when."""

    reference: str
    at: datetime


def erasures_asked() -> list[ErasureAsked]:
    """Who asked to be erased and still can be read, the longest waiting first."""
    asked = Draft.objects.filter(erasure_asked_at__isnull=False).order_by("erasure_asked_at")
    there = set(subjects.readable([each.id for each in asked]))
    return [
        ErasureAsked(each.reference, each.erasure_asked_at)
        for each in asked
        if each.id in there and each.erasure_asked_at is not None
    ]


def view(draft: str, secret: str) -> DraftView | None:
    """The draft, if the secret opens it, and its product is still in force."""
    opened = opened_by(draft, secret)
    if opened is None:
        return None
    return _view(*opened)


def view_of_program(draft: str, program: str) -> DraftView | None:
    """The draft, if that program began it for its applicant, and its product is still in force."""
    opened = begun_by(draft, program)
    return None if opened is None else _view(*opened)


def draft_of(application: str) -> str | None:
    """The draft that stands for the application; None where it was not sent by the pages."""
    return Draft.objects.filter(application=application).values_list("id", flat=True).first()


def summaries(drafts: Collection[str]) -> list[DraftSummary]:
    """These drafts from outside, the newest first."""
    rows = Draft.objects.filter(pk__in=list(drafts)).order_by("-pk")
    return [
        DraftSummary(
            row.id, row.reference, row.product, DraftState(row.state), row.begun_at, row.application
        )
        for row in rows
    ]


def sent_as(draft: str) -> tuple[str, str]:
    """The application that the draft is, and its decision; both empty until it is sent."""
    rows = Draft.objects.filter(pk=draft).values_list("application", "decision")
    return rows.first() or ("", "")


def sent_before(draft: str, place: int) -> tuple[str, str]:
    """The same as it was before that place of the draft's chain."""
    sent: Sequence[Recorded[DraftSent | DraftWentOn | DraftTook]] = record.history(
        draft, DraftSent, DraftWentOn, DraftTook
    )
    before = [each.event for each in sent if each.entry.index < place]
    return (before[-1].application, before[-1].decision) if before else ("", "")


def with_drafts(chains: Collection[str]) -> list[str]:
    """These chains, with the drafts of the applications among them and the other way round: both
    are one person's, each under a key of its own."""
    theirs = Draft.objects.filter(Q(pk__in=chains) | Q(application__in=chains))
    pairs = theirs.values_list("id", "application")
    return sorted({*chains, *(each for pair in pairs for each in pair if each)})


def references(chains: Collection[str]) -> list[str]:
    """By what people know the drafts among these."""
    return list(Draft.objects.filter(pk__in=chains).values_list("reference", flat=True))


def anew(draft: DraftView) -> DraftView:
    """The draft as it stands by now."""
    return _view(Draft.objects.get(pk=draft.id), draft.hands) or draft


def asked(draft: DraftView) -> Asked:
    """What is asked of its applicant now."""
    if draft.state == DraftState.OPEN:
        return at_first(draft.product.digest)
    return asked_of(Draft.objects.get(pk=draft.id), draft.typed)


def language_of(draft: str) -> str:
    """In which language its applicant is spoken to."""
    return str(Draft.objects.values_list("language", flat=True).get(pk=draft))


def typed_for(draft: DraftView, product: Product) -> Typed:
    """What was typed, as an application for another product would have it."""
    return carried(draft.typed, draft.product, product, draft.language)


def _view(row: Draft, hands: Hands) -> DraftView | None:
    product = offered(row.product)
    if product is None:
        return None
    subject = subjects.several([row.id]).get(row.id)
    typed = opened_text(subject, row.sealed) if row.sealed else Typed()
    return DraftView(
        row.id,
        row.reference,
        product,
        row.language,
        hands,
        DraftState(row.state),
        typed,
        row.shown,
        row.application,
        row.decision,
        row.begun_at,
        row.sent_at,
        tuple(each.channel for each in helping(row.id)),
    )

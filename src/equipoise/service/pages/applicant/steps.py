"""The way through an application: its pages in order, which are done, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from equipoise.journey import Page, pages_of, share_done
from equipoise.service.contexts.drafts.reading import DraftView, reachable, unread
from equipoise.texts.purposes import lacking
from equipoise.texts.saying import say


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the way: where it is, what it is about, and whether it is done."""

    url: str
    title: str
    done: bool
    begun: bool


def questions(draft: DraftView) -> tuple[Page, ...]:
    """What is asked of this person, one thing to a page."""
    return pages_of(draft.product.contract)


def question(draft: DraftView, slug: str) -> Page | None:
    """The question of that name, if it is asked."""
    return next((page for page in questions(draft) if page.slug == slug), None)


def steps(draft: DraftView) -> list[Step]:
    """The whole way, to what is checked before it is sent."""
    open_ones = set(unread(draft.product.contract, draft.typed, draft.language))
    asked = [
        Step(
            reverse("apply-question", args=(draft.id, page.slug)),
            page.question,
            page.field.name not in open_ones,
            page.field.name in draft.typed.raw,
        )
        for page in questions(draft)
    ]
    contact = draft.typed.contact
    reach = Step(
        reverse("apply-contact", args=(draft.id,)),
        say("How we can reach you"),
        reachable(contact, draft.product.contract.currency),
        any(each.strip() for each in contact.values()),
    )
    agreed = not lacking(dict(draft.typed.consents))
    consents = Step(
        reverse("apply-consents", args=(draft.id,)),
        say("What we may use your answers for"),
        agreed,
        bool(draft.typed.consents),
    )
    return [reach, *asked, consents]


def after(draft: DraftView, url: str) -> str:
    """The next page that is not done, from this one on and then from the start; the last page once
    all are."""
    way = steps(draft)
    place = next((at for at, step in enumerate(way) if step.url == url), -1)
    rest = [*way[place + 1 :], *way[: place + 1]]
    following = next((step for step in rest if not step.done), None)
    return following.url if following else reverse("apply-check", args=(draft.id,))


def before(draft: DraftView, url: str) -> str:
    """The page before this one; the list of what is to be done before the first."""
    way = steps(draft)
    place = next((at for at, step in enumerate(way) if step.url == url), len(way))
    return way[place - 1].url if place else reverse("apply-tasks", args=(draft.id,))


def share(draft: DraftView) -> int:
    """The share of the way that is done, in thousandths; never less than was shown before."""
    way = steps(draft)
    done = sum(step.done for step in way)
    return round(1000 * share_done(draft.shown / 1000, done, len(way) - done))

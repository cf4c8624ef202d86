"""The way through an application: its pages in order, which are done, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from equipoise.contract import Contract
from equipoise.journey import HELD, Page, pages_of, share_done
from equipoise.service.contexts.drafts.reading import DraftView, asked, reachable, unread
from equipoise.texts.purposes import lacking
from equipoise.texts.saying import say


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the way: where it is, what it is about, and whether it is done. One that is
    `held` waits for us, as a document does that is looked through: nobody has to do anything."""

    url: str
    title: str
    done: bool
    begun: bool
    held: bool = False

    @property
    def open(self) -> bool:
        """Whether the person has something to do there."""
        return not self.done and not self.held


def questions(draft: DraftView) -> tuple[Page, ...]:
    """What is asked of this person now, one thing to a page."""
    return pages_of(asked(draft).contract)


def question(draft: DraftView, slug: str) -> Page | None:
    """The question of that name, if it is asked."""
    return next((page for page in questions(draft) if page.slug == slug), None)


def steps(draft: DraftView) -> list[Step]:
    """The way from here to what is checked before it is sent: all of it, or once that was done what
    is asked besides."""
    answers = _answers(draft, asked(draft).contract)
    return [_contact(draft), *answers, _consents(draft)] if draft.sent_at is None else answers


def _answers(draft: DraftView, contract: Contract) -> list[Step]:
    open_ones = set(unread(contract, draft.typed, draft.language))
    return [
        Step(
            reverse("apply-question", args=(draft.id, page.slug)),
            page.question,
            page.field.name not in open_ones,
            page.field.name in draft.typed.raw,
            bool(draft.typed.raw.get(page.field.name, {}).get(HELD)),
        )
        for page in pages_of(contract)
    ]


def _contact(draft: DraftView) -> Step:
    contact = draft.typed.contact
    return Step(
        reverse("apply-contact", args=(draft.id,)),
        say("How we can reach you"),
        reachable(contact, draft.product.contract.currency),
        any(each.strip() for each in contact.values()),
    )


def _consents(draft: DraftView) -> Step:
    return Step(
        reverse("apply-consents", args=(draft.id,)),
        say("What we may use your answers for"),
        not lacking(dict(draft.typed.consents)),
        bool(draft.typed.consents),
    )


def after(draft: DraftView, url: str) -> str:
    """The next page on which there is something to do, from this one on and then from the start;
    the last page once there is none."""
    way = steps(draft)
    place = next((at for at, step in enumerate(way) if step.url == url), -1)
    rest = [*way[place + 1 :], *way[: place + 1]]
    following = next((step for step in rest if step.open), None)
    return following.url if following else reverse("apply-check", args=(draft.id,))


def before(draft: DraftView, url: str) -> str:
    """The page before this one; the list of what is to be done before the first."""
    way = steps(draft)
    place = next((at for at, step in enumerate(way) if step.url == url), len(way))
    return way[place - 1].url if place else reverse("apply-tasks", args=(draft.id,))


def share(draft: DraftView) -> int:
    """The share of the way that is done, in thousandths, with our answer as its last step; never
    less than was shown before."""
    way = steps(draft)
    done = sum(step.done for step in way)
    left = len(way) - done + 1
    if draft.sent_at is not None:  # with what was sent, and with contact and consents
        done += len(draft.typed.given.keys() & draft.typed.raw.keys()) + 2
    return round(1000 * share_done(draft.shown / 1000, done, left))

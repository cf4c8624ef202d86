"""Complaints of whoever applies, and corrections that they ask for: how they are taken in, by when
they are answered, and whom else to turn to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from equipoise.errors import BadInput
from equipoise.service.contexts.complaints import services
from equipoise.service.contexts.complaints.reading import ComplaintView, Matter, answered_by
from equipoise.service.contexts.complaints.services import Complainant
from equipoise.service.contexts.drafts.reading import DraftView, disclosure
from equipoise.service.contexts.registry.reading import lender_day
from equipoise.service.pages.applicant.holdings import Holding, holdings
from equipoise.service.platform import clock
from equipoise.service.platform.law import bodies_on
from equipoise.texts.languages import text_in
from equipoise.texts.saying import spoken

_DATA = "data"  # the step at which facts are corrected


def complain(draft: DraftView, words: str, step: str) -> ComplaintView:
    """Take in that something is wrong. Raises what `complaints.services.complain` does."""
    return services.complain(_complainant(draft), words, step, Matter.COMPLAINT)


def correct(draft: DraftView, fact: Holding | None, words: str) -> ComplaintView:
    """Take in what is right, naming the fact as it is held, if it is one of those. Raises as
    above, BadInput also where only the fact is named."""
    if not words.strip():
        raise BadInput("nothing is said", field="words", mend="write what is right")
    said = naming(fact, words)
    return services.complain(_complainant(draft), said, _DATA, Matter.CORRECTION)


def naming(fact: Holding | None, words: str) -> str:
    """What is said of a fact, which is named before, as it is held."""
    return f"{fact.title} ({fact.field}): {fact.text}\n{words}" if fact else words


def facts_held(draft: DraftView) -> list[Holding]:
    """What can be corrected."""
    return holdings(draft, disclosure(draft.id, draft.typed))


def due(draft: DraftView, matter: Matter) -> date | None:
    """By when one that is made today is answered; None where nobody sets a day."""
    return answered_by(matter, lender_day(draft.product.digest, clock.now())).day


def elsewhere() -> list[tuple[str, str]]:
    """Whom else a person can turn to, and how, in the language spoken now."""
    bodies = bodies_on(clock.now().date())
    return [(_in_words(each.name), _in_words(each.reach)) for each in bodies]


def _complainant(draft: DraftView) -> Complainant:
    product, hands = draft.product, draft.hands
    return Complainant(
        draft.id,
        draft.reference,
        product.name,
        product.digest,
        draft.language,
        hands.channel,
        hands.by,
    )


def _in_words(texts: Mapping[str, str]) -> str:
    """In the language spoken now, else in the first that there is."""
    return text_in(texts, spoken()) or next(iter(texts.values()))

"""What is known of an application, in the words of its applicant's pages: what the helper may say.

A field that is not known is left out: the helper then hands over instead of inventing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from equipoise.service.contexts.agreements.reading import shown_offer
from equipoise.service.contexts.drafts.reading import DraftState, DraftView
from equipoise.service.pages.applicant.standing import Standing, standing
from equipoise.service.pages.applicant.unclear import unclear
from equipoise.texts.decisions import percent
from equipoise.texts.saying import joined, say


def known(draft: DraftView) -> Mapping[str, str]:
    """The record's fields that the helper's texts name."""
    if draft.state == DraftState.OPEN:
        return {"stage": say("You have not sent your application yet.")}
    if draft.state != DraftState.SENT:
        return {}
    where = standing(draft)
    facts = {
        "stage": str(where.words["headline"]),
        "needed": _listed([*where.words["conditions"], *_to_settle(where)]),
        "reasons": _listed(where.words["reasons"]) if where.declined else "",
    }
    if where.offering:
        terms = shown_offer(where.offers[0], draft.product.contract.currency)
        facts["instalment"] = terms.written(terms.payments[0].paid)
        facts["months"] = str(len(terms.payments))
        facts["rate"] = percent(terms.offer["apr"])
        facts["total"] = terms.written(terms.paid)
    return {name: text for name, text in facts.items() if text}


def _to_settle(where: Standing) -> list[str]:
    """How what is unclear is settled, as far as the person has not answered."""
    return [each.how for each in unclear(where) if each.state == "open"]


def _listed(sentences: Sequence[str]) -> str:
    """Sentences as parts of one."""
    return joined((each.rstrip(".。") for each in sentences), "; ")

"""A no, as its applicant reads it: on which facts, what would change it, and other ways to go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from equipoise.service.contexts.decisions.reading import Used, facts_used, other_ways
from equipoise.service.contexts.drafts import services as drafts
from equipoise.service.contexts.drafts.reading import DraftState, DraftView, ways_forward
from equipoise.service.contexts.drafts.services import FOR_APPLICANTS, NotOffered
from equipoise.service.contexts.reviews.reading import answered_by_if_asked
from equipoise.service.pages.applicant.standing import Standing, offer_text, standing, warn
from equipoise.texts.dates import written_day
from equipoise.texts.languages import text_in
from equipoise.texts.saying import marked, say, spoken

_THEN = {
    "approve": marked("Then the answer is yes."),
    "counter_offer": marked("Then we make you an offer."),
    "ask_for_more": marked("Then we go on, and ask you for more."),
}


@dataclass(frozen=True, slots=True)
class Way:
    """A way to another answer, in words: what changes, what the answer then is, what of it is
    offered and still owed, how long the change takes (in `days` too), and until when all of that
    holds, which is until the day `last`. One that is `takeable` can be had by its `name`."""

    name: str
    takeable: bool
    changes: Sequence[str]
    then: str
    offers: Sequence[str]
    owed: Sequence[str]
    takes: str
    days: int
    until: str
    last: date


@dataclass(frozen=True, slots=True)
class Advice:
    """What helps whoever was declined, in the language spoken now: who `decided`, the `summary`
    of ways to another answer (empty where a person decided: nobody looked for any), and by which
    day a person answers who is asked now, where a day is set."""

    decided: str
    summary: str
    ways: Sequence[Way]
    typed: Sequence[Used]
    asked: Sequence[Used]
    others: Sequence[str]
    due: date | None


def declined(draft: DraftView) -> Standing | None:
    """Where it stands, if it was sent and declined, by the strategy or by a person."""
    where = standing(draft) if draft.state == DraftState.SENT else None
    return where if where and where.declined else None


def advice(where: Standing) -> Advice:
    """Everything that is told of a no beside the decision's own words."""
    decision, currency = where.decision, where.draft.product.contract.currency
    used = facts_used(decision, FOR_APPLICANTS, spoken())
    ways = [_way(each, currency) for each in ways_forward(decision)] if where.by_machine else []
    return Advice(
        decided=_decided(where),
        summary=_summary(ways) if where.by_machine else "",
        ways=ways,
        typed=[each for each in used if each.source == "applicant"],
        asked=[each for each in used if each.source != "applicant"],
        others=other_ways(decision, spoken()),
        due=answered_by_if_asked(decision),
    )


def take(draft: DraftView, way: str) -> None:
    """Have the application decided again with the terms of that name, and the desk warned of what
    is unclear then. Raises NotOffered, also where a person said no: no terms of the strategy's
    stand beside that."""
    if not standing(draft).by_machine:
        raise NotOffered
    drafts.take(draft.id, way, draft.hands.by, draft.channel)
    warn(draft)


def _decided(where: Standing) -> str:
    """Who did, and by which facts."""
    if where.by_machine:
        return say(
            "A program decided this, by rules that people here have written and approved. It used"
            " the facts below and no others, and no person took part."
        )
    return say(
        "A person at our company decided this. They had the facts below before them, and what you"
        " told us and brought besides."
    )


def _summary(ways: Sequence[Way]) -> str:
    if ways:
        return say(
            "Each of these was decided again in full, with all else about you as it is now. With"
            " any one of them our answer is another."
        )
    return say(
        "We looked for changes of yours that would turn the answer, and found none. That can be"
        " another in some months."
    )


def _way(way: Mapping[str, Any], currency: str) -> Way:
    days, last = ceil(way["days"]), date.fromisoformat(way["valid_until"])
    return Way(
        name=way["name"],
        takeable=way["takeable"],
        changes=[text_in(each["said"], spoken()) for each in way["changes"]],
        then=say(_THEN[way["outcome"]]),
        offers=[offer_text(each, currency) for each in way["offers"]],
        owed=[text_in(each["label"], spoken()) for each in way["conditions"]],
        takes=_takes(days),
        days=days,
        until=written_day(last),
        last=last,
    )


def _takes(days: int) -> str:
    if days == 0:
        return say("You can have this at once.")
    return say("Such a change takes some {n} days.", n=days)

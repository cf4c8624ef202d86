"""A review on the page of its case: what its applicant said, what stands, and who may settle it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.cases.reading import by_person, deciders
from equipoise.service.contexts.decisions.reading import DecisionView
from equipoise.service.contexts.reviews import reading, services
from equipoise.service.contexts.reviews.reading import ReviewOutcome, ReviewView
from equipoise.service.pages.underwriter.typed import Typed
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.texts.dates import written_day
from equipoise.texts.saying import say


def review_of(decision: DecisionView, by: Principal, over: Reach) -> Mapping[str, Any]:
    """What the page shows of the review that waits; nothing where none does. What overturns it
    `replaces` a person's answer, or else is an override made since. Raises Unreadable after an
    erasure."""
    review = _waiting(decision)
    if review is None:
        return {}
    _, words = reading.visible(review.id, by, over)
    apart = not {by.id, by.person} & deciders(review.application, review.asked_at)
    stands = by_person(decision.row.id)
    replaces = stands is not None and stands.at < review.asked_at
    return {
        "review": review,
        "review_words": words or "",
        "due": written_day(review.due_on) if review.due_on else "",
        "apart": apart,
        "replaces": replaces,
    }


def settled(decision: DecisionView, typed: Typed, by: Principal, over: Reach) -> str:
    """Settle it as was typed; what is said of that. Raises as `reviews.services.settle`."""
    review = _waiting(decision)
    if review is None:
        raise GateRefused("no review of this case waits", mend="read the case again")
    if typed.review not in (ReviewOutcome.KEPT, ReviewOutcome.OVERTURNED):
        raise BadInput("say whether the answer is kept or changed", field="review")
    if not typed.review_words:
        raise BadInput("say why, for colleagues", field="review_words")
    outcome = ReviewOutcome(typed.review)
    granted = None
    if outcome == ReviewOutcome.OVERTURNED and typed.amount:
        granted = services.Granted(typed.terms(), tuple(typed.reasons))
    came = services.CameTo(outcome, typed.review_words, granted)
    view = services.settle(review.id, came, by, over)
    if view.waits:
        return say("Signed. It waits for another signature.")
    return say("The review is settled, and the applicant is told.")


def _waiting(decision: DecisionView) -> ReviewView | None:
    review = reading.of_decision(decision.row.id)
    return review if review is not None and review.waits else None

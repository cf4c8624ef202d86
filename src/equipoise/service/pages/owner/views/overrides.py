"""Overrides prove themselves: what came of people's decisions against the strategy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.service.contexts.hindsight import services
from equipoise.service.contexts.hindsight.reading import Group, Review, review_for
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.owner import findings
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.texts.numbers import count, percent
from equipoise.texts.saying import marked, retold, say

KINDS: Mapping[str, str] = {
    "all": marked("All"),
    "reason": marked("Reason"),
    "person": marked("Person"),
    "level": marked("Level"),
}


@require_safe
@may(Action.READ_CASES)
def index(request: HttpRequest) -> HttpResponse:
    """Findings, then what was observed and what is inferred, as far as it is for whoever looks."""
    seen = review_for(caller(request))
    shown: dict[str, Any] = {"seen": seen}
    if seen is not None:
        review = seen.review
        names = _names(review)
        shown |= {
            "review": review,
            "findings": [
                (KINDS[each.by], names.get(each.name, each.name), findings.sentence(each))
                for each in review.findings
            ],
            "granted": [_granted(each, names) for each in review.groups if each.approved.n],
            "away": [_away(each, names) for each in review.groups if each.declined.n],
            "notes": [retold(note) for note in review.notes],
            "confidence": percent(review.confidence),
            "false_share": percent(review.false_share),
            "worth": _worth(review),
        }
    return render(request, "owner/overrides.html", shown)


@require_POST
@may(Action.READ_CASES)
def judge(request: HttpRequest) -> HttpResponse:
    """Have all overrides judged anew."""
    services.ask_judging()
    messages.success(request, say("They are being judged anew. This takes a minute or two."))
    return redirect("overrides")


def _names(review: Review) -> dict[str, str]:
    people = [each.name for each in review.groups if each.by == "person"]
    return dict(accounts.usernames(people))


def _name(group: Group, names: Mapping[str, str]) -> str:
    return names.get(group.name, group.name) if group.by == "person" else group.name


def _granted(group: Group, names: Mapping[str, str]) -> dict[str, str]:
    side = group.approved
    return {
        "kind": KINDS[group.by],
        "name": _name(group, names),
        "n": count(side.n),
        "known": say("{bad} of {known}", bad=count(side.bad), known=count(side.known)),
        "rate": findings.rate(side.bad_rate),
        "model": percent(side.expected_rate),
        "money": findings.money(side.money),
        "answer": findings.answer_text(side),
    }


def _away(group: Group, names: Mapping[str, str]) -> dict[str, str]:
    side = group.declined
    return {
        "kind": KINDS[group.by],
        "name": _name(group, names),
        "n": count(side.n),
        "model": percent(side.expected_rate),
        "rate": findings.rate(side.inferred_rate),
        "money": findings.money(side.inferred),
        "answer": findings.answer_text(side),
    }


def _worth(review: Review) -> str:
    worth = review.worth
    if worth is None:
        return say(
            "What a loan loses and earns is not declared: say it as `overrides` in desks.yaml, "
            "and money is told."
        )
    return say(
        "Assumed in desks.yaml: {loss} of the amount is lost of a loan that goes bad, and "
        "{margin} earned on one that stays good.",
        loss=percent(worth.loss), margin=percent(worth.margin),
    )  # fmt: skip


urlpatterns = [
    path("", index, name="overrides"),
    path("judge", judge, name="overrides-judge"),
]

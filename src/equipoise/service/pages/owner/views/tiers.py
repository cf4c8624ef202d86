"""Promises: an answer in time to everybody, and what each of the lender's customer tiers has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from equipoise.service.contexts.process import reading
from equipoise.service.contexts.process.reading import Answers, Promise, Tier
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.owner import words
from equipoise.service.pages.owner.views.journey import about
from equipoise.service.platform.accounts.permissions import Action
from equipoise.texts.languages import text_in
from equipoise.texts.numbers import count, fixed, percent
from equipoise.texts.saying import ENGLISH, marked, say, spoken

WHAT: Mapping[str, str] = {
    "journey": marked("Journey"),
    "time": marked("Answer in time"),
    "price": marked("Price"),
    "person": marked("A person in time"),
}


@require_safe
@may(Action.READ_PROCESS)
def index(request: HttpRequest) -> HttpResponse:
    """To how many an answer came in time, and each tier with its promises, from the record's
    picture."""
    kept = reading.kept(reading.RECORD)
    picture = kept.picture if kept else None
    tiers = picture.tiers if picture else ()
    shown = {
        **about(reading.RECORD, kept),
        "tiers": [
            (_name(each), each.since, count(each.ways), _history(each), list(_rows(each)))
            for each in tiers
        ],
        "fault": picture.tiers_fault if picture else "",
        "answer_hours": fixed(picture.answer_hours, 0) if picture and picture.answer_hours else "",
        "answers": [_answered(each) for each in picture.answers] if picture else [],
    }
    return render(request, "owner/tiers.html", shown)


def _answered(answers: Answers) -> tuple[str, str, str, str, str]:
    """Whose, how many were sent, to how many it was kept, its interval, and who waits past it."""
    if answers.tier is None:
        whose = say("Everybody")
    elif not answers.tier:
        whose = say("Of no tier")
    else:
        whose = _name(answers)
    kept = answers.kept
    return (
        whose,
        count(answers.sent),
        words.said(kept),
        words.interval(kept),
        count(answers.waiting_late),
    )


def _name(tier: Tier | Answers) -> str:
    named = tier.name if isinstance(tier, Tier) else tier.tier or ""
    return text_in(tier.label, spoken()) or text_in(tier.label, ENGLISH) or named


def _history(tier: Tier) -> str:
    """That some were judged from the record, before whose decision nobody spoke of the tier."""
    if not tier.judged_after:
        return ""
    return say(
        "{n} of them were decided before the tier was declared so, and are judged from the record.",
        n=count(tier.judged_after),
    )


def _rows(tier: Tier) -> Iterator[tuple[str, str, str, str]]:
    """What is promised, how much, to how many it was kept, with its interval."""
    for each in tier.promises:
        yield WHAT[each.what], _promised(each), words.said(each.kept), words.interval(each.kept)


def _promised(each: Promise) -> str:
    if each.what == "journey":
        return each.promised
    if each.what == "price":
        return say("at most {apr} a year", apr=percent(float(each.promised)))
    return say("within {n} open hours", n=fixed(float(each.promised), 0))


urlpatterns = [path("tiers/", index, name="tiers")]

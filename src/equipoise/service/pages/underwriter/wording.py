"""What the desk's figures and kinds are called, in the language spoken now."""

from __future__ import annotations

from collections.abc import Mapping

from equipoise.service.contexts.cases.reading import Promise, WorkKind, WorkView
from equipoise.texts.currencies import decimals, named
from equipoise.texts.numbers import ABSENT, money
from equipoise.texts.saying import joined, marked, say

KINDS: Mapping[WorkKind, str] = {
    WorkKind.REFERRED: marked("Referred"),
    WorkKind.SIGNATURE: marked("To be signed"),
    WorkKind.REVIEW: marked("Review asked for"),
    WorkKind.COMPLAINT: marked("Complaint"),
    WorkKind.CONDITION: marked("What a yes waits for"),
}
PLACES: Mapping[str, str] = {
    "overdue": marked("it has waited the longest that any may"),
    "late": marked("its promise is near, or over"),
    "value": marked("a look at it is worth most"),
    "arrival": marked("in the order of arrival"),
    "answered": marked("the customer has answered what was asked"),
    "lapsed": marked("the customer has not answered what was asked, and the time is over"),
    "customer": marked("the customer has the ball"),
}
_FIGURES: Mapping[str, str] = {
    "stake": marked("the money at stake"),
    "chance": marked("the chance that a person changes the answer"),
    "minutes": marked("the minutes of work"),
    "promised": marked("the time promised"),
}
_DAY = 8.0  # business hours


def kind_of(work: WorkView) -> str:
    """What sort of work it is."""
    return say(KINDS[work.kind])


def place_of(work: WorkView) -> str:
    """Why it stands where it does."""
    return say(PLACES[work.place]) if work.place in PLACES else say("it has just come")


def not_known(work: WorkView) -> str:
    """Which figures of its place are the usual ones, for want of its own; empty where none is."""
    figures = [say(_FIGURES[each]) for each in work.unknown if each in _FIGURES]
    return joined(figures, ", ")


def amount_of(work: WorkView) -> str:
    """What is asked for, to two figures."""
    if work.amount is None:
        return ABSENT
    about = money(work.amount / 10 ** decimals(work.currency), named(work.currency))
    return say("about {amount}", amount=about)


def left_of(promise: Promise) -> str:
    """How long is left of the promise."""
    if promise.left is None:
        return say("stands still") if promise.due is not None else ABSENT
    if promise.left < 0:
        return say("overdue by {time}", time=lasting(-promise.left))
    return say("{time} left", time=lasting(promise.left))


def lasting(hours: float) -> str:
    """So many business hours, as people say it: minutes, hours, or days of eight hours."""
    if hours < 1:
        return say("{n} min", n=round(hours * 60))
    if hours < 2 * _DAY:
        return say("{n} h", n=round(hours))
    return say("{n} working days", n=round(hours / _DAY))


def chance_of(work: WorkView) -> str:
    """The chance of another answer, and of how many cases; empty where nothing says it."""
    if work.chance is None:
        return ""
    share = f"{100 * work.chance:.0f}"
    if not work.past:
        return say("{share} % for another answer, as is believed", share=share)
    return say("{share} % for another answer, by {n} before", share=share, n=work.past)

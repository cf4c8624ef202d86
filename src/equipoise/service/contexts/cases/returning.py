"""The customer has the ball no more: at once as they answer, and as the record tells it."""

from __future__ import annotations

from datetime import datetime

from equipoise.service.contexts.asks import reading as asks
from equipoise.service.contexts.cases.arriving import resumed
from equipoise.service.contexts.cases.ordering import ON_TOP
from equipoise.service.contexts.cases.promised import office, own_hours
from equipoise.service.contexts.cases.shelf import shelf

ANSWERED = "answered"
ANSWER = "answer"
"""What time is promised for, once a customer answered."""


def answered_at(application: str, at: datetime) -> None:
    """Its applicant answered: whoever opens the queue now finds it there, first of all."""
    came_back_at(application, at, ANSWERED)


def came_back_at(application: str, at: datetime, news: str) -> None:
    """It is a person's turn again since that moment; first of all where there is `news`. Done again
    it changes nothing."""
    again = asks.open_in(application)
    for row in shelf().waiting(application):
        if row.held_since is not None and row.held_since > at:
            continue  # something else was asked since
        resumed(row, at)
        row.news = news
        if news == ANSWERED and row.due_at is not None and (own := own_hours(ANSWER)):
            row.due_at = min(row.due_at, office(row.digest).due(at, own))
        if news:
            row.worth, row.place = ON_TOP, news
        if again is not None and again.asked_at > at:  # something else was asked meanwhile
            row.held_since, row.news = again.asked_at, ""
        shelf().keep(row)

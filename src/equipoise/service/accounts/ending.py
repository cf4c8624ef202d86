"""Ending a person's sessions: wherever they are logged in, they are no more."""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from equipoise.service.accounts.models import User


def end_sessions(user: User) -> int:
    """End every session of the person; how many there were. Inside the caller's transaction."""
    live = Session.objects.filter(expire_date__gt=timezone.now())
    theirs = [row.pk for row in live if row.get_decoded().get(SESSION_KEY) == str(user.pk)]
    Session.objects.filter(pk__in=theirs).delete()
    return len(theirs)

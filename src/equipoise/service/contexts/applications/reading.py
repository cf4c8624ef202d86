"""What others may know of applications: where one stands, its language, and by what texts people
are searched for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from equipoise.service.contexts.applications.derived import Applications, Progress
from equipoise.service.contexts.applications.events import ApplicationState
from equipoise.service.contexts.applications.models import Application
from equipoise.service.contexts.applications.searchable import search_text, search_texts
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.accounts.services import rows_for

__all__ = [
    "ApplicationSummary",
    "Applications",
    "Progress",
    "language_of",
    "search_text",
    "search_texts",
    "visible",
]


@dataclass(frozen=True, slots=True)
class ApplicationSummary:
    """Where an application stands: the strategy that it is pinned to, its language (empty where
    none was said), and its last decision."""

    id: str
    state: ApplicationState
    strategy: str
    digest: str
    language: str
    decision: str
    changed_at: datetime


def visible(application: str, by: Principal, over: Reach) -> ApplicationSummary:
    """The application, if the caller may see it. Raises DoesNotExist: others' are not there."""
    row = Application.objects.filter(rows_for(by, over)).get(pk=application)
    state = ApplicationState(row.state)
    pinned = (row.strategy, row.digest)
    return ApplicationSummary(row.id, state, *pinned, row.language or "", row.step, row.changed_at)


def language_of(application: str) -> str:
    """The language in which its applicant is spoken to; empty where none was said."""
    languages = Application.objects.filter(pk=application).values_list("language", flat=True)
    return languages.first() or ""

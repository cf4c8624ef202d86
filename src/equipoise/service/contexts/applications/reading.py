"""What others may know of applications: where one stands, its language, and by what texts people
are searched for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from equipoise.service.contexts.applications.derived import (
    AnsweredApplications,
    Applications,
    Progress,
)
from equipoise.service.contexts.applications.events import ApplicationState
from equipoise.service.contexts.applications.models import Application
from equipoise.service.contexts.applications.searchable import search_text, search_texts
from equipoise.service.platform.accounts.permissions import APPLICANT, Principal, Reach
from equipoise.service.platform.accounts.services import rows_for

__all__ = [
    "AnsweredApplications",
    "ApplicationSummary",
    "Applications",
    "Progress",
    "chances",
    "checkable",
    "is_decided",
    "language_of",
    "last_step",
    "search_text",
    "search_texts",
    "visible",
]

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ApplicationSummary:
    """Where an application stands: who began it, the strategy that it is pinned to, its area and
    its language (empty where none was said), and its last decision."""

    id: str
    begun_by: str
    branch: str
    region: str
    state: ApplicationState
    strategy: str
    digest: str
    language: str
    decision: str
    changed_at: datetime


def visible(application: str, by: Principal, over: Reach) -> ApplicationSummary:
    """The application, if the caller may see it. Raises DoesNotExist: others' are not there."""
    return _summary(Application.objects.filter(rows_for(by, over)).get(pk=application))


def checkable(application: str, by: Principal, over: Reach) -> ApplicationSummary:
    """The application, if the caller may say what became of its checks: a program also of those
    that applicants began themselves, which are no program's. Raises DoesNotExist as above."""
    rows = rows_for(by, over)
    if over is Reach.OWN:
        rows |= Q(begun_by=APPLICANT)
    return _summary(Application.objects.filter(rows).get(pk=application))


def _summary(row: Application) -> ApplicationSummary:
    state = ApplicationState(row.state)
    whose = (row.begun_by, row.branch or "", row.region or "")
    pinned = (row.strategy, row.digest)
    said = (row.language or "", row.step, row.changed_at)
    return ApplicationSummary(row.id, *whose, state, *pinned, *said)


def last_step(application: str) -> str:
    """The id of its last step, which is a decision's; empty where there is no such application."""
    steps = Application.objects.filter(pk=application).values_list("step", flat=True)
    return steps.first() or ""


def is_decided(application: str) -> bool:
    """Whether nothing more is to come: no fact, no result of a check, no person's answer."""
    return Application.objects.filter(pk=application, state=ApplicationState.DECIDED).exists()


def language_of(application: str) -> str:
    """The language in which its applicant is spoken to; empty where none was said."""
    languages = Application.objects.filter(pk=application).values_list("language", flat=True)
    return languages.first() or ""


def chances(applications: Collection[str]) -> Mapping[str, float]:
    """With which chance each of these was assigned the version that decides it."""
    by_application: dict[str, float] = {}
    named = list(applications)
    for at in range(0, len(named), _AT_ONCE):
        rows = Application.objects.filter(pk__in=named[at : at + _AT_ONCE])
        by_application |= dict(rows.values_list("pk", "propensity"))
    return by_application

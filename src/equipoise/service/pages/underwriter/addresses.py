"""Where a case is opened."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from equipoise.service.contexts.cases.reading import WorkView


def case_of(work: WorkView) -> str:
    """The page of the application that the work is about; empty where there is none."""
    return page_of(work.application)


def page_of(application: str) -> str:
    """The page of an application; empty where there is none."""
    if not application:
        return ""
    try:
        return reverse("case", args=(application,))
    except NoReverseMatch:
        return ""

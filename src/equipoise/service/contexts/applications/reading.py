"""What others may know of applications."""

from __future__ import annotations

from equipoise.service.contexts.applications.models import Application


def language_of(application: str) -> str:
    """The language in which its applicant is spoken to; empty where none was said."""
    languages = Application.objects.filter(pk=application).values_list("language", flat=True)
    return languages.first() or ""

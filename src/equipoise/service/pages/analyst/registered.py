"""Versions of the registry that an address names."""

from __future__ import annotations

from django.http import Http404

from equipoise.service.contexts.registry import reading
from equipoise.service.contexts.registry.reading import Unregistered, VersionSummary


def version_at(version_id: int) -> VersionSummary:
    """The version of that number. Raises Http404."""
    try:
        return reading.summary(version_id)
    except Unregistered:
        raise Http404 from None

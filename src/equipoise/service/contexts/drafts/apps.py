"""Drafts as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    """Owns applications before they are sent."""

    name = "equipoise.service.contexts.drafts"
    label = "drafts"

"""Conversations as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """Owns what applicants ask."""

    name = "equipoise.service.contexts.conversations"
    label = "conversations"

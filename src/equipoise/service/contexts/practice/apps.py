"""Practice as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class PracticeConfig(AppConfig):
    """Owns what people answer to practise. None of its rows is told by events."""

    name = "equipoise.service.contexts.practice"
    label = "practice"

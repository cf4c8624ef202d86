"""Hindsight as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class HindsightConfig(AppConfig):
    name = "equipoise.service.contexts.hindsight"
    label = "hindsight"

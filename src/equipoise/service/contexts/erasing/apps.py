"""Erasing as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ErasingConfig(AppConfig):
    name = "equipoise.service.contexts.erasing"
    label = "erasing"

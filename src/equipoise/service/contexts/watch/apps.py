"""The watch as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class WatchConfig(AppConfig):
    name = "equipoise.service.contexts.watch"
    label = "watch"

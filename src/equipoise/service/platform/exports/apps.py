"""Exports as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """Holds no table, and one scheduled job."""

    name = "equipoise.service.platform.exports"
    label = "exports"

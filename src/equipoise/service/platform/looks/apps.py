"""Looks as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class LooksConfig(AppConfig):
    """Holds one table and one scheduled job."""

    name = "equipoise.service.platform.looks"
    label = "looks"

"""Arrivals as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ArrivalsConfig(AppConfig):
    """Owns how long applicants wait."""

    name = "equipoise.service.contexts.arrivals"
    label = "arrivals"

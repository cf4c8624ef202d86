"""Decisions as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "equipoise.service.decisions"
    label = "decisions"

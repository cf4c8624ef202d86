"""Batches as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class BatchesConfig(AppConfig):
    name = "equipoise.service.contexts.batches"
    label = "batches"

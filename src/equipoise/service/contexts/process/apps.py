"""The process as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ProcessConfig(AppConfig):
    name = "equipoise.service.contexts.process"
    label = "process"

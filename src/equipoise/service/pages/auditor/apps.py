"""The auditor's pages as a Django app: templates only."""

from __future__ import annotations

from django.apps import AppConfig


class AuditorConfig(AppConfig):
    name = "equipoise.service.pages.auditor"
    label = "auditor"

"""The service owner's pages as a Django app: templates only."""

from __future__ import annotations

from django.apps import AppConfig


class OwnerConfig(AppConfig):
    name = "equipoise.service.pages.owner"
    label = "owner"

"""The clerk's pages as a Django app: templates only."""

from __future__ import annotations

from django.apps import AppConfig


class ClerkConfig(AppConfig):
    name = "equipoise.service.pages.clerk"
    label = "clerk"

"""The administrator's pages as a Django app: templates only."""

from __future__ import annotations

from django.apps import AppConfig


class AdministratorConfig(AppConfig):
    name = "equipoise.service.pages.administrator"
    label = "administrator"

"""Measured books as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class BooksConfig(AppConfig):
    """Has the record tell measurings."""

    name = "equipoise.service.contexts.books"
    label = "books"

    def ready(self) -> None:
        from equipoise.service.contexts.books.models import Measuring
        from equipoise.service.platform.record import rows

        rows.record(Measuring, "of", "asked_by", "state", "sha256")

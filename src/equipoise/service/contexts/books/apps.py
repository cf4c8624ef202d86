"""Measured books as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class BooksConfig(AppConfig):
    """Has the record tell measurings, and looks at the rows behind their numbers."""

    name = "equipoise.service.contexts.books"
    label = "books"

    def ready(self) -> None:
        from equipoise.service.contexts.books.events import BookRowsSeen
        from equipoise.service.contexts.books.models import Measuring
        from equipoise.service.platform.looks import following as looks
        from equipoise.service.platform.record import rows

        rows.record(Measuring, "of", "asked_by", "state", "sha256")
        looks.register(BookRowsSeen, lambda _: ())

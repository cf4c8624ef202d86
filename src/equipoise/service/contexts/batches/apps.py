"""Batches as a Django app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from equipoise.record.verifying import Fault


class BatchesConfig(AppConfig):
    """Has ends of batches told to others' systems, and their files verified with the record."""

    name = "equipoise.service.contexts.batches"
    label = "batches"

    def ready(self) -> None:
        from equipoise.service.contexts.batches.events import (
            BatchCancelled,
            BatchDone,
            BatchFailed,
        )
        from equipoise.service.contexts.batches.models import Batch
        from equipoise.service.platform.accounts.permissions import Action
        from equipoise.service.platform.record.verifications import besides
        from equipoise.service.platform.webhooks.public import make_public

        besides(_wrong_file)
        ends = (BatchDone, BatchFailed, BatchCancelled)
        make_public("batch.finished", Action.READ_BATCHES, *ends, rows=Batch)


def _wrong_file() -> Fault | None:
    from equipoise.service.contexts.batches.reading import wrong_file  # tables are large

    return wrong_file()

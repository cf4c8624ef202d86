"""Batches as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class BatchesConfig(AppConfig):
    """Has ends of batches told to others' systems."""

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
        from equipoise.service.platform.webhooks.public import make_public

        ends = (BatchDone, BatchFailed, BatchCancelled)
        make_public("batch.finished", Action.READ_BATCHES, *ends, rows=Batch)

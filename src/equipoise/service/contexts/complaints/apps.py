"""Complaints as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    """Has the record tell what became of complaints, and others' systems be told of them."""

    name = "equipoise.service.contexts.complaints"
    label = "complaints"

    def ready(self) -> None:
        from equipoise.service.contexts.complaints.events import (
            ComplaintAnswered,
            ComplaintOverdue,
            ComplaintReceived,
        )
        from equipoise.service.contexts.complaints.models import Complaint
        from equipoise.service.platform.accounts.permissions import Action
        from equipoise.service.platform.record import rows
        from equipoise.service.platform.webhooks.public import make_public

        rows.record(Complaint, "draft", "matter", "state", "outcome", "last_day")
        for each in (ComplaintReceived, ComplaintAnswered, ComplaintOverdue):
            make_public(each.kind, Action.ANSWER_PEOPLE, each)

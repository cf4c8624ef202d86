"""The watch as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class WatchConfig(AppConfig):
    """Has the record tell what is watched, alerts and notices; and others' systems be told."""

    name = "equipoise.service.contexts.watch"
    label = "watch"

    def ready(self) -> None:
        from equipoise.service.contexts.watch.events import AlertClosed, AlertNotified
        from equipoise.service.contexts.watch.models import Alert, Notice, WatchVersion
        from equipoise.service.platform.accounts.permissions import Action
        from equipoise.service.platform.record import rows
        from equipoise.service.platform.webhooks.public import make_public

        rows.record(WatchVersion, "digest", "brought_by", "approved_by")
        rows.record(Alert, "indicator", "severity", "stage", "owner", "version", "episode")
        rows.record(Notice, "alert_id", "to", "cause", "bundle", "message")
        for each in (AlertNotified, AlertClosed):
            make_public(each.kind, Action.READ_RISK, each)

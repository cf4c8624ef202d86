"""The pages about webhooks."""

from __future__ import annotations

from django.urls import path

from equipoise.service.webhooks import pages

urlpatterns = [
    path("", pages.index, name="webhooks"),
    path("<slug:webhook_id>/", pages.log, name="webhook"),
    path("<slug:webhook_id>/ping", pages.ping, name="webhook-ping"),
    path("deliveries/<slug:delivery_id>/replay", pages.replay, name="webhook-replay"),
]

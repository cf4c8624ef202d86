"""The pages about strategies."""

from __future__ import annotations

from django.urls import path

from equipoise.service.registry import pages

urlpatterns = [
    path("", pages.index, name="strategies"),
    path("<int:version_id>/", pages.version, name="strategy"),
    path("<int:version_id>/judge", pages.judge, name="strategy-judge"),
]

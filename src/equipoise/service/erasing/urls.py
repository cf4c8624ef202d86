"""The pages about erasures."""

from __future__ import annotations

from django.urls import path

from equipoise.service.erasing import pages

urlpatterns = [
    path("", pages.index, name="erasures"),
    path("preview", pages.preview, name="erasure-preview"),
    path("begin", pages.begin, name="erasure-begin"),
    path("<slug:erasure_id>/", pages.read, name="erasure"),
]

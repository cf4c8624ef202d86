"""The frame as a Django app: before allauth, whose layout it replaces."""

from __future__ import annotations

from django.apps import AppConfig


class FrameConfig(AppConfig):
    name = "equipoise.service.pages.frame"
    label = "frame"

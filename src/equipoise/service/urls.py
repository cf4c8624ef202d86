"""Every address the service answers to."""

from __future__ import annotations

from django.urls import include, path

from equipoise.service.api import api
from equipoise.service.operations.health import alive, ready

urlpatterns = [
    path("healthz", alive),
    path("readyz", ready),
    path("accounts/", include("allauth.urls")),
    path("", api.urls),
]

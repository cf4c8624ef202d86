"""Every address the service answers to."""

from __future__ import annotations

from django.urls import URLResolver, path
from django.urls.resolvers import RoutePattern

from equipoise.service.api import api
from equipoise.service.operations.health import alive, ready

urlpatterns = [
    path("healthz", alive),
    path("readyz", ready),
    # By name: the pages of log-in are imported when the first person comes, not at every start.
    URLResolver(RoutePattern("accounts/"), "allauth.urls"),
    path("", api.urls),
]

"""Every address the service answers to."""

from __future__ import annotations

from django.urls import URLResolver, path
from django.urls.resolvers import RoutePattern

from equipoise.service.api import api
from equipoise.service.operations.health import alive, ready
from equipoise.service.pages.views import home
from equipoise.service.reference import describe, docs, list_problems, read_problem

urlpatterns = [
    path("healthz", alive),
    path("readyz", ready),
    # By name: the pages are imported when the first person comes, not at every start.
    URLResolver(RoutePattern("accounts/sessions/"), "equipoise.service.pages.sessions"),
    URLResolver(RoutePattern("accounts/"), "allauth.urls"),
    URLResolver(RoutePattern("erasures/"), "equipoise.service.erasing.urls"),
    URLResolver(RoutePattern(""), "equipoise.service.accounts.urls"),
    URLResolver(RoutePattern("people/"), "equipoise.service.pages.people"),
    URLResolver(RoutePattern("strategies/"), "equipoise.service.registry.urls"),
    URLResolver(RoutePattern("webhooks/"), "equipoise.service.webhooks.urls"),
    path("v1/openapi.json", describe),
    path("docs", docs, name="docs"),
    path("problems/", list_problems, name="problems"),
    path("problems/<slug:name>", read_problem),
    path("", home, name="home"),
    path("", api.urls),
]

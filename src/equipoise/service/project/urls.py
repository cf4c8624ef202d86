"""Every address the service answers to."""

from __future__ import annotations

from django.urls import URLResolver, path
from django.urls.resolvers import RoutePattern

from equipoise.service.pages.frame.views.home import home
from equipoise.service.pages.frame.views.speaking import speak
from equipoise.service.platform.operations.health import alive, ready
from equipoise.service.project.api import api
from equipoise.service.project.reference import describe, docs, list_problems, read_problem

_PAGES = "equipoise.service.pages"

handler403 = f"{_PAGES}.frame.views.refusing.not_for_you"
handler404 = f"{_PAGES}.applicant.amiss.nothing_here"
urlpatterns = [
    path("healthz", alive),
    path("readyz", ready),
    # By name: the pages are imported when the first person comes, not at every start.
    URLResolver(RoutePattern("accounts/sessions/"), f"{_PAGES}.frame.views.sessions"),
    URLResolver(RoutePattern("accounts/"), "allauth.urls"),
    URLResolver(RoutePattern("apply/"), f"{_PAGES}.applicant.urls"),
    URLResolver(RoutePattern("audit/applications/"), f"{_PAGES}.auditor.views.applications"),
    URLResolver(RoutePattern("audit/looks/"), f"{_PAGES}.auditor.views.looks"),
    URLResolver(RoutePattern("audit/record/"), f"{_PAGES}.auditor.views.record"),
    URLResolver(RoutePattern("audit/left/"), f"{_PAGES}.auditor.views.left"),
    URLResolver(RoutePattern("audit/"), f"{_PAGES}.auditor.views.decisions"),
    URLResolver(RoutePattern("balance/standing/"), f"{_PAGES}.analyst.views.standing"),
    URLResolver(RoutePattern("balance/"), f"{_PAGES}.analyst.views.balance"),
    URLResolver(RoutePattern("balance/"), f"{_PAGES}.analyst.views.appetite"),
    URLResolver(RoutePattern("balance/"), f"{_PAGES}.analyst.views.comparing"),
    URLResolver(RoutePattern("authority/"), f"{_PAGES}.administrator.views.authority"),
    URLResolver(RoutePattern("batches/"), f"{_PAGES}.administrator.views.batches"),
    URLResolver(RoutePattern("cases/"), f"{_PAGES}.underwriter.views.queue"),
    URLResolver(RoutePattern("cases/"), f"{_PAGES}.underwriter.views.case"),
    URLResolver(RoutePattern("erasures/"), f"{_PAGES}.administrator.views.erasures"),
    URLResolver(RoutePattern("experience/"), f"{_PAGES}.owner.urls"),
    URLResolver(RoutePattern("find/"), f"{_PAGES}.underwriter.views.find"),
    URLResolver(RoutePattern("help/"), f"{_PAGES}.clerk.views.helping"),
    URLResolver(RoutePattern("invitation/"), f"{_PAGES}.administrator.views.invitation"),
    URLResolver(RoutePattern("jobs/"), f"{_PAGES}.administrator.views.work"),
    URLResolver(RoutePattern("keys/"), f"{_PAGES}.administrator.views.keys"),
    URLResolver(RoutePattern("learning/"), f"{_PAGES}.analyst.views.learning"),
    URLResolver(RoutePattern("messages/stop/"), f"{_PAGES}.applicant.views.stopping"),
    URLResolver(RoutePattern("messages/"), f"{_PAGES}.administrator.views.outbox"),
    URLResolver(RoutePattern("overrides/"), f"{_PAGES}.owner.views.overrides"),
    URLResolver(RoutePattern("people/"), f"{_PAGES}.administrator.views.people"),
    URLResolver(RoutePattern("settings/"), f"{_PAGES}.administrator.views.settings"),
    URLResolver(RoutePattern("plans/"), f"{_PAGES}.plans.urls"),
    URLResolver(RoutePattern("practice/"), f"{_PAGES}.underwriter.views.practice"),
    URLResolver(RoutePattern("risk/"), f"{_PAGES}.risk.urls"),
    URLResolver(RoutePattern("strategies/"), f"{_PAGES}.analyst.views.strategies"),
    URLResolver(RoutePattern("trials/"), f"{_PAGES}.analyst.views.trials"),
    URLResolver(RoutePattern("what-if/"), f"{_PAGES}.analyst.views.policy"),
    URLResolver(RoutePattern("webhooks/"), f"{_PAGES}.integrator.views.webhooks"),
    path("v1/openapi.json", describe),
    path("docs", docs, name="docs"),
    path("problems/", list_problems, name="problems"),
    path("problems/<slug:name>", read_problem),
    path("language", speak, name="language"),
    path("", home, name="home"),
    path("", api.urls),
]

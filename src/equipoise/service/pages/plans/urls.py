"""The addresses of emergency plans, below `/plans/`."""

from __future__ import annotations

from equipoise.service.pages.plans.views import plans, run

urlpatterns = [*run.urlpatterns, *plans.urlpatterns]
"""Runs first: a plan may be called what stands in their address."""

"""The addresses of the risk officer's pages, below `/risk/`."""

from __future__ import annotations

from equipoise.service.pages.risk.views import incidents, learning, overview

urlpatterns = [*overview.urlpatterns, *incidents.urlpatterns, *learning.urlpatterns]

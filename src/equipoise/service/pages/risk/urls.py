"""The addresses of the risk officer's pages, below `/risk/`."""

from __future__ import annotations

from equipoise.service.pages.risk.views import overview

urlpatterns = [*overview.urlpatterns]

"""The addresses of the risk officer's pages, below `/risk/`."""

from __future__ import annotations

from equipoise.service.pages.risk.views import (
    disposals,
    incidents,
    learning,
    overview,
    register,
    watch_list,
)

urlpatterns = [
    *overview.urlpatterns,
    *incidents.urlpatterns,
    *learning.urlpatterns,
    *disposals.urlpatterns,
    *register.urlpatterns,
    *watch_list.urlpatterns,
]

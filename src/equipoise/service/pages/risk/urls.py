"""The addresses of the risk officer's pages, below `/risk/`."""

from __future__ import annotations

from equipoise.service.pages.risk.views import (
    alert,
    book,
    disposals,
    incidents,
    indicator,
    learning,
    overview,
    register,
    rules,
    stress,
    watch_list,
)

urlpatterns = [
    *overview.urlpatterns,
    *alert.urlpatterns,
    *indicator.urlpatterns,
    *incidents.urlpatterns,
    *learning.urlpatterns,
    *disposals.urlpatterns,
    *register.urlpatterns,
    *watch_list.urlpatterns,
    *book.urlpatterns,
    *rules.urlpatterns,
    *stress.urlpatterns,
]

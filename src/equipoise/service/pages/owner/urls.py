"""The addresses of the service owner's pages, below `/experience/`."""

from __future__ import annotations

from equipoise.service.pages.owner.views import drawn_map, friction, journey, lost, tiers

urlpatterns = [
    *journey.urlpatterns,
    *drawn_map.urlpatterns,
    *lost.urlpatterns,
    *friction.urlpatterns,
    *tiers.urlpatterns,
]

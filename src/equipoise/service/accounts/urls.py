"""The pages about accounts that are ours and not allauth's."""

from __future__ import annotations

from django.urls import path

from equipoise.service.accounts import pages

urlpatterns = [
    path("invitation/<slug:invitation_id>/", pages.invitation, name="invitation"),
]

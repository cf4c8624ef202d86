"""The pages about accounts that are ours and not allauth's."""

from __future__ import annotations

from django.urls import path

from equipoise.service.accounts import pages, people_pages

urlpatterns = [
    path("invitation/<slug:invitation_id>/", pages.invitation, name="invitation"),
    path("people/", people_pages.index, name="people"),
    path("people/invite", people_pages.invite, name="people-invite"),
    path("people/requests/<int:request_id>", people_pages.settle, name="people-settle"),
]

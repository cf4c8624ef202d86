"""The applicant's pages as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ApplicantPagesConfig(AppConfig):
    name = "equipoise.service.pages.applicant"
    label = "applicant_pages"

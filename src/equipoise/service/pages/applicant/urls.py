"""The addresses of an applicant's pages, below `/apply/`."""

from __future__ import annotations

from equipoise.service.pages.applicant.views import (
    adjusting,
    answer,
    beginning,
    consents,
    contact,
    declines,
    opening,
    progress,
    questions,
    tasks,
)

urlpatterns = [
    *beginning.urlpatterns,
    *adjusting.urlpatterns,
    *opening.urlpatterns,
    *questions.urlpatterns,
    *contact.urlpatterns,
    *consents.urlpatterns,
    *tasks.urlpatterns,
    *progress.urlpatterns,
    *answer.urlpatterns,
    *declines.urlpatterns,
]

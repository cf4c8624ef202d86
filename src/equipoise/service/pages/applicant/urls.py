"""The addresses of an applicant's pages, below `/apply/`."""

from __future__ import annotations

from equipoise.service.pages.applicant.views import (
    answer,
    beginning,
    consents,
    progress,
    questions,
    tasks,
)

urlpatterns = [
    *beginning.urlpatterns,
    *questions.urlpatterns,
    *consents.urlpatterns,
    *tasks.urlpatterns,
    *progress.urlpatterns,
    *answer.urlpatterns,
]

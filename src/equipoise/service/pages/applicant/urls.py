"""The addresses of an applicant's pages, below `/apply/`."""

from __future__ import annotations

from equipoise.service.pages.applicant.views import (
    adjusting,
    agreement,
    answer,
    asking,
    beginning,
    complaining,
    consents,
    contact,
    correcting,
    declines,
    letters,
    moving,
    my_data,
    offers,
    opening,
    papers,
    progress,
    questions,
    tasks,
    unclear,
)

urlpatterns = [
    *beginning.urlpatterns,
    *adjusting.urlpatterns,
    *opening.urlpatterns,
    *questions.urlpatterns,
    *contact.urlpatterns,
    *consents.urlpatterns,
    *tasks.urlpatterns,
    *moving.urlpatterns,
    *my_data.urlpatterns,
    *papers.urlpatterns,
    *progress.urlpatterns,
    *answer.urlpatterns,
    *declines.urlpatterns,
    *letters.urlpatterns,
    *offers.urlpatterns,
    *agreement.urlpatterns,
    *unclear.urlpatterns,
    *asking.urlpatterns,
    *complaining.urlpatterns,
    *correcting.urlpatterns,
]

"""Ways off a page other than going on: back, to the list, to the check, to another language, to
how pages look.

The buttons are called `go`; what stands in the page's boxes is kept before this is asked.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from equipoise.service.contexts.drafts import services
from equipoise.service.contexts.drafts.reading import DraftView
from equipoise.service.pages.applicant.steps import before
from equipoise.service.pages.frame.language import remember
from equipoise.texts.saying import our_languages

ON = "on"


def left_for(request: HttpRequest, draft: DraftView) -> HttpResponse | None:
    """Where the button leads; None where the person goes on."""
    go = request.POST.get("go", ON)
    if go == "back":
        return redirect(before(draft, request.path))
    if go in ("tasks", "check"):
        return redirect(f"apply-{go}", draft.id)
    if go == "adjust":
        return redirect(f"{reverse('apply-adjust')}?from={request.path}")
    language = go.removeprefix("language-")
    if language in our_languages():
        services.speak(draft.id, language)
        return remember(redirect(request.path), language)
    return None

"""How pages look: a person adjusts them once, and this browser keeps it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from equipoise.service.pages.applicant.look import CHOICES, chosen_of, keep, look
from equipoise.service.pages.applicant.places import back_to
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.frame.language import in_ones_language, speaks_anew


@require_http_methods(["GET", "HEAD", "POST"])
@in_ones_language
def adjust(request: HttpRequest) -> HttpResponse:
    """Choose, and go on where one was."""
    back, posted = back_to(request), request.POST.dict()
    if request.method == "POST" and not speaks_anew(request):
        return keep(redirect(back), posted)
    chosen = chosen_of(posted) if posted else look(request)
    return show(request, "adjust", {"choices": CHOICES, "chosen": chosen, "back": back})


urlpatterns = [path("adjust", adjust, name="apply-adjust")]

"""Choosing in which language the pages of the lender's people speak."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.frame.language import remember
from equipoise.service.platform.accounts.permissions import Action
from equipoise.texts.saying import our_languages


@require_POST
@may(Action.SEE_SELF)
def speak(request: HttpRequest) -> HttpResponse:
    """Speak that language from now on, and go back to where it was asked for."""
    language, there = request.POST.get("language", ""), request.POST.get("next", "")[:500]
    if language not in our_languages():
        raise Http404
    ours = url_has_allowed_host_and_scheme(there, allowed_hosts=None)
    return remember(redirect(there if ours and there.startswith("/") else "home"), language)

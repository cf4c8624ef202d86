"""The page that the link below a message leads to: get no more of its kind, or get them again.

To open it changes nothing, as mail scanners open links. What stops messages is a post, the button's
or a mail program's own (RFC 8058): either has the link, and needs nothing else to be believed.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from equipoise.errors import BadInput
from equipoise.service.pages.applicant.showing import show
from equipoise.service.pages.frame.language import in_ones_language, speaks_anew
from equipoise.service.platform.messages.services import opt_in_again, opt_out, opted_out_by
from equipoise.texts.messages import purpose_name
from equipoise.texts.saying import spoken


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@in_ones_language
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and do what was pressed; pressed twice it is done once."""
    try:
        stands = opted_out_by(token)
        if request.method == "POST" and not speaks_anew(request) and not stands.purpose.required:
            change = opt_in_again if request.POST.get("go") == "again" else opt_out
            change(token)
            stands = opted_out_by(token)
    except BadInput:
        return show(request, "stop", {"unread": True}, status=404)
    what = purpose_name(stands.purpose, spoken())
    return show(request, "stop", {"stands": stands, "what": what})


urlpatterns = [path("<str:token>", stop, name="messages-stop")]

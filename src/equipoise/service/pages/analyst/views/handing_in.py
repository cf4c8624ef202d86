"""Handing in a sealed strategy's file: it is read aside, and is a draft as any other then."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from equipoise.errors import BadInput, EquipoiseError
from equipoise.service.contexts.registry import services
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.papers.incoming import Nameless
from equipoise.texts.refusing import refused
from equipoise.texts.saying import say

FILE = "file"  # of the form


@csrf_exempt
@require_POST
def upload(request: HttpRequest) -> HttpResponseBase:
    """The form's file goes to the disk first; the token is looked at once that is said."""
    request.upload_handlers = [Nameless(request)]
    return _upload(request)


@csrf_protect
@may(Action.WRITE_STRATEGY)
def _upload(request: HttpRequest) -> HttpResponse:
    try:
        made = services.add_file(_sent(request), caller(request))
    except EquipoiseError as error:
        messages.error(request, refused(error))
        return redirect("strategies")
    messages.success(
        request, say("Taken in as version {number}, a draft: have it checked.", number=made.number)
    )
    return redirect("strategy", made.pk)


def _sent(request: HttpRequest) -> bytes:
    """The form's file. Raises BadInput where there is none, or it is too large."""
    file, most = request.FILES.get(FILE), settings.CONFIGURATION.max_body
    if file is None:
        raise BadInput("no file is chosen", field=FILE, mend="choose a sealed strategy's file")
    if (file.size or 0) > most:
        raise BadInput("the file is too large", field=FILE, mend=f"bring {most:,} bytes at most")
    content: bytes = file.read()
    return content


urlpatterns = [path("upload", upload, name="strategy-upload")]

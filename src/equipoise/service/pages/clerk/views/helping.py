"""Opening an applicant's draft with them present, or beginning one."""

from __future__ import annotations

from math import ceil
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import BadInput
from equipoise.service.contexts.drafts import services
from equipoise.service.contexts.drafts.reading import products
from equipoise.service.contexts.drafts.services import CHANNELS, Hands, TooManyGuesses
from equipoise.service.pages.applicant.guard import hand_over
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.frame.language import NAMES, in_ones_language
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.login.callers import address_of
from equipoise.texts.refusing import refused
from equipoise.texts.saying import marked, our_languages, say, spoken

_MAY = may(Action.HELP_APPLICANTS)
_NO_FIT = marked(
    "This code does not fit that reference. A code holds ten minutes; only the newest does."
)
_SENT = marked("If there is such an application, its applicant gets a code now.")


@require_safe
@never_cache
@_MAY
@in_ones_language
def index(request: HttpRequest) -> HttpResponse:
    """What is needed to help."""
    return _shown(request)


@require_POST
@_MAY
@in_ones_language
def open_one(request: HttpRequest) -> HttpResponse:
    """Open a draft by the code that its applicant reads out, or have that code sent to them."""
    reference, address = request.POST.get("reference", "")[:40], address_of(request)
    try:
        if request.POST.get("go") == "send":
            services.ask_code_for_helper(reference, address)
            messages.info(request, say(_SENT))
            return _shown(request)
        code = request.POST.get("code", "")[:40]
        opened = services.begin_help(reference, code, _hands(request), address)
    except BadInput:
        return _refused(request, say("A reference is eight letters and digits, such as 7KQ2-M4XZ."))
    except TooManyGuesses as error:
        minutes = ceil(error.wait.total_seconds() / 60)
        often = say("That was often. Wait {n} min, please.", n=minutes)
        return _refused(request, often, 429)
    if opened is None:
        return _refused(request, say(_NO_FIT))
    return hand_over(redirect("apply-tasks", opened[0]), *opened)


@require_POST
@_MAY
@in_ones_language
def begin(request: HttpRequest) -> HttpResponse:
    """Begin an application for somebody present."""
    product, language = request.POST.get("product", "")[:80], request.POST.get("language", "")
    hands = _hands(request)
    try:
        services.refuse_channel(product, hands.channel)
        opened = services.begin(product, _language(language), hands)
    except LookupError:
        raise Http404 from None
    except BadInput as error:
        return _refused(request, refused(error))
    return hand_over(redirect("apply-tasks", opened[0]), *opened)


def _hands(request: HttpRequest) -> Hands:
    channel = request.POST.get("channel", "")
    if channel not in CHANNELS:
        raise Http404
    return Hands(channel, caller(request).id)


def _language(asked: str) -> str:
    return asked if asked in our_languages() else our_languages()[0]


def _refused(request: HttpRequest, message: str, status: int = 422) -> HttpResponse:
    messages.error(request, message)
    return _shown(request, status)


def _shown(request: HttpRequest, status: int = 200) -> HttpResponse:
    shown: dict[str, Any] = {
        "products": products(),
        "spoken": spoken(),
        "languages": [(each, NAMES.get(each, each)) for each in our_languages()],
        "channels": CHANNELS,
        "channel": request.POST.get("channel", CHANNELS[0]),
        "reference": request.POST.get("reference", "")[:40],
    }
    return render(request, "clerk/help.html", shown, status=status)


urlpatterns = [
    path("", index, name="help"),
    path("open", open_one, name="help-open"),
    path("begin", begin, name="help-begin"),
]

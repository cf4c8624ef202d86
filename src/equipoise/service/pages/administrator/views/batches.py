"""The page of batches: files of applications, how far each is, and what came of it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.batches import reading, services
from equipoise.service.pages.frame.asked import named
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.frame.words import said_word
from equipoise.service.platform.accounts.access import caller, reach
from equipoise.service.platform.accounts.permissions import Action
from equipoise.texts.refusing import refused
from equipoise.texts.saying import marked, say

_SHOWN = 100
STATES = {
    "queued": marked("waits"),
    "running": marked("is worked at"),
    "done": marked("done"),
    "failed": marked("ended with a fault"),
    "cancelled": marked("cancelled"),
}


@require_safe
@never_cache
@may(Action.READ_BATCHES)
def index(request: HttpRequest) -> HttpResponse:
    """The newest batches that the person may see."""
    by = caller(request)
    batches = reading.newest(by, reach(request), _SHOWN)
    shown = {
        "batches": [
            (
                each,
                say(STATES[each.state]),
                [(said_word(outcome), count) for outcome, count in sorted(each.outcomes.items())],
            )
            for each in batches
        ],
        "names": named({each.begun_by for each in batches}),
        "cancels": by.reach(Action.RUN_BATCH) is not None,
        "reads": by.reach(Action.READ_RESULTS) is not None,
        "by": by.id,
    }
    return render(request, "administrator/batches.html", shown)


@require_POST
@may(Action.RUN_BATCH)
def cancel(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Stop one of one's own."""
    try:
        batch = services.visible(caller(request), reach(request)).get(pk=batch_id)
        services.cancel(batch, caller(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    except EquipoiseError as error:
        messages.error(request, refused(error))
    else:
        messages.success(request, say("The batch is cancelled; its files are removed."))
    return redirect("batches")


urlpatterns = [
    path("", index, name="batches"),
    path("<slug:batch_id>/cancel", cancel, name="batch-cancel"),
]

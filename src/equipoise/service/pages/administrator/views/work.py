"""The page of background work: what is done, what waits, what broke, and what is due when."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.jobs import reading
from equipoise.texts.saying import marked, say

_SHOWN = 100
STATES = {
    "ready": marked("waits"),
    "running": marked("is worked at"),
    "successful": marked("done"),
    "failed": marked("given up"),
}


@require_safe
@may(Action.READ_JOBS)
def index(request: HttpRequest) -> HttpResponse:
    """The newest jobs, of one `state` where it is asked for, and the schedule."""
    asked = request.GET.get("state", "")
    state = asked if asked in STATES else ""
    rows = reading.rows_of(state or None).order_by("-enqueued_at", "id")[:_SHOWN]
    jobs = reading.jobs_of(list(rows))
    shown = {
        "jobs": [(each, say(STATES[each.state])) for each in jobs],
        "state": state,
        "states": [("", say("all")), *((code, say(word)) for code, word in STATES.items())],
        "schedule": reading.schedule(),
        "broken": Counter(each.name for each in jobs if each.state == "failed").most_common(),
    }
    return render(request, "administrator/work.html", shown)


urlpatterns = [path("", index, name="jobs")]

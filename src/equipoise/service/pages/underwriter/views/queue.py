"""The queue: what waits for a person, whose it is, and taking, handing on and putting off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, get_args

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import BadInput, EquipoiseError
from equipoise.service.contexts.cases import services as cases
from equipoise.service.contexts.cases.reading import (
    Wanted,
    When,
    Whose,
    WorkKind,
    WorkView,
    colleagues,
    counted,
    listed,
)
from equipoise.service.contexts.registry.reading import in_force
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.underwriter import wording
from equipoise.service.pages.underwriter.addresses import case_of
from equipoise.service.pages.underwriter.refusals import refusal
from equipoise.service.pages.underwriter.rows import rows_of
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action, Principal, Reach
from equipoise.service.platform.api.paging import Paging
from equipoise.service.platform.api.short_text import check_reason
from equipoise.texts.saying import say

_SHOWN = 25
_FILTERS = ("kind", "whose", "when", "branch", "strategy")
_LONGEST = 80  # characters of a filter


@require_safe
@never_cache
@may(Action.READ_CASES)
def index(request: HttpRequest) -> HttpResponse:
    """What waits, first what is worth the next minute."""
    return _shown(request, request.GET)


@require_POST
@may(Action.WORK_CASES)
def take_next(request: HttpRequest) -> HttpResponse:
    """Take the first that is free and theirs to decide, as filtered, and open it."""
    wanted = replace(_wanted(request.POST), whose="free", when="")
    try:
        taken = cases.take_next(caller(request), wanted)
    except EquipoiseError as error:
        messages.warning(request, refusal(error))
        return redirect(_back(request.POST))
    if taken is None:
        messages.info(request, say("No case is free for you now."))
        return redirect(_back(request.POST))
    return _opened(request, taken)


@require_POST
@may(Action.WORK_CASES)
def claim(request: HttpRequest, work_id: str) -> HttpResponse:
    """Take it, and open it; whoever was slower reads who has it."""
    try:
        taken = cases.claim(work_id, caller(request))
    except EquipoiseError as error:
        messages.warning(request, refusal(error))
        return redirect(_back(request.POST))
    except ObjectDoesNotExist:
        raise Http404 from None
    return _opened(request, taken)


@require_POST
@may(Action.WORK_CASES)
def release(request: HttpRequest, work_id: str) -> HttpResponse:
    """Give it back."""
    return _one(request, work_id, cases.release, say("It is free again."))


@require_POST
@may(Action.WORK_CASES)
def wake(request: HttpRequest, work_id: str) -> HttpResponse:
    """Have it shown again, before its time."""
    return _one(request, work_id, cases.wake, say("It is shown again."))


@require_POST
@may(Action.WORK_CASES)
def many(request: HttpRequest) -> HttpResponse:
    """Assign, put off or give back all that were chosen; the page says what was done and, row by
    row, what was refused and why. What was typed stays there where anything was refused."""
    chosen = request.POST.getlist("work")
    try:
        done = cases.many(chosen, _act(request.POST, caller(request)))
    except EquipoiseError as error:
        messages.error(request, refusal(error))
        return _shown(request, request.POST, chosen=chosen, typed=request.POST)
    report = {
        "done": len(done.done),
        "refused": [(each.work, refusal(each.error)) for each in done.refused],
    }
    left = [each.work for each in done.refused]
    typed = request.POST if left else None
    return _shown(request, request.POST, report=report, chosen=left, typed=typed)


def _shown(request: HttpRequest, given: QueryDict, **more: Any) -> HttpResponse:
    by = caller(request)
    over = by.reach(Action.READ_CASES) or Reach.OWN
    works = by.reach(Action.WORK_CASES) is not None
    wanted, after = _wanted(given), given.get("after", "")[:300]
    try:
        page = listed(by, over, wanted, Paging(limit=_SHOWN, after=after))
    except BadInput:  # of another list, or an older one
        page = listed(by, over, wanted, Paging(limit=_SHOWN, after=""))
    shown = {
        "rows": rows_of(page.rows, by.id),
        "counts": counted(by, over),
        "kinds": [(kind.value, say(name)) for kind, name in wording.KINDS.items()],
        "strategies": sorted(in_force()),
        "branches": over is Reach.ALL,
        "asked": _asked(given),
        "next": page.next,
        "works": works,
        "colleagues": colleagues(by) if works else (),
        "unknown": any(each.unknown for each in page.rows),
        "chosen": (),
        **more,
    }
    return render(request, "underwriter/queue.html", shown)


def _wanted(given: QueryDict) -> Wanted:
    """The filters; what none of them can be is none."""
    asked = _asked(given)
    kind = asked["kind"] if asked["kind"] in WorkKind.values else ""
    whose = asked["whose"] if asked["whose"] in get_args(Whose) else ""
    when = asked["when"] if asked["when"] in get_args(When) else ""
    return Wanted(
        kind=WorkKind(kind) if kind else None,
        whose=whose,  # type: ignore[arg-type]
        when=when,  # type: ignore[arg-type]
        branch=asked["branch"],
        strategy=asked["strategy"],
    )


def _asked(given: QueryDict) -> dict[str, str]:
    return {name: given.get(name, "").replace("\x00", "")[:_LONGEST] for name in _FILTERS}


def _act(given: QueryDict, by: Principal) -> Callable[[str], WorkView]:
    """What is done with each. Raises BadInput where it lacks something."""
    act = given.get("act", "")
    if act == "release":
        return partial(cases.release, by=by)
    words = check_reason(given.get("words", ""))
    if act == "assign":
        return partial(cases.assign, to=given.get("to", "")[:_LONGEST], words=words, by=by)
    if act == "snooze":
        return partial(cases.snooze, until=_moment(given.get("until", "")), words=words, by=by)
    raise BadInput("nothing of the kind is done here", field="act", mend="take one of the buttons")


def _moment(text: str) -> datetime:
    """What a field for a moment holds, which has no time zone: UTC. Raises BadInput."""
    try:
        return datetime.strptime(text[:16], "%Y-%m-%dT%H:%M").replace(tzinfo=UTC)
    except ValueError:
        raise BadInput(
            "it is not said until when", field="until", mend="give a day and a time"
        ) from None


def _one(
    request: HttpRequest, work_id: str, step: Callable[..., WorkView], said: str
) -> HttpResponse:
    try:
        step(work_id, caller(request))
    except EquipoiseError as error:
        messages.warning(request, refusal(error))
    except ObjectDoesNotExist:
        raise Http404 from None
    else:
        messages.success(request, said)
    return redirect(_back(request.POST))


def _opened(request: HttpRequest, work: WorkView) -> HttpResponse:
    where = case_of(work)
    if where:
        return redirect(where)
    messages.success(request, say("It is yours for 15 minutes, and as long as you go on with it."))
    return redirect(f"{reverse('queue')}?whose=mine")


def _back(given: QueryDict) -> str:
    """The queue with the same filters."""
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in _asked(given).items() if value})
    return f"{reverse('queue')}?{query.urlencode()}" if query else reverse("queue")


urlpatterns = [
    path("", index, name="queue"),
    path("next", take_next, name="queue-next"),
    path("many", many, name="queue-many"),
    path("work/<slug:work_id>/claim", claim, name="work-claim"),
    path("work/<slug:work_id>/release", release, name="work-release"),
    path("work/<slug:work_id>/wake", wake, name="work-wake"),
]

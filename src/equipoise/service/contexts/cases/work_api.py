"""Endpoints about work that waits for people: what there is, and who has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query as QueryOf
from ninja import Router

from equipoise.errors import BadInput
from equipoise.service.contexts.cases import claims, handing_on, listing, notes, reading
from equipoise.service.contexts.cases.handing_on import Refused
from equipoise.service.contexts.cases.work import WorkView
from equipoise.service.contexts.cases.work_schemas import (
    AssignIn,
    ManyWorksIn,
    ManyWorksOut,
    NextIn,
    NextWorkOut,
    SnoozeIn,
    WhichWork,
    WorkCountsOut,
    WorkInFullOut,
    WorkOut,
    counts_out,
    note_out,
)
from equipoise.service.platform.accounts.access import May, caller, reach
from equipoise.service.platform.accounts.permissions import Action, Principal
from equipoise.service.platform.api.paging import Page, Paging, page_out
from equipoise.service.platform.operations.catalogue import (
    AUTHORITY,
    GONE,
    SEALED,
    STATE,
    gives,
)

router = Router(tags=["work"])
_WORKS = May(Action.WORK_CASES)
T = TypeVar("T")


@router.get("/work", auth=May(Action.READ_CASES), response=Page[WorkOut])
def list_work(
    request: HttpRequest, response: HttpResponse, asked: QueryOf[WhichWork], paging: QueryOf[Paging]
) -> Any:
    """What waits for a person, first what is worth their next minute."""
    page = listing.listed(caller(request), reach(request), asked.wanted(), paging)
    return page_out(request, response, page)


@router.get("/work/counts", auth=May(Action.READ_CASES), response=WorkCountsOut)
def count_work(request: HttpRequest) -> Any:
    """How much waits."""
    return counts_out(listing.counted(caller(request), reach(request)))


@router.post("/work/next", auth=_WORKS, response=NextWorkOut)
@gives(AUTHORITY, STATE)
def take_next_case(request: HttpRequest, body: NextIn) -> Any:
    """Take the first case that is free, neither yours nor one that you decided, and within your
    level. It is yours for 15 minutes, and as long as you go on with it."""
    return {"work": claims.take_next(caller(request), body.wanted())}


@router.post("/work/many", auth=_WORKS, response=ManyWorksOut)
def hand_on_many(request: HttpRequest, body: ManyWorksIn) -> Any:
    """Assign, put off or give back several, each for itself: what is refused of one stops no
    other."""
    done = handing_on.many(body.works, _act(body, caller(request)))
    refused = [_refused(each) for each in done.refused]
    return {"done": [each.id for each in done.done], "refused": refused}


@router.get("/work/{work_id}", auth=May(Action.READ_CASES), response=WorkInFullOut)
@gives(GONE, SEALED)
def read_work(request: HttpRequest, work_id: str) -> Any:
    """A piece of work, with what was said as it was handed on."""
    by, over = caller(request), reach(request)
    try:
        work = reading.read_work(work_id, by, over)
        said = [note_out(each) for each in notes.notes_of(work_id, by, over)]
    except ObjectDoesNotExist:
        raise Http404 from None
    return {**asdict(work), "notes": said}


@router.post("/work/{work_id}/claim", auth=_WORKS, response=WorkOut)
@gives(AUTHORITY, STATE)
def claim_work(request: HttpRequest, work_id: str) -> Any:
    """Take it. Where another has it `detail` says who, and since when."""
    return _there(claims.claim, work_id, caller(request))


@router.post("/work/{work_id}/release", auth=_WORKS, response=WorkOut)
@gives(STATE)
def release_work(request: HttpRequest, work_id: str) -> Any:
    """Give it back."""
    return _there(claims.release, work_id, caller(request))


@router.post("/work/{work_id}/assign", auth=_WORKS, response=WorkOut)
@gives(AUTHORITY, STATE, GONE, SEALED)
def assign_work(request: HttpRequest, work_id: str, body: AssignIn) -> Any:
    """Give it to another person of the same branch or region."""
    return _there(handing_on.assign, work_id, body.to, body.words, caller(request))


@router.post("/work/{work_id}/snooze", auth=_WORKS, response=WorkOut)
@gives(STATE, GONE, SEALED)
def snooze_work(request: HttpRequest, work_id: str, body: SnoozeIn) -> Any:
    """Put it off: it is shown again at that moment."""
    return _there(handing_on.snooze, work_id, body.until, body.words, caller(request))


@router.post("/work/{work_id}/wake", auth=_WORKS, response=WorkOut)
@gives(STATE)
def wake_work(request: HttpRequest, work_id: str) -> Any:
    """Have it shown again, before its time."""
    return _there(handing_on.wake, work_id, caller(request))


def _there(step: Callable[..., WorkView], *given: Any) -> WorkView:
    try:
        return step(*given)
    except ObjectDoesNotExist:
        raise Http404 from None


def _act(body: ManyWorksIn, by: Principal) -> Callable[[str], WorkView]:
    """What is done with each. Raises BadInput where it lacks something."""
    if body.act == "release":
        return partial(claims.release, by=by)
    words = _said("words", body.words)
    if body.act == "assign":
        return partial(handing_on.assign, to=_said("to", body.to), words=words, by=by)
    return partial(handing_on.snooze, until=_said("until", body.until), words=words, by=by)


def _said(name: str, value: T | None) -> T:
    if value is None:
        raise BadInput(f"`{name}` is not said", field=name, mend=f"give `{name}`")
    return value


def _refused(each: Refused) -> dict[str, str]:
    if each.error is None:
        return {"work": each.work, "detail": "there is no such work", "mend": ""}
    return {"work": each.work, "detail": each.error.message, "mend": each.error.mend}

"""What people do with versions: each step a form, and where it is refused the page says why and
keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.authority.gates import NotPassed
from equipoise.errors import EquipoiseError
from equipoise.service.contexts.decisions import reading as decisions
from equipoise.service.contexts.decisions.services import compare as compare_versions
from equipoise.service.contexts.registry import reading, services
from equipoise.service.contexts.registry.reading import InForce
from equipoise.service.contexts.registry.services import Meanwhile
from equipoise.service.pages.analyst.registered import version_at
from equipoise.service.pages.analyst.version_page import report_of, shown
from equipoise.service.pages.frame.asked import named
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.frame.words import said_word
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.short_text import check_reason
from equipoise.texts.refusing import refused
from equipoise.texts.saying import marked, say

_MOVES = 50
_DONE = {
    "check": marked("{version} is checked."),
    "submit": marked("A review of {version} is asked for."),
    "approve": marked("{version} is approved."),
    "reject": marked("{version} is sent back to its author."),
    "publish": marked("{version} is in force."),
    "retire": marked("{version} is put away."),
}


@require_POST
@may(Action.WRITE_STRATEGY)
def check(request: HttpRequest, version_id: int) -> HttpResponse:
    """Look at it alone: can it decide."""
    return _step(request, version_id, "check", lambda n, _: services.check(n, caller(request)))


@require_POST
@may(Action.WRITE_STRATEGY)
def submit(request: HttpRequest, version_id: int) -> HttpResponse:
    """Ask for review."""
    return _step(request, version_id, "submit", lambda n, _: services.submit(n, caller(request)))


@require_POST
@may(Action.APPROVE_STRATEGY)
def judge(request: HttpRequest, version_id: int) -> HttpResponse:
    """Approve it or send it back, with a reason."""
    name = "approve" if request.POST.get("answer") == "approve" else "reject"
    step = services.approve if name == "approve" else services.reject
    return _step(request, version_id, name, lambda n, why: step(n, caller(request), why), why=True)


@require_POST
@may(Action.PUBLISH_STRATEGY)
def publish(request: HttpRequest, version_id: int) -> HttpResponse:
    """Put it in force, if no gate refuses and nobody was first."""
    put = partial(services.publish, again=request.POST.get("again") == "yes", seen=_seen(request))

    def step(number: int, why: str) -> object:
        return put(number, caller(request), why)

    return _step(request, version_id, "publish", step, why=True)


@require_POST
@may(Action.PUBLISH_STRATEGY)
def retire(request: HttpRequest, version_id: int) -> HttpResponse:
    """Put it away for good."""
    return _step(
        request, version_id, "retire", lambda n, why: services.retire(n, caller(request), why),
        why=True,
    )  # fmt: skip


@require_POST
@may(Action.READ_STRATEGIES)
def compare(request: HttpRequest, version_id: int) -> HttpResponse:
    """Have it held beside the version in force on the last applications, by a worker."""
    version = version_at(version_id)
    standing = reading.standing_of(version.strategy)
    if standing is None or standing.version in (None, version.id):
        raise Http404
    before = reading.summary(standing.version or 0)
    if compare_versions(before.digest, version.digest, caller(request).id):
        messages.success(
            request, say("Both versions decide the last applications; a worker is at it.")
        )
    return redirect("strategy", version.id)


@require_safe
@may(Action.READ_STRATEGIES)
def compared(request: HttpRequest, version_id: int) -> HttpResponse:
    """The comparison alone, for the page that waits for it."""
    version = version_at(version_id)
    standing = reading.standing_of(version.strategy)
    if standing is None or standing.version in (None, version.id):
        raise Http404
    pair = decisions.compared(reading.summary(standing.version or 0).digest, version.digest)
    context = {"version": version, "pair": pair, "report": report_of(pair)}
    return render(request, "analyst/_compared.html", context)


def moves_page(
    request: HttpRequest,
    standing: InForce,
    *,
    typed: str = "",
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """How a strategy's pointer moved; after a refusal with what was typed."""
    moves = reading.publications(standing.strategy, _MOVES)
    context = {
        "standing": standing,
        "moves": [(each, said_word(each.move.value)) for each in moves],
        "names": named({*(each.by for each in moves), standing.by}),
        "publishes": caller(request).reach(Action.PUBLISH_STRATEGY) is not None,
        "typed": typed,
        "refused": refused,
    }  # fmt: skip
    return render(request, "analyst/moves.html", context, status=status)


@require_POST
@may(Action.PUBLISH_STRATEGY)
def move(request: HttpRequest, strategy: str) -> HttpResponse:
    """Roll it back, take it out of force, or make it the default."""
    standing = reading.standing_of(strategy)
    if standing is None:
        raise Http404
    typed, by = request.POST.get("reason", ""), caller(request)
    try:
        why = check_reason(typed)
        if request.POST.get("move") == "roll_back":
            services.roll_back(strategy, by, why, _seen(request))
        elif request.POST.get("move") == "withdraw":
            services.withdraw(strategy, by, why, _seen(request))
        else:
            services.make_default(strategy, by, why)
    except ObjectDoesNotExist:
        raise Http404 from None
    except EquipoiseError as error:
        now = reading.standing_of(strategy) or standing
        return moves_page(request, now, typed=typed, refused=_why(error), status=409)
    messages.success(request, say("Done: {strategy}.", strategy=strategy))
    return redirect("strategy-moves", strategy)


def _step(
    request: HttpRequest,
    version_id: int,
    name: str,
    step: Callable[[int, str], object],
    *,
    why: bool = False,
) -> HttpResponse:
    version, typed = version_at(version_id), request.POST.get("reason", "")
    try:
        step(version.id, check_reason(typed) if why else "")
    except EquipoiseError as error:
        gates: list[Any] = []
        if isinstance(error, NotPassed):
            gates = [each.as_dict() for each in error.results]
        return shown(
            request,
            version_at(version_id),
            typed=typed,
            refused=_why(error),
            gates=gates,
            again=error.field == "again",
            status=409,
        )
    called = f"{version.strategy} {version.number}"
    messages.success(request, say(_DONE[name], version=called))
    return redirect("strategy", version.id)


def _why(error: EquipoiseError) -> str:
    """Why a step was refused: by whom somebody was overtaken, where that is it."""
    if isinstance(error, Meanwhile) and error.by:
        return say(
            "{who} was first: version {number} is what counts since {at} UTC. Nothing of yours was "
            "done; what you typed stands below.",
            who=named([error.by])[error.by],
            number=error.number,
            at=f"{error.at:%Y-%m-%d %H:%M:%S}",
        )
    return refused(error)


def _seen(request: HttpRequest) -> int | None:
    """The last move of the pointer that the page had shown."""
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


urlpatterns = [
    path("in-force/<slug:strategy>/move", move, name="strategy-move"),
    path("<int:version_id>/check", check, name="strategy-check"),
    path("<int:version_id>/submit", submit, name="strategy-submit"),
    path("<int:version_id>/judge", judge, name="strategy-judge"),
    path("<int:version_id>/publish", publish, name="strategy-publish"),
    path("<int:version_id>/retire", retire, name="strategy-retire"),
    path("<int:version_id>/compare", compare, name="strategy-compare"),
    path("<int:version_id>/compared", compared, name="strategy-compared"),
]

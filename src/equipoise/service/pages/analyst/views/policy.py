"""The pages of a change of law or policy: what it would do, and which strategies would break it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.balances import reading, services
from equipoise.service.contexts.balances.reading import Changed
from equipoise.service.pages.analyst import change_form as forms
from equipoise.service.pages.analyst.change_book import book_moved
from equipoise.service.pages.analyst.change_held import fields, held_versions
from equipoise.service.pages.analyst.steps import step_name
from equipoise.service.pages.frame.exporting import exported
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.exports.services import Column, Export
from equipoise.texts.refusing import refused
from equipoise.texts.saying import say

_SHOWN = 50
_KINDS = {"strategy": str, "application": str, "treatment": str, "shut_out": bool}
_COLUMNS = tuple(Column(name, _KINDS.get(name, float)) for name in reading.AFFECTED)


@require_safe
@may(Action.READ_BALANCE)
def index(request: HttpRequest) -> HttpResponse:
    """The changes that were tried, and a form for one more."""
    return render(request, "analyst/changes.html", _listed(request))


@require_POST
@may(Action.READ_BALANCE)
def ask(request: HttpRequest) -> HttpResponse:
    """Have it found what a change would do; where it is not sound, what was typed stays. A change
    that is only about loans already made is the risk officer's to try, too."""
    change = forms.change_of(request.POST)
    if not _may_ask(request, of_new_loans=change["rule"] is not None):
        raise PermissionDenied
    base = request.POST.get("base", "")
    try:
        if change["rule"] is None:
            run = services.ask_of_book(change, caller(request))
        else:
            number = int(base) if base.isascii() and base.isdigit() and len(base) < 12 else 0
            run = services.ask_under(change, number, caller(request))
    except EquipoiseError as error:
        messages.error(request, refused(error))
        return render(request, "analyst/changes.html", _listed(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    return redirect("what-if-run", run)


@require_safe
@may(Action.READ_BALANCE)
def change(request: HttpRequest, run_id: int) -> HttpResponse:
    """What a change would do: before and after, who is shut out, which strategies break it."""
    try:
        shown = reading.changed(run_id)
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    by = request.GET.get("by", "pd")[:80]
    context: dict[str, Any] = {
        "run": shown.run,
        "change": shown.change,
        "sentence": forms.sentence(shown.change),
        "base": shown.base,
        "step": step_name(shown.run.step),
        "percent": round(100 * shown.run.share),
        "fault": reading.fault(run_id) if shown.run.state == "failed" else None,
        "runs_balance": caller(request).reach(Action.RUN_BALANCE) is not None,
    }
    if shown.effect is not None:
        context |= {
            "effect": shown.effect,
            "shut_out": forms.shut_out(shown.effect, by),
            "held": held_versions(shown.effect, shown.concerned, by),
            "book": book_moved(shown.effect.get("book")),
            "parted_by": fields(shown.effect),
            "by": by,
            "exports": caller(request).reach(Action.EXPORT) is not None,
        }
    return render(request, "analyst/change.html", context | _beside(shown, by))


@require_POST
@may(Action.EXPORT)
def export(request: HttpRequest, run_id: int) -> HttpResponseBase:
    """Whose offers a change takes away, as a file: applications of the history by their ids."""
    if caller(request).reach(Action.READ_BALANCE) is None:
        raise PermissionDenied
    try:
        shown = reading.changed(run_id)
        rows = reading.affected(run_id)
    except (ObjectDoesNotExist, OverflowError, OSError):
        raise Http404 from None
    made = Export("affected-by-change", _COLUMNS, {"run": str(run_id), "on": shown.change["on"]})
    return exported(request, made, rows)


def _may_ask(request: HttpRequest, *, of_new_loans: bool) -> bool:
    actions = (Action.RUN_BALANCE,) if of_new_loans else (Action.RUN_BALANCE, Action.ACT_ON_RISK)
    return any(caller(request).reach(each) is not None for each in actions)


def _beside(shown: Changed, by: str) -> dict[str, Any]:
    """Both frontiers and who is treated otherwise, once both are found."""
    if shown.base is None:
        return {}
    results = [reading.result(each) for each in (shown.base, shown.run.id)]
    before, after = results
    if before is None or after is None:
        return {}
    # what reads a balance is large, and loaded once two are looked at
    from equipoise.service.pages.analyst.side_by_side import beside

    runs = [reading.run(shown.base), shown.run]
    names = (say("Before"), say("After"))
    return {"runs": runs, **beside(runs, (before, after), by, names)}


def _listed(request: HttpRequest) -> dict[str, Any]:
    bases = [each for each in reading.plain(_SHOWN) if each.kept]
    of_new_loans = bool(bases) and _may_ask(request, of_new_loans=True)
    kinds = forms.KINDS if of_new_loans else {"book": forms.KINDS["book"]}
    packs = reading.book_packs()
    return {
        "changes": [(each, forms.sentence(each.change)) for each in reading.changes(_SHOWN)],
        "bases": bases,
        "runs_balance": _may_ask(request, of_new_loans=True),
        "of_new_loans": of_new_loans,
        "asks": of_new_loans or (bool(packs) and _may_ask(request, of_new_loans=False)),
        "kinds": [(name, say(word)) for name, word in kinds.items()],
        "measures": forms.measures(),
        "packs": packs,
        "packs_chosen": request.POST.getlist("book"),
        "typed": request.POST,
    }


urlpatterns = [
    path("", index, name="what-if"),
    path("ask", ask, name="what-if-ask"),
    path("<int:run_id>/", change, name="what-if-run"),
    path("<int:run_id>/export", export, name="what-if-export"),
]

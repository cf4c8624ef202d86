"""The page on which an appetite is set: form and text of one document, checked as typed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.balances import reading, services
from equipoise.service.contexts.balances.services import Typed
from equipoise.service.pages.analyst import appetite_form as forms
from equipoise.service.pages.analyst.appetite_form import Form
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.texts.refusing import refused
from equipoise.texts.saying import say

_LETTERS = 60_000


@require_safe
@may(Action.RUN_BALANCE)
def new(request: HttpRequest) -> HttpResponse:
    """The appetite of the workspace, or of a run, to be changed."""
    number = request.GET.get("run", "")
    try:
        base = reading.run(int(number)).appetite if number else reading.of_workspace()
    except EquipoiseError as error:
        messages.error(request, refused(error))
        return redirect("balance")
    except (ObjectDoesNotExist, OverflowError, ValueError):
        raise Http404 from None
    typed = services.looked_at(base)
    return render(request, "analyst/appetite.html", _shown(base, typed, None))


@require_POST
@may(Action.RUN_BALANCE)
def check(request: HttpRequest) -> HttpResponse:
    """What is wrong with the appetite as it is typed, and the document that it makes."""
    typed, form = _typed(request)
    return render(request, "analyst/_appetite_checked.html", {"typed": typed, "form": form})


@require_POST
@may(Action.RUN_BALANCE)
def ask(request: HttpRequest) -> HttpResponse:
    """Have the balance found under it; where it is not sound, what was typed stays."""
    typed, form = _typed(request)
    if not typed.faults and request.POST.get("go") != "look":
        try:
            return redirect("balance-run", services.ask(typed.text, caller(request)))
        except EquipoiseError as error:
            messages.error(request, refused(error))
    base = request.POST.get("base", "")[:_LETTERS]
    return render(request, "analyst/appetite.html", _shown(base, typed, form))


def _typed(request: HttpRequest) -> tuple[Typed, Form | None]:
    """The appetite that was sent: as a text, or as a form over the document it began from."""
    if request.POST.get("way") == "text":
        return services.looked_at(request.POST.get("text", "").replace("\r\n", "\n")), None
    form = forms.posted(request.POST)
    base = request.POST.get("base", "")[: _LETTERS + 1].replace("\r\n", "\n")
    return services.written(base, forms.sections_of(form)), form


def _shown(base: str, typed: Typed, form: Form | None) -> dict[str, Any]:
    shown = form or (None if typed.sections is None else forms.form_of(typed.sections))
    return {
        "base": base if form else typed.text,
        "typed": typed,
        "form": shown,
        "measures": forms.measures(),
        "risks": forms.risks(),
        "kinds": forms.choices(forms.KINDS),
        "sides": forms.choices(forms.SIDES),
        "title": say("Set an appetite"),
    }


urlpatterns = [
    path("new", new, name="balance-new"),
    path("check", check, name="balance-check"),
    path("ask", ask, name="balance-ask"),
]

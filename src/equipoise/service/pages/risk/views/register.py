"""The register of risks, and the screenings that keep it true."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import BadInput, EquipoiseError
from equipoise.service.contexts.screenings import reading, services
from equipoise.service.contexts.screenings.reading import Residual
from equipoise.service.contexts.watch import reading as watch
from equipoise.service.contexts.watch.reading import Registered
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.risk import doing
from equipoise.service.pages.risk.views.incidents import names_of
from equipoise.service.pages.risk.words import labelled, titled
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.texts.refusing import refused
from equipoise.texts.saying import spoken

if TYPE_CHECKING:
    from equipoise.watch import Indicator

_DAYS = {"month": 31, "quarter": 92, "half_year": 184, "year": 366}
_MOST = 30


@require_safe
@may(Action.READ_RISK)
def register(request: HttpRequest) -> HttpResponse:
    """Every risk with what is judged and what is measured of it, its controls and what is left; the
    questions that wait, and what was answered."""
    return _page(request, {}, 200)


@require_POST
@may(Action.ACT_ON_RISK)
def answer(request: HttpRequest, screening: str) -> HttpResponse:
    """Answer a round of screening."""
    if doing.done(request, lambda: _answered(request, screening)):
        return redirect("register")
    return _page(request, {screening: request.POST.dict()}, doing.CONFLICT)


def _answered(request: HttpRequest, screening: str) -> None:
    count = doing.given(request, "count", 2)
    if not count.isdigit() or int(count) > _MOST:
        raise BadInput("every question needs an answer", field="answers")
    answers = [doing.given(request, f"answer-{at}", services.MOST + 1) for at in range(int(count))]
    grade = doing.given(request, "residual", 1)
    residual = int(grade) if grade.isdigit() else None
    services.answer(screening, answers, residual, caller(request))


def _page(request: HttpRequest, typed: Mapping[str, Any], status: int) -> HttpResponse:
    today, history = clock.now().date(), reading.residuals()
    grades: Mapping[str, Registered] = {}
    try:
        document = reading.register()
    except EquipoiseError as error:
        messages.error(request, refused(error))
        document = None
    if document is not None:
        grades = {each.risk.name: each for each in watch.registered(document.risks)}
    version = watch.in_force()
    known = {} if version is None else {e.name: e for e in version.watch.document.indicators}
    titles = {name: titled(each.risk) for name, each in grades.items()}
    open_, answered = reading.open_rounds(), reading.answered()
    people = {each.answered_by for each in answered}
    people |= {each.by for rows in history.values() for each in rows}
    context = {
        "risks": [
            _risk(each, history.get(each.risk.name, []), today, known) for each in grades.values()
        ],
        "is_written": document is not None,
        "open": [
            _round(each, typed.get(each.id, {}), today) | {"risk": titles.get(each.risk, each.risk)}
            for each in open_
        ],
        "answered": [(each, list(zip(each.asks, each.answers, strict=False))) for each in answered],
        "names": names_of(people),
        "grades": range(1, 6),
        "acts": caller(request).reach(Action.ACT_ON_RISK) is not None,
    }
    return render(request, "risk/register.html", context, status=status)


def _round(each: reading.Asked, typed: Mapping[str, Any], today: date) -> dict[str, Any]:
    asks = [(at, ask, typed.get(f"answer-{at}", "")) for at, ask in enumerate(each.asks)]
    return {"of": each, "late": each.late(today), "asks": asks, "residual": typed.get("residual")}


def _risk(
    each: Registered, history: list[Residual], today: date, known: Mapping[str, Indicator]
) -> dict[str, Any]:
    risk, score = each.risk, each.score
    grades = (risk.probability, risk.impact)
    by = [each.indicator for each in grades if each.is_measured and each.indicator]
    return {
        "of": risk,
        "name": titled(risk),
        "cause": risk.caused_by(spoken()),
        "measured": [(name in known, name, labelled(name, known.get(name))) for name in by],
        "to": next((reverse("risk-indicator", args=[name]) for name in by if name in known), ""),
        "score": score,
        "beyond": score is not None and score > risk.appetite,
        "left": history[-1].grade if history else each.residual,
        "history": history,
        "review_late": (today - risk.reviewed).days > _DAYS[risk.review_every],
    }


urlpatterns = [
    path("register/", register, name="register"),
    path("register/<slug:screening>/answer", answer, name="register-answer"),
]

"""Practice on past cases whose outcome is known: blind first, then shown; one's own results, and
sharing them or not."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import BadInput
from equipoise.service.contexts.cases import notebook
from equipoise.service.contexts.decisions import reading as decisions
from equipoise.service.contexts.practice import reading, services
from equipoise.service.contexts.practice.reading import History, Next, Source
from equipoise.service.contexts.practice.services import AnotherIsNext
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.underwriter.practising import cases, charts, results
from equipoise.service.pages.underwriter.views import drills
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action, Reach
from equipoise.texts.saying import marked, say

_SHOWN = 50
_ANOTHER = marked("Another case was next: this one was answered, or the cases were drawn anew.")
_PICK = marked("Pick a chance first, then lend or decline.")


@require_safe
@never_cache
@may(Action.SEE_SELF)
def index(request: HttpRequest) -> HttpResponse:
    """What there is to practise."""
    by = caller(request)
    works = by.reach(Action.WORK_CASES) is not None
    counts = reading.counts(by) if works else {}
    shown = {
        "works": works,
        "sources": [
            (each, say(cases.SOURCES[each]), n, _drawn(each)) for each, n in counts.items()
        ],
        "since": reading.sharing_since(by),
        "others": by.reach(Action.READ_CASES) is not None,
        "exercises": drills.shown(by),
    }
    return render(request, "underwriter/practice.html", shown)


@require_safe
@never_cache
@may(Action.WORK_CASES)
def case(request: HttpRequest, source: str) -> HttpResponse:
    """The next case of a source, blind."""
    return _case(request, _source(source))


@require_POST
@may(Action.WORK_CASES)
def answer(request: HttpRequest, source: str) -> HttpResponse:
    """Keep what is said of it, and show what came."""
    of = _source(source)
    stated, said = request.POST.get("stated", "")[:10], request.POST.get("answer")
    number = request.POST.get("case", "")[:6]
    if said not in ("lend", "decline") or not number.isdecimal():
        raise Http404
    try:
        kept = services.answer(
            caller(request),
            of,
            int(number),
            approves=said == "lend",
            stated=cases.chance_named(stated),
        )
    except BadInput:
        messages.error(request, say(_PICK))
        return _case(request, of, status=422)
    except AnotherIsNext:
        messages.info(request, say(_ANOTHER))
        return redirect("practice-case", of.value)
    return redirect("practice-answer", kept)


@require_safe
@never_cache
@may(Action.WORK_CASES)
def answered(request: HttpRequest, answer_id: int) -> HttpResponse:
    """What came of a case that was answered, beside the model and the strategy."""
    try:
        given = reading.answered(answer_id, caller(request))
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    here = given.case is not None and given.deck is not None
    shown = {
        "given": given,
        "source": say(cases.SOURCES[given.source]),
        "sides": cases.sides_of(given),
        "right": given.approves != given.bad,
        "reasons": cases.reasons_of(given.case, given.deck) if here else [],  # type: ignore[arg-type]
        "facts": cases.facts_of(given.case, given.deck) if here else [],  # type: ignore[arg-type]
    }
    if given.decision:
        _looked(request, given.decision)
    return render(request, "underwriter/practice_answer.html", shown)


@require_safe
@never_cache
@may(Action.WORK_CASES)
def my_results(request: HttpRequest, source: str) -> HttpResponse:
    """How well the person answers, beside the model."""
    of = _source(source)
    practised = reading.practised(caller(request).person, of, caller(request))
    person, model = practised.results.person, practised.results.model
    shown: dict[str, Any] = {
        "source": of,
        "sources": [(each, say(name)) for each, name in cases.SOURCES.items()],
        "of": practised.results,
        "lens": practised.lens,
        "skill": results.skill_rows(person, model) if person and model else [],
        "above": results.gap_text(practised.results.above_model),
        "money": results.money_rows(practised),
        "kinds": results.kind_rows(practised),
        "next": results.look_next(practised),
        "learning": results.learning_said(practised),
        "calibration": charts.calibration(practised),
        "by_kind": charts.by_kind(practised),
        "over_time": charts.over_time(practised),
    }
    return render(request, "underwriter/practice_results.html", shown)


@require_POST
@may(Action.WORK_CASES)
def share(request: HttpRequest) -> HttpResponse:
    """Let others see one's results, or no longer."""
    shares = request.POST.get("share") == "yes"
    services.share(caller(request), shares=shares)
    said = say("Others see your results now.") if shares else say("Nobody else sees them now.")
    messages.success(request, said)
    return redirect("practice")


@require_POST
@may(Action.SEE_SELF)
def forget(request: HttpRequest) -> HttpResponse:
    """Forget all that one answered and drilled, once that was ticked."""
    if request.POST.get("sure") != "yes":
        messages.error(request, say("Tick the box first: it cannot be taken back."))
    else:
        services.forget(caller(request))
        messages.success(request, say("All that you answered here is forgotten."))
    return redirect("practice")


@require_POST
@may(Action.WORK_CASES)
def draw(request: HttpRequest) -> HttpResponse:
    """Have the lender's own past cases of a source drawn."""
    source = _source(request.POST.get("source", Source.HISTORY.value))
    if source is Source.SIMULATED:
        raise Http404
    services.ask_for_cases(source)
    messages.info(request, say("The cases are being drawn. That takes a minute or two."))
    return redirect("practice")


@require_safe
@never_cache
@may(Action.READ_CASES)
def shared(request: HttpRequest) -> HttpResponse:
    """The results of those who share them."""
    rows = reading.shared(_SHOWN)
    names = accounts.usernames([each.person for each in rows])
    shown = [
        (
            names.get(each.person, each.person),
            each.since,
            [
                (
                    say(cases.SOURCES[of.source]),
                    of.results,
                    results.gap_text(of.results.above_model),
                )
                for of in each.practised
            ],
        )
        for each in rows
    ]
    return render(request, "underwriter/practice_shared.html", {"shared": shown})


def _drawn(source: Source) -> History | None:
    return None if source is Source.SIMULATED else reading.history(source)


def _looked(request: HttpRequest, decision: str) -> None:
    """The facts of somebody real are shown: that is told in the record, as at a case."""
    by = caller(request)
    notebook.looked_again(decisions.visible(decision, by, Reach.ALL), by)


def _case(request: HttpRequest, source: Source, status: int = 200) -> HttpResponse:
    upcoming: Next | None = reading.next_for(caller(request), source)
    if upcoming is None:
        messages.info(request, say("There are no such cases yet."))
        return redirect("practice")
    if upcoming.decision:
        _looked(request, upcoming.decision)
    shown = {
        "source": source,
        "called": say(cases.SOURCES[source]),
        "next": upcoming,
        "facts": cases.facts_of(upcoming.case, upcoming.deck),
        "chances": cases.chances(),
        "months": round(upcoming.deck.window_months),
    }
    return render(request, "underwriter/practice_case.html", shown, status=status)


def _source(name: str) -> Source:
    if name not in Source.values:
        raise Http404
    return Source(name)


urlpatterns = [
    path("", index, name="practice"),
    path("cases/<slug:source>/", case, name="practice-case"),
    path("cases/<slug:source>/answer", answer, name="practice-say"),
    path("answers/<int:answer_id>/", answered, name="practice-answer"),
    path("results/<slug:source>/", my_results, name="practice-results"),
    path("share", share, name="practice-share"),
    path("forget", forget, name="practice-forget"),
    path("draw", draw, name="practice-draw"),
    path("shared/", shared, name="practice-shared"),
    *drills.urlpatterns,
]

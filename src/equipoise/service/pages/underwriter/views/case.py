"""The page of a case: what the strategy says and why, the facts once they are opened, and the
decision.

The decision that was read travels with what is sent: where something changed since, the page says
what, and nothing that was typed is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from equipoise.authority import AuthorityRefused
from equipoise.errors import BadInput, EquipoiseError, GateRefused
from equipoise.record.personal import Unreadable
from equipoise.service.contexts.applications import reading as applications
from equipoise.service.contexts.asks import services as asks
from equipoise.service.contexts.asks.reading import visible as visible_ask
from equipoise.service.contexts.cases import notebook, services
from equipoise.service.contexts.cases import reading as cases
from equipoise.service.contexts.cases.services import Changed
from equipoise.service.contexts.decisions import reading as decisions
from equipoise.service.contexts.decisions.reading import may_read
from equipoise.service.contexts.papers.services import opened as paper_opened
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.underwriter.alike import alike_of
from equipoise.service.pages.underwriter.asking import asking_of
from equipoise.service.pages.underwriter.faults import said_of
from equipoise.service.pages.underwriter.figures import figures_of
from equipoise.service.pages.underwriter.opened import is_open, open_here
from equipoise.service.pages.underwriter.reviewing import review_of, settled
from equipoise.service.pages.underwriter.shown import (
    Case,
    changes_since,
    personal_of,
    told_of,
)
from equipoise.service.pages.underwriter.typed import Typed, at_first, typed_in
from equipoise.service.platform.accounts.access import caller, reach
from equipoise.service.platform.accounts.permissions import Action
from equipoise.texts.languages import text_in
from equipoise.texts.saying import say, spoken

_ID = re.compile(r"application-[0-9a-f]{32}")


@require_safe
@never_cache
@may(Action.READ_CASES)
def case(request: HttpRequest, application: str) -> HttpResponse:
    """The case as it stands."""
    return _page(request, _case(request, application))


@require_safe
@never_cache
@may(Action.OVERRIDE)
def like_it(request: HttpRequest, application: str) -> HttpResponse:
    """Past cases like it, alone: they are looked for once somebody asks."""
    case = _case(request, application)
    if not is_open(request, application):
        return redirect("case", application)
    like = decisions.similar(case.decision.seen_by(case.by))
    shown = {"application": case.application, "like": like, **alike_of(like)}
    part = "_similar" if request.headers.get("HX-Request") else "similar"
    return render(request, f"underwriter/{part}.html", shown)


@require_POST
@may(Action.OVERRIDE)
def open_facts(request: HttpRequest, application: str) -> HttpResponse:
    """Open what is personal of it; that is recorded, and lasts here for a quarter of an hour."""
    case = _case(request, application)
    try:
        notebook.looked(case.decision, case.by)
    except EquipoiseError as error:
        messages.error(request, said_of(error))
    else:
        open_here(request, application)
    return redirect("case", application)


@require_POST
@never_cache
@may(Action.OVERRIDE)
def weigh(request: HttpRequest, application: str) -> HttpResponse:
    """What terms mean, alone: for a page that asks while they are typed."""
    case = _case(request, application)
    if not is_open(request, application):
        return HttpResponse(status=204)
    weighed = _weighed(case, typed_in(request.POST))
    return render(request, "underwriter/_weighed.html", weighed)


@require_POST
@never_cache
@may(Action.OVERRIDE)
def decide(request: HttpRequest, application: str) -> HttpResponse:
    """Sign it, pass it on, or only see what the terms mean."""
    case, typed = _case(request, application), typed_in(request.POST)
    if not is_open(request, application):
        closed = say("Open the facts before you decide.")
        return _page(request, case, typed, Refused(closed, 409))
    go = request.POST.get("go", "")
    if go == "see":
        return _page(request, case, typed)

    def done() -> str:
        if case.decision.row.outcome not in ("refer", "ask_for_more"):
            _unchanged(case, typed)
            row = services.override(case.decision, typed.override(), case.by)
            return _signed(complete=row.complete)
        act = services.pass_on if go == "pass" else services.decide
        ruling = act(case.decision, typed.answered(), case.by, lambda: _unchanged(case, typed))
        if go == "pass":
            return say("Passed on, with your answer and your words.")
        return _signed(complete=ruling.state == "decided")

    return _done(request, case, typed, done)


@require_POST
@never_cache
@may(Action.OVERRIDE)
def give_back(request: HttpRequest, application: str) -> HttpResponse:
    """Do not sign what waits."""
    case, typed = _case(request, application), typed_in(request.POST)

    def done() -> str:
        if not typed.back:
            raise BadInput("say why you do not sign it", field="back")
        services.give_back(case.decision, typed.back, case.by)
        return say("Given back, with your words.")

    return _done(request, case, typed, done)


@require_POST
@never_cache
@may(Action.OVERRIDE)
def review(request: HttpRequest, application: str) -> HttpResponse:
    """Settle the review that waits."""
    case, typed = _case(request, application), typed_in(request.POST)
    if not is_open(request, application):
        closed = say("Open the facts before you decide.")
        return _page(request, case, typed, Refused(closed, 409))

    def done() -> str:
        _unchanged(case, typed)
        return settled(case.decision, typed, case.by, case.over)

    return _done(request, case, typed, done)


@require_POST
@never_cache
@may(Action.OVERRIDE)
def note(request: HttpRequest, application: str) -> HttpResponse:
    """Leave a note for colleagues."""
    case, typed = _case(request, application), typed_in(request.POST)

    def done() -> str:
        notebook.note(case.decision, typed.note, case.by)
        return say("Your note is kept.")

    return _done(request, case, typed, done)


@require_POST
@never_cache
@may(Action.OVERRIDE)
def paper(request: HttpRequest, application: str, paper: str) -> HttpResponse:
    """Open a document; that is recorded."""
    case = _case(request, application)
    try:
        kind, content = paper_opened(case.application, paper, case.by)
    except ObjectDoesNotExist:
        raise Http404 from None
    except EquipoiseError as error:
        messages.error(request, said_of(error))
        return redirect("case", application)
    ending = {"application/pdf": "pdf", "image/jpeg": "jpg"}.get(kind, "bin")
    headers = {"Content-Disposition": f'attachment; filename="{paper[-12:]}.{ending}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


@require_POST
@never_cache
@may(Action.WORK_CASES)
def ask(request: HttpRequest, application: str) -> HttpResponse:
    """Ask the applicant for one thing more."""
    case, typed = _case(request, application), typed_in(request.POST)
    if not is_open(request, application):
        closed = say("Open the facts before you ask.")
        return _page(request, case, typed, Refused(closed, 409))

    def done() -> str:
        services.ask_applicant(case.decision, typed.asking.asking(), case.by)
        return say("The applicant is asked, and the case waits for them.")

    return _done(request, case, typed, done)


@require_POST
@never_cache
@may(Action.OVERRIDE)
def condition(request: HttpRequest, application: str, ask: str) -> HttpResponse:
    """Say that what a yes depends on is met, or do without it."""
    case, typed = _case(request, application), typed_in(request.POST)
    act = services.waive if request.POST.get("go") == "waive" else services.meet

    def done() -> str:
        try:
            one = visible_ask(ask, case.by, case.over)
        except ObjectDoesNotExist:
            raise Http404 from None
        act(one, typed.words, case.by, case.over)
        return say("Kept, and the applicant is told.")

    return _done(request, case, typed, done)


@require_POST
@never_cache
@may(Action.WORK_CASES)
def take_back(request: HttpRequest, application: str, ask: str) -> HttpResponse:
    """Not ask that any more."""
    case = _case(request, application)
    try:
        asks.withdraw(ask, case.by, case.over)
    except ObjectDoesNotExist:
        raise Http404 from None
    except GateRefused as error:  # answered a moment ago
        messages.error(request, said_of(error))
    else:
        messages.success(
            request, say("Taken back: the applicant reads that it is not needed any more.")
        )
    return redirect("case", application)


def _case(request: HttpRequest, application: str) -> Case:
    if not _ID.fullmatch(application):
        raise Http404
    by, over = caller(request), reach(request)
    try:
        summary = applications.visible(application, by, over)
        case = Case(summary, decisions.visible(summary.decision, by, over), by, over)
    except ObjectDoesNotExist:
        raise Http404 from None
    _gone_on(case)
    return case


def _gone_on(case: Case) -> None:
    """Whoever has the case before them goes on with it: it stays theirs."""
    for each in cases.works_of(case.application.id, case.by, case.over):
        if each.claimed_by == case.by.id:
            services.renew(each.id, case.by)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing was done, with which status, and what had changed meanwhile."""

    said: str
    status: int
    changed: Sequence[str] = ()


def _page(
    request: HttpRequest, case: Case, typed: Typed | None = None, refused: Refused | None = None
) -> HttpResponse:
    shown: dict[str, Any] = {**told_of(case), "refused": refused}
    shown["may_open"] = may_read(case.by, case.decision.row) and (
        case.by.reach(Action.OVERRIDE) is not None
    )
    shown["open"] = shown["may_open"] and is_open(request, case.application.id)
    if shown["open"]:
        try:
            shown |= {**personal_of(case), **asking_of(case.decision, case.by)}
            shown |= review_of(case.decision, case.by, case.over)
        except Unreadable as error:
            shown |= {"open": False, "gone": said_of(error)}
    if shown["open"]:
        shown["typed"] = typed or _first(case, shown)
        shown["waiving"] = [
            (name, text_in(label, spoken()) or name, shown["typed"].waived.get(name, ""))
            for name, label in shown["deciding"].owed.items()
        ]
        shown |= _weighed(case, shown["typed"]) if shown["deciding"].limits else {}
    formless = not shown["open"] or shown["decided"] or not shown["deciding"].last
    formless = formless and not shown.get("review")
    shown["kept"] = typed.words if typed is not None and refused and formless else ""
    status = 200 if refused is None else refused.status
    return render(request, "underwriter/case.html", shown, status=status)


def _first(case: Case, shown: dict[str, Any]) -> Typed:
    offers = case.decision.seen_by(case.by).answer()["offers"] or ()
    waits = shown["deciding"].waits
    first = at_first(shown["deciding"].limits, next(iter(offers), None), case.decision.row.id)
    if waits is None:
        return first
    said = cases.said_about(case.application.id, case.decision.row.id, case.decision.row, case.by)[
        -1
    ]
    if said.what == "reversal.signed":
        kept = replace(first, review="overturned", reasons=tuple(said.reasons))
    elif waits.state in ("signed", "passed"):
        answer = "decline" if waits.answer == "decline" else "approve"
        reasons = tuple(waits.reasons)
        kept = replace(first, answer=answer, reasons=reasons, waived=said.waived)
    else:
        return first
    offer = said.offer
    if offer is None:
        return kept
    return replace(
        kept,
        amount=f"{offer['amount']:.12g}",
        months=f"{offer['months']:g}",
        apr=f"{100 * offer['apr']:.6g}",
    )


def _weighed(case: Case, typed: Typed) -> dict[str, Any]:
    """What the terms that were typed mean, or what is wrong with them."""
    try:
        weighed = cases.weighed(case.decision, typed.terms(), case.by)
    except EquipoiseError as error:
        return {"fault": said_of(error)}
    return {"figures": figures_of(weighed, case.contract)}


def _unchanged(case: Case, typed: Typed) -> None:
    """Raises Changed where the decision or the facts are others than were read."""
    since = changes_since(case.application.id, typed.seen)
    if typed.decision != case.decision.row.id or since:
        raise Changed("the case changed since you read it", mend="read what is new")


def _signed(*, complete: bool) -> str:
    if complete:
        return say("It is decided, and the applicant is told.")
    return say("Signed. It waits for another signature.")


def _done(request: HttpRequest, case: Case, typed: Typed, act: Callable[[], str]) -> HttpResponse:
    """Do it and show the case; where it is refused, the page with all that was typed."""
    application = case.application.id
    try:
        said = act()
    except Changed as error:
        changed = changes_since(application, typed.seen)
        again = _case(request, application)
        kept = replace(typed, decision=again.decision.row.id)
        return _page(request, again, kept, Refused(said_of(error), 409, changed))
    except AuthorityRefused as error:
        return _page(request, case, typed, Refused(said_of(error), 403))
    except GateRefused as error:
        return _page(request, case, typed, Refused(said_of(error), 409))
    except BadInput as error:
        return _page(request, case, typed, Refused(said_of(error), 422))
    except Unreadable as error:
        return _page(request, case, typed, Refused(said_of(error), 410))
    messages.success(request, said)
    return redirect("case", application)


urlpatterns = [
    path("<slug:application>/", case, name="case"),
    path("<slug:application>/similar", like_it, name="case-similar"),
    path("<slug:application>/open", open_facts, name="case-open"),
    path("<slug:application>/weigh", weigh, name="case-weigh"),
    path("<slug:application>/decide", decide, name="case-decide"),
    path("<slug:application>/give-back", give_back, name="case-give-back"),
    path("<slug:application>/review", review, name="case-review"),
    path("<slug:application>/note", note, name="case-note"),
    path("<slug:application>/ask", ask, name="case-ask"),
    path("<slug:application>/asks/<slug:ask>/withdraw", take_back, name="case-ask-withdraw"),
    path("<slug:application>/asks/<slug:ask>/condition", condition, name="case-condition"),
    path("<slug:application>/papers/<slug:paper>", paper, name="case-paper"),
]

"""Disposals: what is proposed about loans in trouble, what was decided, and what came in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import BadInput
from equipoise.letters import care_letter
from equipoise.service.contexts.disposals import reading, services
from equipoise.service.contexts.disposals.reading import Measure, Shown
from equipoise.service.contexts.disposals.services import Asked
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.risk import doing
from equipoise.service.pages.risk.views.incidents import amount, names_of
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action

MEASURES = tuple(each.value for each in Measure)
PLACES = ("CN", "US")
_DATES = range(3)
_PREFILLED = ("loan", "application", "measure", "reason", "currency", "place", "zone")
Deed = Callable[[HttpRequest, str, Shown], object]


@require_safe
@may(Action.READ_RISK)
def index(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, what is under way, what is late, and what came in."""
    rows = reading.several(clock.now().date())
    context = {
        "rows": [(each, _money(each)) for each in rows],
        "totals": [
            (each, amount(each.expected, each.currency), amount(each.recovered, each.currency))
            for each in reading.totals()
        ],
        "acts": caller(request).reach(Action.ACT_ON_RISK) is not None,
    }
    return render(request, "risk/disposals.html", context)


@require_safe
@may(Action.ACT_ON_RISK)
def new(request: HttpRequest) -> HttpResponse:
    """The form of a proposal, with what the watch list or a loan's page says filled in."""
    given = {name: request.GET.get(name, "")[:400] for name in _PREFILLED}
    return _form(request, given, 200)


@require_POST
@may(Action.ACT_ON_RISK)
def propose(request: HttpRequest) -> HttpResponse:
    """Draft the letters, or propose it: its page opens."""
    if "draft" in request.POST:
        return _form(request, {**request.POST.dict(), **_letters(request)}, 200)
    made: list[str] = []
    if doing.done(request, lambda: made.append(_proposed(request))):
        return redirect("disposal", made[0])
    return _form(request, request.POST.dict(), doing.CONFLICT)


@require_safe
@may(Action.READ_RISK)
def disposal(request: HttpRequest, disposal: str) -> HttpResponse:
    """One disposal: what is proposed, who decided, its calendar, contacts, and money."""
    return _page(request, disposal, {}, 200)


@require_POST
@may(Action.ACT_ON_RISK)
def do(request: HttpRequest, disposal: str, deed: str) -> HttpResponse:
    """Something is done about it; where it cannot be, what was typed stays."""
    if deed not in DEEDS:
        raise Http404
    shown = _shown(disposal)
    if doing.done(request, lambda: DEEDS[deed](request, disposal, shown)):
        return redirect("disposal", disposal)
    return _page(request, disposal, {deed: request.POST.dict()}, doing.CONFLICT)


def _shown(disposal: str) -> Shown:
    try:
        return reading.shown(disposal, clock.now().date())
    except ObjectDoesNotExist:
        raise Http404 from None


def _money(of: reading.Summary) -> dict[str, str]:
    return {
        name: amount(getattr(of, name), of.currency)
        for name in ("exposure", "expected", "recovered")
    }


def _letters(request: HttpRequest) -> dict[str, str]:
    measure, loan = doing.given(request, "measure", 20), doing.given(request, "loan", 80)
    return {f"letter-{each}": care_letter(measure, loan, each) for each in services.LANGUAGES}


def _proposed(request: HttpRequest) -> str:
    currency = doing.given(request, "currency", 3) or "EUR"
    dates = [
        (doing.given(request, f"what-{at}", 300), doing.day(request, f"due-{at}"))
        for at in _DATES
        if doing.given(request, f"what-{at}", 300)
    ]
    of = Asked(
        loan=doing.given(request, "loan", 100),
        application=doing.given(request, "application", 60),
        measure=doing.given(request, "measure", 20),
        reason=doing.given(request, "reason", 4000),
        exposure=doing.minor(request, "exposure", currency),
        expected=doing.minor(request, "expected", currency),
        currency=currency,
        place=doing.given(request, "place", 10),
        zone=doing.given(request, "zone", 60),
        letter={each: doing.given(request, f"letter-{each}", 4000) for each in services.LANGUAGES},
        expires=doing.day(request, "expires") if doing.given(request, "expires", 20) else None,
        dates=dates,
        vulnerable="vulnerable" in request.POST,
    )
    return services.propose(of, caller(request))


def _form(request: HttpRequest, typed: Mapping[str, Any], status: int) -> HttpResponse:
    rows = [
        {"at": at, "what": typed.get(f"what-{at}", ""), "due": typed.get(f"due-{at}", "")}
        for at in _DATES
    ]
    letters = [(each, typed.get(f"letter-{each}", "")) for each in services.LANGUAGES]
    context = {
        "typed": typed,
        "measures": MEASURES,
        "places": PLACES,
        "dates": rows,
        "letters": letters,
    }
    return render(request, "risk/disposal_new.html", context, status=status)


def _page(
    request: HttpRequest, disposal: str, typed: Mapping[str, Any], status: int
) -> HttpResponse:
    shown, by = _shown(disposal), caller(request)
    story, of = shown.story, shown.story.disposal
    proposal = of.proposal
    people = {proposal.by, of.decided_by, *(each.event.by for each in shown.happenings)}
    today = clock.now().date()
    context = {
        "id": disposal,
        "serial": shown.serial,
        "story": story,
        "of": of,
        "proposal": proposal,
        "measure": proposal.measure.value,
        "way": proposal.way.value,
        "state": of.state.value,
        "late": shown.late,
        "today": today,
        "exposure": amount(proposal.exposure, proposal.currency),
        "expected": amount(proposal.expected, proposal.currency),
        "recovered": amount(of.recovered, proposal.currency),
        "shortfall": amount(of.shortfall, proposal.currency),
        "realised": [(each, amount(each.amount, proposal.currency)) for each in of.realised],
        "contacts": list(zip(story.made, story.notes, strict=True)),
        "happenings": [(each.on, each.event) for each in shown.happenings],
        "names": names_of(people),
        "own": proposal.by == by.person,
        "acts": by.reach(Action.ACT_ON_RISK) is not None,
        "is_open": of.state.value not in ("refused", "ended"),
        "channels": services.CHANNELS,
        "typed": typed,
    }
    return render(request, "risk/disposal.html", context, status=status)


def _approve(request: HttpRequest, disposal: str, _shown: Shown) -> None:
    services.approve(disposal, doing.seen(request), caller(request))


def _refuse(request: HttpRequest, disposal: str, _shown: Shown) -> None:
    why = doing.given(request, "why", 4000)
    services.refuse(disposal, doing.seen(request), why, caller(request))


def _begin(request: HttpRequest, disposal: str, _shown: Shown) -> None:
    services.begin(disposal, doing.seen(request), caller(request))


def _date(request: HttpRequest, disposal: str, _shown: Shown) -> None:
    what, due = doing.given(request, "what", 300), doing.day(request, "due")
    services.add_date(disposal, doing.seen(request), what, due, caller(request))


def _date_met(request: HttpRequest, disposal: str, _shown: Shown) -> None:
    number = doing.given(request, "number", 3)
    if not number.isdigit():
        raise BadInput("there is no such date", field="number", mend="look at its calendar")
    services.meet_date(disposal, doing.seen(request), int(number), caller(request))


def _contact(request: HttpRequest, disposal: str, _shown: Shown) -> None:
    channel, at = doing.given(request, "channel", 20), doing.moment(request, "at")
    services.plan_contact(disposal, doing.seen(request), channel, at, caller(request))


def _contacted(request: HttpRequest, disposal: str, _shown: Shown) -> None:
    channel, text = doing.given(request, "channel", 20), doing.given(request, "text", 4000)
    talked, seen = "talked" in request.POST, doing.seen(request)
    services.record_contact(disposal, seen, channel, text, caller(request), talked=talked)


def _care(request: HttpRequest, disposal: str, shown: Shown) -> None:
    why, now = doing.given(request, "why", 4000), not shown.story.vulnerable
    services.change_care(disposal, doing.seen(request), why, caller(request), vulnerable=now)


def _money_in(request: HttpRequest, disposal: str, shown: Shown) -> None:
    entry = doing.given(request, "entry", 100)
    came = doing.minor(request, "amount", shown.story.disposal.proposal.currency)
    services.realise(disposal, doing.seen(request), entry, came, caller(request))


def _end(request: HttpRequest, disposal: str, _shown: Shown) -> None:
    services.end(disposal, doing.seen(request), caller(request))


DEEDS: Mapping[str, Deed] = {
    "approve": _approve,
    "refuse": _refuse,
    "begin": _begin,
    "date": _date,
    "date-met": _date_met,
    "contact": _contact,
    "contacted": _contacted,
    "care": _care,
    "money": _money_in,
    "end": _end,
}
urlpatterns = [
    path("disposals/", index, name="disposals"),
    path("disposals/new", new, name="disposal-new"),
    path("disposals/propose", propose, name="disposal-propose"),
    path("disposals/<slug:disposal>/", disposal, name="disposal"),
    path("disposals/<slug:disposal>/<slug:deed>", do, name="disposal-do"),
]

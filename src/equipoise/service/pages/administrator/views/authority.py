"""The page of authority: who may decide how far, what is lent while somebody is away, and who may
not decide about whom. What widens it takes two people; what narrows it counts at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import BadInput, EquipoiseError
from equipoise.service.contexts.officers import reading, services
from equipoise.service.contexts.officers.services import Authority, Lent
from equipoise.service.contexts.registry.reading import in_force, loaded
from equipoise.service.pages.frame.asked import day_in, named, text_in
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.permissions import Action, Role
from equipoise.service.platform.api.short_text import check_reason
from equipoise.texts.refusing import refused
from equipoise.texts.saying import marked, say

_SHOWN = 500
KINDS = {
    "self": marked("themselves"),
    "relative": marked("a relative"),
    "dealings": marked("somebody they have dealings with"),
}
_BRANCH = marked("the cases of a branch")
_STEPS: dict[str, Callable[..., object]] = {
    "confirm": services.confirm_authority,
    "refuse": services.refuse_authority,
    "let": services.confirm_lending,
    "not": services.refuse_lending,
}


@require_safe
@never_cache
@may(Action.READ_OFFICERS)
def index(request: HttpRequest) -> HttpResponse:
    """Officers, what is lent, who is away, and ties."""
    return _page(request)


@require_POST
@may(Action.MANAGE_USERS)
def appoint(request: HttpRequest) -> HttpResponse:
    """Ask that somebody gets authority."""
    wanted = Authority(
        text_in(request.POST, "level"), _set(request, "products"), _set(request, "grades")
    )
    return _done(
        request, lambda: services.ask_for_authority(_person(request), wanted, caller(request))
    )


@require_POST
@may(Action.MANAGE_USERS)
def dismiss(request: HttpRequest) -> HttpResponse:
    """Take somebody's authority away, at once."""
    return _done(request, lambda: services.end_authority(_person(request), caller(request)))


@require_POST
@may(Action.CONFIRM_ROLES)
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """Confirm or refuse what another asked for: an appointment, or that authority is lent."""
    step = _STEPS.get(request.POST.get("answer", ""), services.refuse_authority)
    return _done(request, lambda: step(number, caller(request)))


@require_POST
@may(Action.READ_OFFICERS)
def lend(request: HttpRequest) -> HttpResponse:
    """Ask that one's authority is lent, or as an administrator another's."""

    def ask() -> object:
        wanted = Lent(
            to=text_in(request.POST, "to"),
            level=text_in(request.POST, "level"),
            starts=_day(request, "starts"),
            ends=_day(request, "ends"),
            reason=check_reason(request.POST.get("reason", "")),
            up_to=_amount(request),
        )
        return services.ask_to_lend(_person(request), wanted, caller(request))

    return _done(request, ask)


@require_POST
@may(Action.READ_OFFICERS)
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End what is lent, or an absence, before its time."""
    step = services.end_absence if request.POST.get("what") == "absence" else services.end_lending
    return _done(request, lambda: step(number, caller(request)))


@require_POST
@may(Action.READ_OFFICERS)
def away(request: HttpRequest) -> HttpResponse:
    """Say when somebody is away."""

    def tell() -> object:
        days = _day(request, "starts"), _day(request, "ends")
        return services.tell_absence(_person(request), *days, caller(request))

    return _done(request, tell)


@require_POST
@may(Action.READ_OFFICERS)
def tie(request: HttpRequest) -> HttpResponse:
    """Say about whom somebody may not decide; the value is kept nowhere."""
    given = request.POST

    def tell() -> object:
        value = given.get("value", "")[:200]
        what, field = text_in(given, "kind"), text_in(given, "field")
        return services.tell_tie(_person(request), what, field, value, caller(request))

    return _done(request, tell, keeps=False)


@require_POST
@may(Action.READ_OFFICERS)
def keep_apart(request: HttpRequest) -> HttpResponse:
    """Say of which branch somebody decides no cases, such as their own."""
    branch = text_in(request.POST, "branch")
    return _done(request, lambda: services.tell_branch(_person(request), branch, caller(request)))


@require_POST
@may(Action.CONFIRM_ROLES)
def untie(request: HttpRequest, number: int) -> HttpResponse:
    """Say, as another, that a tie holds no more."""
    return _done(request, lambda: services.end_tie(number, caller(request)))


def _done(request: HttpRequest, step: Callable[[], object], *, keeps: bool = True) -> HttpResponse:
    try:
        step()
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    except EquipoiseError as error:
        return _page(request, refused=refused(error), keeps=keeps, status=409)
    messages.success(request, say("Done."))
    return redirect("authority")


def _page(
    request: HttpRequest, *, refused: str = "", keeps: bool = True, status: int = 200
) -> HttpResponse:
    by = caller(request)
    appointed, lent = list(reading.appointments()), reading.lendings()
    absent, ties = reading.absences(), reading.ties()
    people = [each for each in accounts.everybody(_SHOWN) if each.is_active]
    shown: dict[str, Any] = {
        "appointed": appointed,
        "lent": lent,
        "absent": absent,
        "ties": [(each, say(KINDS.get(each.kind, _BRANCH))) for each in ties],
        "names": named(
            {
                *(name for x in appointed for name in (x.person, x.asked_by)),
                *(name for x in lent for name in (x.lender, x.borrower, x.asked_by)),
                *(x.person for x in absent),
                *(x.person for x in ties),
            }
        ),
        "by": by.person,
        "manages": by.reach(Action.MANAGE_USERS) is not None,
        "confirms": by.reach(Action.CONFIRM_ROLES) is not None,
        "deciders": [each for each in people if each.role == Role.UNDERWRITER.value],
        "officer": any(each.person == by.person and each.state == "in_force" for each in appointed),
        "levels": _levels(),
        "branches": accounts.branches(),
        "own": by.branch,
        "fields": reading.fields_of_ties(),
        "kinds": [(code, say(word)) for code, word in KINDS.items()],
        "typed": request.POST if keeps else {},
        "refused": refused,
    }
    return render(request, "administrator/authority.html", shown, status=status)


def _levels() -> list[str]:
    sections = (loaded(digest).content.strategy.authority for digest in in_force().values())
    names = (level.name for section in sections if section for level in section.levels)
    return list(dict.fromkeys(names))


def _person(request: HttpRequest) -> str:
    return text_in(request.POST, "person") or caller(request).person


def _day(request: HttpRequest, name: str) -> date:
    day = day_in(request.POST, name)
    if day is None:
        raise BadInput("this is no day", field=name, mend="give both days")
    return day


def _amount(request: HttpRequest) -> float | None:
    text = text_in(request.POST, "up_to")
    if not text:
        return None
    try:
        amount = float(text)
    except ValueError:
        amount = -1.0
    if not 0 < amount < 1e15:
        raise BadInput("this is no amount", field="up_to", mend="give a number, or leave it out")
    return amount


def _set(request: HttpRequest, name: str) -> frozenset[str] | None:
    parts = frozenset(
        each.strip() for each in text_in(request.POST, name).split(",") if each.strip()
    )
    return parts or None


urlpatterns = [
    path("", index, name="authority"),
    path("appoint", appoint, name="authority-appoint"),
    path("dismiss", dismiss, name="authority-dismiss"),
    path("settle/<int:number>", settle, name="authority-settle"),
    path("lend", lend, name="authority-lend"),
    path("end/<int:number>", end, name="authority-end"),
    path("away", away, name="authority-away"),
    path("tie", tie, name="authority-tie"),
    path("apart", keep_apart, name="authority-apart"),
    path("untie/<int:number>", untie, name="authority-untie"),
]

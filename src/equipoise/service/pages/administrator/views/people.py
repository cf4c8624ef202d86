"""The pages about people: who is here, inviting somebody, and roles that wait for another."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import BadInput, EquipoiseError
from equipoise.service.pages.frame.asked import named, text_in
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.frame.roles import ROLES
from equipoise.service.platform.accounts import inviting, reading, roles
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.origins import origin_of
from equipoise.service.platform.accounts.owners import TEAMS
from equipoise.service.platform.accounts.permissions import Action, Role
from equipoise.service.platform.accounts.rights import USERNAME, Rights
from equipoise.service.platform.api.short_text import check_plain
from equipoise.texts.refusing import refused
from equipoise.texts.saying import marked, say

_SHOWN, _PLACE, _MARK = 200, 60, 200


@require_safe
@may(Action.CONFIRM_ROLES)
def index(request: HttpRequest) -> HttpResponse:
    """What waits for a second person; to an administrator everybody, and a form to invite by."""
    return render(request, "administrator/people.html", _shown(request))


@require_POST
@may(Action.MANAGE_USERS)
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody; the answer shows link and code, this once."""
    name, role = request.POST.get("username", ""), request.POST.get("role", "")
    try:
        if not re.fullmatch(USERNAME, name) or role not in ("", *TEAMS):
            raise BadInput(
                "this can be nobody's name or role",
                mend="use letters, digits and @ . + - _ for the name, 80 at most",
            )
        wanted = Rights(
            Role(role),
            check_plain(text_in(request.POST, "branch"), "branch")[:_PLACE],
            check_plain(text_in(request.POST, "region"), "region")[:_PLACE],
        )
        made = inviting.invite(name, wanted, caller(request).id, origin_of(request))
    except EquipoiseError as error:
        messages.error(request, refused(error))
        return redirect("people")
    link = request.build_absolute_uri(made.path)
    return render(request, "administrator/invited.html", {"made": made, "link": link})


@require_POST
@may(Action.MANAGE_USERS)
def renew(request: HttpRequest, user_id: int) -> HttpResponse:
    """Invite anew who has not taken the account over; the answer shows link and code, this once."""
    try:
        made = inviting.renew(user_id, caller(request).id, origin_of(request))
    except EquipoiseError as error:
        messages.error(request, refused(error))
        return redirect("people")
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    link = request.build_absolute_uri(made.path)
    return render(request, "administrator/invited.html", {"made": made, "link": link})


@require_POST
@may(Action.MANAGE_USERS)
def withdraw(request: HttpRequest, user_id: int) -> HttpResponse:
    """End an invitation that nobody has redeemed."""

    def withdrawn() -> str:
        user = inviting.withdraw(user_id, caller(request).id)
        return say("The invitation of {name} can be redeemed no more.", name=user.username)

    return _act(request, withdrawn)


@require_POST
@may(Action.MANAGE_USERS)
def change_role(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give another role: at once where it only takes away, else once another confirms it."""
    name = request.POST.get("role", "")

    def changed() -> str:
        if name not in ("", *TEAMS):
            raise BadInput("there is no such role", mend="take one of the list")
        user = roles.change_user(
            user_id,
            caller(request),
            role=Role(name),
            seen=_seen(request),
            origin=origin_of(request),
        )
        return _changed(user_id, user.username, name)

    return _act(request, changed, user_id)


@require_POST
@may(Action.MANAGE_USERS)
def change_area(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give another branch and region, and say whether the person may log in."""
    branch, region = text_in(request.POST, "branch"), text_in(request.POST, "region")

    def moved() -> str:
        user = roles.change_user(
            user_id,
            caller(request),
            branch=check_plain(branch, "branch")[:_PLACE],
            region=check_plain(region, "region")[:_PLACE],
            active=request.POST.get("active") == "yes",
            seen=_seen(request),
            origin=origin_of(request),
        )
        return _moved(user_id, user.username)

    return _act(request, moved, user_id)


@require_POST
@may(Action.CONFIRM_ROLES)
def settle(request: HttpRequest, request_id: int) -> HttpResponse:
    """Confirm what another asked for, or do not."""
    confirms = request.POST.get("answer") == "confirm"
    step = roles.confirm if confirms else roles.refuse

    def settled() -> str:
        step(request_id, caller(request), origin_of(request))
        return say("Confirmed.") if confirms else say("Refused.")

    return _act(request, settled)


def _act(request: HttpRequest, act: Callable[[], str], person: int = 0) -> HttpResponse:
    """Do it and say what came of it, else why nothing did; where another was faster, the page as it
    is now, with what was typed of that person. Raises Http404 where there is no such row."""
    try:
        done = act()
    except roles.Overtaken as error:
        return _overtaken(request, error, person)
    except EquipoiseError as error:
        messages.error(request, refused(error))
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    else:
        messages.success(request, done)
    return redirect("people")


def _changed(user_id: int, username: str, role: str) -> str:
    word = say(ROLES[Role(role)]) if role else say("without a role")
    if reading.awaits_role(user_id):
        waits = marked("{name} is to be {role}: this waits for a second person.")
        return say(waits, name=username, role=word)
    return say("{name} is {role} now.", name=username, role=word)


def _moved(user_id: int, username: str) -> str:
    if reading.awaits_role(user_id):
        return say("What {name} is to have waits for a second person.", name=username)
    return say("{name} is changed.", name=username)


def _seen(request: HttpRequest) -> str:
    """The rights that the page had shown."""
    return request.POST.get("seen", "")[:_MARK]


def _overtaken(request: HttpRequest, error: EquipoiseError, user_id: int) -> HttpResponse:
    """The page as it is now, with what was typed of that person."""
    sent, names = request.POST, ("role", "branch", "region")
    typed = {name: sent[name] for name in names if name in sent}
    active = sent.get("active") == "yes"
    kept = {"number": user_id, "active": active, "area": "branch" in typed, **typed}
    messages.error(request, refused(error))
    shown = {**_shown(request), "typed": kept}
    return render(request, "administrator/people.html", shown, status=409)


def _shown(request: HttpRequest) -> dict[str, object]:
    by = caller(request)
    manages = by.reach(Action.MANAGE_USERS) is not None
    waiting = reading.asked_roles(_SHOWN)
    people = reading.everybody(_SHOWN) if manages else []
    return {
        "waiting": [
            (
                each,
                by.person not in (each.asked_by, each.person),
                _word(each.role),
                _word(each.former),
            )
            for each in waiting
        ],
        "names": named({each.asked_by for each in waiting}),
        "manages": manages,
        "people": [(each, _word(each.role)) for each in people],
        "own": by.person,
        "roles": [(each, say(ROLES[each])) for each in TEAMS],
    }


def _word(role: str) -> str:
    return say(ROLES[Role(role)]) if role else say("without a role")


urlpatterns = [
    path("", index, name="people"),
    path("invite", invite, name="people-invite"),
    path("requests/<int:request_id>", settle, name="people-settle"),
    path("<int:user_id>/invitation", renew, name="people-renew"),
    path("<int:user_id>/invitation/end", withdraw, name="people-withdraw"),
    path("<int:user_id>/role", change_role, name="people-role"),
    path("<int:user_id>/area", change_area, name="people-area"),
]

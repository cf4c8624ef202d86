"""The pages about people: who is here, inviting somebody, and roles that wait for another."""

from __future__ import annotations

import re

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import BadInput, EquipoiseError
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts import inviting, reading, roles
from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.accounts.origins import origin_of
from equipoise.service.platform.accounts.owners import TEAMS
from equipoise.service.platform.accounts.permissions import Action, Role
from equipoise.service.platform.accounts.rights import USERNAME, Rights

_SHOWN = 200


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
        made = inviting.invite(name, Rights(Role(role)), caller(request).id, origin_of(request))
    except EquipoiseError as error:
        messages.error(request, str(error))
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
        messages.error(request, str(error))
        return redirect("people")
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    link = request.build_absolute_uri(made.path)
    return render(request, "administrator/invited.html", {"made": made, "link": link})


@require_POST
@may(Action.MANAGE_USERS)
def withdraw(request: HttpRequest, user_id: int) -> HttpResponse:
    """End an invitation that nobody has redeemed."""
    try:
        user = inviting.withdraw(user_id, caller(request).id)
    except EquipoiseError as error:
        messages.error(request, str(error))
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    else:
        messages.success(request, f"The invitation of {user.username} can be redeemed no more.")
    return redirect("people")


@require_POST
@may(Action.MANAGE_USERS)
def change_role(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give another role: at once where it only takes away, else once another confirms it."""
    name = request.POST.get("role", "")
    try:
        if name not in ("", *TEAMS):
            raise BadInput("there is no such role", mend="take one of the list")
        user = roles.change_user(
            user_id, caller(request), role=Role(name), origin=origin_of(request)
        )
    except EquipoiseError as error:
        messages.error(request, str(error))
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    else:
        messages.success(request, _changed(user_id, user.username, name))
    return redirect("people")


@require_POST
@may(Action.CONFIRM_ROLES)
def settle(request: HttpRequest, request_id: int) -> HttpResponse:
    """Confirm what another asked for, or do not."""
    confirms = request.POST.get("answer") == "confirm"
    step = roles.confirm if confirms else roles.refuse
    try:
        step(request_id, caller(request), origin_of(request))
    except EquipoiseError as error:
        messages.error(request, str(error))
    except (ObjectDoesNotExist, OverflowError):
        raise Http404 from None
    else:
        messages.success(request, "Confirmed." if confirms else "Refused.")
    return redirect("people")


def _changed(user_id: int, username: str, role: str) -> str:
    if reading.awaits_role(user_id):
        return f"{username} is to be {role}: this waits for a second person."
    return f"{username} is {role or 'without a role'} now."


def _shown(request: HttpRequest) -> dict[str, object]:
    by = caller(request)
    manages = by.reach(Action.MANAGE_USERS) is not None
    return {
        "waiting": [
            (each, by.person not in (each.asked_by, each.person))
            for each in reading.asked_roles(_SHOWN)
        ],
        "manages": manages,
        "people": reading.everybody(_SHOWN) if manages else [],
        "own": by.person,
        "roles": TEAMS,
    }


urlpatterns = [
    path("", index, name="people"),
    path("invite", invite, name="people-invite"),
    path("requests/<int:request_id>", settle, name="people-settle"),
    path("<int:user_id>/invitation", renew, name="people-renew"),
    path("<int:user_id>/invitation/end", withdraw, name="people-withdraw"),
    path("<int:user_id>/role", change_role, name="people-role"),
]

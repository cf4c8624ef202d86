"""The page of programs and their keys; a key's token is shown once, in the answer that made it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from equipoise.errors import BadInput, EquipoiseError
from equipoise.service.pages.frame.asked import day_in, named, text_in
from equipoise.service.pages.frame.guard import may
from equipoise.service.platform.accounts import keys, owners, reading
from equipoise.service.platform.accounts.access import caller, signed_in
from equipoise.service.platform.accounts.owners import TEAMS
from equipoise.service.platform.accounts.permissions import Action, key_scopes
from equipoise.service.platform.api.short_text import check_plain
from equipoise.texts.refusing import refused
from equipoise.texts.saying import say

_SHOWN = 200
_MAY = may(Action.MANAGE_KEYS)
_LONGEST = {"name": 80, "branch": 60, "region": 60, "owner": 40}
_MOST_HOURS = 720


@require_safe
@never_cache
@_MAY
def index(request: HttpRequest) -> HttpResponse:
    """All programs with their keys, and a form to make one."""
    return _page(request)


@require_POST
@never_cache
@_MAY
def make(request: HttpRequest) -> HttpResponse:
    """Make a program and its first key."""
    given = request.POST

    def made() -> keys.NewKey:
        return keys.make_program(
            _name(request, "name"),
            given.getlist("scopes")[:50],
            _person(request),
            owner=_name(request, "owner"),
            expires_at=_end(request),
            branch=_name(request, "branch"),
            region=_name(request, "region"),
            test=given.get("test") == "yes",
        )

    return _made(request, made)


@require_POST
@never_cache
@_MAY
def add(request: HttpRequest, program_id: str) -> HttpResponse:
    """One more key of a program."""
    return _made(
        request, lambda: keys.add_key(program_id, _person(request), expires_at=_end(request))
    )


@require_POST
@never_cache
@_MAY
def renew(request: HttpRequest, prefix: str) -> HttpResponse:
    """A new key in place of one, which is taken for some hours more."""
    text = text_in(request.POST, "hours") or "24"
    hours = int(text) if text.isascii() and text.isdigit() and int(text) <= _MOST_HOURS else 24
    overlap = timedelta(hours=hours)
    return _made(request, lambda: keys.renew_key(prefix, _person(request), overlap=overlap))


@require_POST
@_MAY
def revoke(request: HttpRequest, prefix: str) -> HttpResponse:
    """Withdraw a key."""
    try:
        keys.revoke_key(prefix, caller(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    messages.success(request, say("The key {prefix} is withdrawn.", prefix=prefix))
    return redirect("keys")


@require_POST
@_MAY
def change_owner(request: HttpRequest, program_id: str) -> HttpResponse:
    """Have another answer for a program."""
    try:
        owners.transfer(program_id, _name(request, "owner"), caller(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    except EquipoiseError as error:
        return _page(request, refused=refused(error), status=422)
    messages.success(request, say("Another answers for it now."))
    return redirect("keys")


def _made(request: HttpRequest, make_key: Callable[[], keys.NewKey]) -> HttpResponse:
    try:
        new = make_key()
    except ObjectDoesNotExist:
        raise Http404 from None
    except EquipoiseError as error:
        return _page(request, refused=refused(error), status=422)
    key = new.key
    shown = {"token": new.token, "prefix": key.prefix, "expires_at": key.expires_at}
    return render(request, "administrator/key_made.html", shown)


def _page(request: HttpRequest, *, refused: str = "", status: int = 200) -> HttpResponse:
    programs = reading.programs(_SHOWN)
    people = {each.owner for each in programs} | {k.made_by for p in programs for k in p.keys}
    context: dict[str, Any] = {
        "programs": programs,
        "names": named(people),
        "scopes": [each.value for each in key_scopes()],
        "people": [each for each in reading.everybody(_SHOWN) if each.is_active],
        "teams": [f"role.{each.value}" for each in TEAMS],
        "typed": request.POST,
        "chosen": request.POST.getlist("scopes"),
        "refused": refused,
    }
    return render(request, "administrator/keys.html", context, status=status)


def _name(request: HttpRequest, field: str) -> str:
    text = check_plain(request.POST.get(field, ""), field)
    if len(text) > _LONGEST[field] or (field == "name" and not text):
        raise BadInput("this can be no name", field=field, mend="write 1 to 80 characters")
    return text


def _end(request: HttpRequest) -> datetime | None:
    """The end of the day that was chosen."""
    day = day_in(request.POST, "until")
    return None if day is None else datetime.combine(day, time(23, 59, 59), UTC)


def _person(request: HttpRequest) -> Any:
    return signed_in(request)


urlpatterns = [
    path("", index, name="keys"),
    path("make", make, name="keys-make"),
    path("programs/<slug:program_id>/key", add, name="keys-add"),
    path("programs/<slug:program_id>/owner", change_owner, name="keys-owner"),
    path("<slug:prefix>/renew", renew, name="keys-renew"),
    path("<slug:prefix>/revoke", revoke, name="keys-revoke"),
]

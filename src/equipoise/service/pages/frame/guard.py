"""The guard of every page: the same rights as the API's, told in a browser's way."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from equipoise.service.pages.frame.language import says_one, wished
from equipoise.service.platform.accounts.access import acts, lacks_second_factor, signed_in
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.accounts.services import principal_of, remember_language
from equipoise.texts.saying import speaking

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def may(action: Action) -> Callable[[Page[P]], Page[P]]:
    """Show the page to people who may do the action, in their language.

    Others log in first, or set up their second factor, or see that it is not for them. Within,
    `access.caller` and `access.reach` tell who they are. Django's CSRF check stands before it.
    """

    def guard(page: Page[P]) -> Page[P]:
        @wraps(page)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user = signed_in(request)
            if user is None:
                from django.contrib.auth.views import redirect_to_login  # with all its forms

                return redirect_to_login(request.get_full_path())
            if lacks_second_factor(user):
                return redirect("mfa_index")
            if not acts(request, principal_of(user), action):
                raise PermissionDenied
            language = wished(request)
            if says_one(request):
                remember_language(user, language)
            with speaking(language):
                return page(request, *args, **kwargs)

        return guarded

    return guard

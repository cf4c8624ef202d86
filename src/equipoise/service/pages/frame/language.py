"""Which language a person is spoken to: the one they chose, else the one their browser asks for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.utils.translation.trans_real import parse_accept_lang_header

from equipoise.texts.languages import look_up
from equipoise.texts.saying import our_languages, speaking

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]
COOKIE = "equipoise-language"
NAMES = {"en": "English", "zh": "简体中文"}
TAGS = {"zh": "zh-Hans"}  # what `lang` says of a page


def wished(request: HttpRequest) -> str:
    """The language for somebody of whom nothing else says it."""
    chosen = look_up(request.COOKIES.get(COOKIE, "")[:20], our_languages())
    if chosen:
        return chosen
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", "")[:200])
    known = (look_up(tag, our_languages()) for tag, _ in accepted)
    return next((each for each in known if each), our_languages()[0])


def says_one(request: HttpRequest) -> bool:
    """Whether a browser says in which language its person reads, or they chose one."""
    return bool(request.COOKIES.get(COOKIE) or request.headers.get("Accept-Language"))


def remember(response: HttpResponse, language: str) -> HttpResponse:
    """Have this browser ask for that language from now on."""
    response.set_cookie(COOKIE, language, max_age=31_536_000, httponly=True, samesite="Lax")
    return response


def in_ones_language(page: Page[P]) -> Callable[..., HttpResponse]:
    """A page in the language wished for, or the one chosen on it by a button."""

    @wraps(page)
    def spoken(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        chosen = speaks_anew(request)
        with speaking(chosen or wished(request)):
            response = page(request, *args, **kwargs)
        return remember(response, chosen) if chosen else response

    return spoken


def speaks_anew(request: HttpRequest) -> str:
    """The language whose button was pressed; empty where it was another one."""
    named = request.POST.get("go", "").removeprefix("language-")
    return named if named in our_languages() else ""
